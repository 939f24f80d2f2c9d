"""Mail servers that behave badly on purpose: a real one on a socket, and two backends that end at the wrong moment."""

import socketserver
import threading

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Memory


class Talk(socketserver.StreamRequestHandler):
    """One SMTP conversation. `server.says` maps a command, or a command and its argument, to the answer."""

    def handle(self) -> None:
        self.answer(self.server.says.get("CONNECT", "220 ready"))
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words.split(" ")[0].upper()
            found = self.server.says.get(words) or self.server.says.get(command) or "250 fine"
            if found == "HANG UP":
                return
            if command == "DATA" and found.startswith("250"):
                self.answer("354 go on")
                self.server.taken.append(self.read_data())
                self.answer(self.server.says.get("END OF DATA", "250 taken"))
            else:
                self.answer(found)
            if command == "QUIT":
                return

    def answer(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def read_data(self) -> str:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        return "".join(lines)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.says: dict[str, str] = {}
        self.taken: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class PoweredOff(BaseException):
    """What a test raises where a killed worker would simply stop."""


class DiesAfterSending(Memory):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise PoweredOff


class DiesBeforeSending(BaseEmailBackend):
    def send_messages(self, messages):
        raise PoweredOff


class HangsUpRudely(Memory):
    def close(self):
        raise ConnectionResetError
