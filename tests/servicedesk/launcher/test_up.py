"""`./desk up` as a person uses it: the very script, its own database and broker, a data folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from servicedesk.launcher.http import status_of
from servicedesk.launcher.layout import CHECKOUT
from servicedesk.launcher.ports import free_port
from servicedesk.launcher.processes import recall
from servicedesk.launcher.steps import child_environment

READY = "The service desk is ready"
STARTING = 240  # the first time on a machine, packages are installed
PROGRAMS = ["database", "broker", "web", "worker", "outside worker", "beat"]


class Desk:
    """One installation, and what its ./desk says."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port, self.said = folder / "data", free_port(), folder / "said"
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_URL", "REDIS_URL", "DJANGO_", "TEST_"))
        }
        self.env = child_environment(kept, DATA_DIR=str(self.data), PORT=str(self.port), DEMO="0")
        self.running: subprocess.Popen | None = None

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(CHECKOUT / "desk"), *words]
        return subprocess.run(
            command, env={**self.env, **env}, capture_output=True, text=True, check=False, timeout=STARTING
        )

    def up(self) -> None:
        with self.said.open("wb") as said:
            command = [sys.executable, str(CHECKOUT / "desk"), "up"]
            self.running = subprocess.Popen(command, env=self.env, stdout=said, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + STARTING
        while READY not in self.said.read_text() and self.running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert READY in self.said.read_text(), self.said.read_text()

    def processes(self) -> dict[str, int]:
        return dict(recall(self.data / "children.json"))

    def leftovers(self) -> list[str]:
        """Every process of this installation, found by the environment it was given."""
        found, mark = [], f"DATA_DIR={self.data}\0".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_text().replace("\0", " "))
        return found

    def end(self, how: signal.Signals) -> int:
        self.running.send_signal(how)
        return self.running.wait(60)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    if made.running and made.running.poll() is None:
        made.end(signal.SIGTERM)


@pytest.fixture
def without_setpriv(desk, tmp_path):
    """A machine without the tool that ends children with their parent, as macOS is one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("unshare", "true", "test", "ps", "node", "npm"):
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    desk.env["PATH"] = str(folder)


def within(seconds, true):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


def test_up_runs_everything_lets_commands_join_and_stops_cleanly(desk):
    desk.up()
    assert status_of("127.0.0.1", desk.port, "/health/live") == 200
    assert status_of("127.0.0.1", desk.port, "/health/ready") == 200
    assert list(desk.processes()) == PROGRAMS

    second = desk.run("up")
    assert (second.returncode, second.stdout) == (1, "")
    assert f"already runs at http://localhost:{desk.port}" in second.stderr
    beside = desk.run("up", DATA_DIR=str(desk.data.with_name("other")))
    assert f"Port {desk.port} is taken by another program." in beside.stderr

    joined = desk.run(
        "manage", "shell", "--no-imports", "-c", "from django.conf import settings; print(settings.DEBUG)"
    )
    assert (joined.returncode, joined.stdout, joined.stderr) == (0, "False\n", "")
    assert desk.run("manage", "no_such_command").returncode == 1
    assert f"runs at http://localhost:{desk.port}" in desk.run("status").stdout

    stopped = desk.run("stop")
    assert (stopped.returncode, stopped.stdout) == (0, "Stopped. The data is kept.\n")
    assert desk.running.wait(10) == 0
    assert desk.leftovers() == []
    assert desk.said.read_text().endswith("Everything is stopped. The data is kept.\n")

    alone = desk.run("manage", "shell", "--no-imports", "-c", "print('alone')")
    assert (alone.returncode, alone.stdout) == (0, "alone\n")
    assert desk.run("status").returncode == 3


@pytest.mark.fault
@pytest.mark.long
def test_up_survives_killed_programs_and_a_killed_launcher_leaves_nothing(desk):
    desk.up()
    first = desk.processes()
    for name in ("broker", "web", "worker", "beat"):
        os.kill(first[name], signal.SIGKILL)
    assert within(30, lambda: sorted(desk.processes()) == sorted(PROGRAMS) and desk.processes()["web"] != first["web"])
    second = desk.processes()
    assert {name for name in PROGRAMS if first[name] == second[name]} == {"database", "outside worker"}
    assert within(30, lambda: status_of("127.0.0.1", desk.port, "/health/ready") == 200)

    desk.end(signal.SIGKILL)
    assert within(10, lambda: desk.leftovers() == [])

    desk.up()
    os.kill(desk.processes()["database"], signal.SIGKILL)
    assert desk.running.wait(60) == 1
    assert "The database was ended by signal SIGKILL, so everything else was stopped." in desk.said.read_text()
    assert within(5, lambda: desk.leftovers() == [])

    desk.up()
    assert desk.end(signal.SIGINT) == 0
    assert "Stopping (Ctrl-C)" in desk.said.read_text()
    assert desk.leftovers() == []


@pytest.mark.long
@pytest.mark.fault
def test_what_a_killed_launcher_leaves_is_cleared_up_by_the_next_one(desk, without_setpriv):
    desk.up()
    desk.end(signal.SIGKILL)
    assert len(desk.leftovers()) > len(PROGRAMS)
    assert "A killed run has left behind: database, broker, web, worker" in desk.run("status").stdout

    desk.up()
    names = ", ".join(reversed(PROGRAMS))
    assert f"An earlier run was killed; stopped what it left behind: {names}." in desk.said.read_text()
    desk.end(signal.SIGKILL)

    assert desk.run("stop").stdout == f"Stopped what a killed run had left behind: {names}.\n"
    assert within(10, lambda: desk.leftovers() == [])
