"""`./desk manage COMMAND …`: any management command, beside a running `./desk up` or without one."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence

from servicedesk.launcher.environment import RUN, Environment
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import Refusal, say
from servicedesk.launcher.processes import PRIVATE, clear_up, end_with_parent
from servicedesk.launcher.product import compile_catalogues, manage_py, prepare, product_environment
from servicedesk.launcher.services import given, start_services
from servicedesk.launcher.stopping import stopping_is_deaf
from servicedesk.launcher.supervision import Supervisor

# These work on an empty database; before any other command, a new one is migrated.
_BEFORE_MIGRATION = ("prepare", "migrate", "makemigrations", "showmigrations", "sqlmigrate", "check", "help", "restore")
_STARTING = 120.0


def manage(layout: Layout, words: Sequence[str]) -> int:
    """Run `manage.py` with these words; answer its exit code."""
    layout.make_folders()
    environment = Environment(layout)
    environment.ensure(RUN)
    lock = _lock_or_join(layout, words)
    if isinstance(lock, dict):
        return run_in_foreground(layout, words, {**product_environment(layout, {}), **lock})
    with lock, _services(layout) as (addresses, fresh):
        env = product_environment(layout, addresses)
        compile_catalogues(layout, env)
        if fresh and words[:1] and words[0] not in _BEFORE_MIGRATION:
            say("Preparing the new database …")
            prepare(layout, env, static=False)
        return run_in_foreground(layout, words, env)


def _lock_or_join(layout: Layout, words: Sequence[str]) -> FileLock | dict[str, str]:
    """The lock on the data, or the environment of the `./desk up` that holds it."""
    told, deadline = False, time.monotonic() + _STARTING
    while True:
        lock = FileLock(layout.lock)
        if lock.acquire():
            lock.write({"pid": os.getpid(), "command": f"manage {words[0] if words else ''}".strip()})
            return lock
        note = lock.read()
        lock.release()
        if "environment" in note:
            return dict(note["environment"])
        if note.get("command") == "up" and time.monotonic() > deadline:
            raise Refusal("The running ./desk up has not come so far that commands can join it. Try again later.")
        if not told:
            say(f"Waiting for ./desk {note.get('command', '')} …")
            told = True
        time.sleep(0.2)


@contextlib.contextmanager
def _services(layout: Layout) -> Iterator[tuple[dict[str, str], bool]]:
    """Our own services for the duration of the command, and whether the database is new."""
    clear_up(layout.children)
    fresh = not given("DATABASE_URL") and not (layout.data / "postgres" / "PG_VERSION").exists()
    supervisor = Supervisor(layout.children)
    try:
        yield start_services(layout, supervisor, layout.data), fresh
    finally:
        with stopping_is_deaf(supervisor.kill_all):
            supervisor.stop_all()


def run_in_foreground(layout: Layout, words: Sequence[str], env: Mapping[str, str]) -> int:
    """The command owns the terminal: it reads our input, and Ctrl-C is its to handle."""
    command = [*end_with_parent(), *map(str, manage_py(layout, *words))]
    process = subprocess.Popen(command, env=dict(env), umask=PRIVATE)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGQUIT)}
    before[signal.SIGTERM] = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
