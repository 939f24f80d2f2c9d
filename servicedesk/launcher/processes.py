"""Child processes: each in a session of its own, told to end when the launcher dies, stopped politely first."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from servicedesk.launcher.stamps import put

PRIVATE = 0o077  # files of the product are its owner's alone


@dataclass(frozen=True)
class Disguise:
    """How a program that refuses to run as root is started: words put before it, and another user."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


@dataclass
class Child:
    """One running program of ours."""

    name: str
    command: Sequence[object]
    env: Mapping[str, str]
    log: Path
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    disguise: Disguise = field(default_factory=Disguise)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. Call from the main thread: the kernel ends it with the *thread* that started it."""
        disguise = self.disguise
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*disguise.prefix, *end_with_parent(self.stop_signal), *map(str, self.command)],
                env=dict(self.env),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=PRIVATE,
                user=disguise.uid,
                group=disguise.gid,
                extra_groups=None if disguise.uid is None else [],
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs; a negative number is the signal that ended it."""
        return self.process.poll() if self.process else 0

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_for_stop(self) -> None:
        """Wait for the end that was asked for; after `patience` seconds it is forced."""
        if not self.process:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self.process:
            kill_group(self.process.pid)
            self.process.wait()


@cache
def _setpriv() -> str | None:
    """The Linux tool that ties a child's life to its parent's, if this machine has it."""
    found = shutil.which("setpriv")
    if not found or subprocess.run([found, "--pdeathsig", "TERM", "true"], capture_output=True, check=False).returncode:
        return None
    return found


def end_with_parent(stop_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """Words before a command that let the kernel stop it when the launcher is killed."""
    tool = _setpriv()
    return [tool, "--pdeathsig", stop_signal.name.removeprefix("SIG")] if tool else []


def kill_group(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def birth(pid: int) -> str:
    """When a process began, a token that tells it from a later one with its number; '' when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        pass
    if Path("/proc/self/stat").exists() or not shutil.which("ps"):
        return ""
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def remember(file: Path, children: Sequence[Child]) -> None:
    """Note who runs, for `./desk status` and for clearing up after a killed launcher."""
    running = [child for child in children if child.process and child.exit_code is None]
    put(
        file,
        json.dumps(
            [{"name": c.name, "pid": c.process.pid, "born": birth(c.process.pid)} for c in running if c.process]
        ),
    )


def recall(file: Path) -> list[tuple[str, int]]:
    """Name and number of the noted processes that are still the same and alive."""
    try:
        notes = json.loads(file.read_text())
        return [(n["name"], n["pid"]) for n in notes if n["born"] and birth(n["pid"]) == n["born"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def clear_up(file: Path, *, patience: float = 10.0) -> list[str]:
    """Stop what a killed launcher left behind, last started first; answer the names."""
    orphans = list(reversed(recall(file)))
    for name, pid in orphans:
        kill_group(pid, signal.SIGINT if name == "database" else signal.SIGTERM)
    deadline = time.monotonic() + patience
    while recall(file) and time.monotonic() < deadline:
        time.sleep(0.1)
    for _name, pid in recall(file):
        kill_group(pid)
    file.unlink(missing_ok=True)
    return [name for name, _pid in orphans]
