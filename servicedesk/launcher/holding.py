"""One command at a time works on an installation's data. The holder notes how others can join in."""

import os
import time
from collections.abc import Mapping
from typing import Any

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import Refusal

# What `./desk manage` needs to reach the same database and broker as a running `./desk up`.
SHARED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "PUBLIC_URL", "HTTPS", "EMAIL_URL")


def take(layout: Layout, command: str, *, patience: float = 1.0) -> FileLock:
    """Hold the data of this installation, or refuse, naming who holds it."""
    lock = FileLock(layout.lock)
    deadline = time.monotonic() + patience
    while not lock.acquire():
        if time.monotonic() > deadline:
            raise Refusal(describe_holder(layout, lock.read()))
        time.sleep(0.05)
    lock.write({"pid": os.getpid(), "command": command})
    return lock


def holder(layout: Layout) -> dict[str, Any] | None:
    """The note of the command that holds the data; None when nobody does."""
    if not layout.lock.exists():
        return None
    with FileLock(layout.lock) as lock:
        return None if lock.acquire(shared=True) else lock.read()


def shared_environment(env: Mapping[str, str]) -> dict[str, str]:
    names = [*SHARED, *(f"{name}_FILE" for name in SHARED)]
    return {name: env[name] for name in names if name in env}


def describe_holder(layout: Layout, note: Mapping[str, Any]) -> str:
    who = f"process {note['pid']}" if "pid" in note else "another process"
    if note.get("command") == "up":
        where = f" at {note['address']}" if "address" in note else ""
        return (
            f"The service desk already runs{where} ({who}).\n"
            "Stop it with ./desk stop, or run a second one beside it: PORT=8001 DATA_DIR=/another/folder ./desk up"
        )
    return (
        f"./desk {note.get('command', '')} ({who}) is working on the data in {layout.data}.\n"
        "Wait until it has finished, or end it with ./desk stop."
    )
