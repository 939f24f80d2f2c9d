"""File locks that vanish with the process that holds them, so no crash leaves one behind."""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class FileLock:
    """An advisory lock on one file; the file's content is a note of its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, *, shared: bool = False) -> bool:
        """Take the lock, or turn a held one into the other kind; False when others stand in the way."""
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(self, *, shared: bool = False, on_wait: Callable[[], None] = lambda: None) -> None:
        """Take the lock, however long that takes; `on_wait` is called once if it is not at once."""
        if not self.acquire(shared=shared):
            on_wait()
            while not self.acquire(shared=shared):
                time.sleep(0.2)

    def write(self, note: dict[str, Any]) -> None:
        """Replace the note; a reader who meets it half-written reads nothing and asks again."""
        text = json.dumps(note).encode()
        os.pwrite(self._handle, text, 0)
        os.ftruncate(self._handle, len(text))

    def read(self) -> dict[str, Any]:
        """The holder's note; empty while it is being written or when there is none."""
        try:
            note = json.loads(self.path.read_text() or "{}")
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def unlock(self) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
