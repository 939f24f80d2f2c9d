"""`./desk status`, `stop` and `reset`."""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from servicedesk.launcher import holding
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.messages import Refusal, answer, say
from servicedesk.launcher.processes import clear_up, recall
from servicedesk.launcher.services import given

_NOT_RUNNING = 3  # the code that service managers use for it
_PATIENCE = 90.0


def status(layout: Layout) -> int:
    """What runs, where, and where its data and logs are."""
    note = holding.holder(layout)
    if note is None:
        there = f"Data: {layout.data}" if layout.data.exists() else "There is no data yet."
        orphans = ", ".join(name for name, _pid in recall(layout.children))
        left = f"A killed run has left behind: {orphans}. End it with ./desk stop. " if orphans else "Nothing runs. "
        answer(f"{left}{there}")
        return _NOT_RUNNING
    if note.get("command") != "up":
        answer(f"./desk {note.get('command', 'command')} is running (process {note.get('pid', 'unknown')}).")
        return 0
    if "address" not in note:
        answer(f"The service desk is starting (process {note['pid']}).")
        return 0
    since = _ago(time.time() - note["since"])
    answer(f"The service desk runs at {note['address']} (process {note['pid']}, for {since}).")
    for name, pid in recall(layout.children):
        answer(f"  {name:<16} process {pid}")
    answer(f"Data: {layout.data}   Logs: {layout.logs}")
    return 0


def stop(layout: Layout) -> int:
    """Stop the running command and wait until everything it had started has ended."""
    note = holding.holder(layout)
    if note is None:
        orphans = clear_up(layout.children) if layout.children.exists() else []
        left = f"Stopped what a killed run had left behind: {', '.join(orphans)}."
        answer(left if orphans else "Nothing was running.")
        return 0
    if "pid" not in note:
        raise Refusal("Another ./desk is just starting or ending. Try again in a moment.")
    with suppress(ProcessLookupError):
        os.kill(note["pid"], signal.SIGTERM)
    say(f"Stopping ./desk {note.get('command', '')} (process {note['pid']}) …")
    deadline = time.monotonic() + _PATIENCE
    while holding.holder(layout) is not None:
        if time.monotonic() > deadline:
            raise Refusal(
                f"It has not stopped after {_PATIENCE:.0f} seconds.\n"
                f"To force it: kill -9 {note['pid']}, then ./desk stop."
            )
        time.sleep(0.1)
    answer("Stopped. The data is kept.")
    return 0


def reset(layout: Layout, *, sure: bool = False) -> int:
    """Delete the data of this installation, after asking. A database of your own is not touched."""
    if not layout.data.exists():
        answer("There is no data to delete.")
        return 0
    if not layout.marker.exists():
        raise Refusal(f"{layout.data} was not made by ./desk, so it is left alone. Delete it yourself if you are sure.")
    lock = holding.take(layout, "reset")
    if given("DATABASE_URL"):
        say("DATABASE_URL points at a database of your own: it is not touched, only the files are deleted.")
    if not sure and not _confirmed(layout.data):
        answer("Nothing was deleted.")
        return 1
    clear_up(layout.children)
    for entry in layout.data.iterdir():
        if entry not in (layout.lock, layout.marker):
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    lock.release()
    layout.lock.unlink(missing_ok=True)
    answer(f"Deleted everything in {layout.data}. The next ./desk up starts anew.")
    return 0


def _confirmed(folder: Path) -> bool:
    if not sys.stdin.isatty():
        raise Refusal("To delete without being asked: ./desk reset --yes")
    say(f"This deletes all requests, files and accounts in {folder}.")
    return input("Type yes to go on: ").strip().lower() == "yes"


def _ago(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"
