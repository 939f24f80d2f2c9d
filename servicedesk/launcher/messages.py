"""What the launcher says: plain sentences, never a traceback."""

import contextlib
import errno
import sys
from collections.abc import Iterable
from pathlib import Path

DISK_FULL_WORDS = "No space left on device"


class Refusal(Exception):
    """The command cannot go on. The text says what happened and what to do about it."""


def say(sentence: str) -> None:
    """Progress. On stderr, so that stdout carries only what a command was asked for."""
    with contextlib.suppress(OSError):  # the terminal may be gone; the work goes on
        print(sentence, file=sys.stderr, flush=True)


def answer(sentence: str) -> None:
    """What the command was asked for."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


def disk_full(folder: Path) -> Refusal:
    return Refusal(
        f"The disk that holds {folder} is full.\n"
        "Free some space, or keep the data elsewhere: DATA_DIR=/path/with/space ./desk up"
    )


def refusal_for(error: OSError, data: Path) -> Refusal:
    """An error of the operating system in words; `data` is where it happened when the error itself does not say."""
    where = error.filename or data
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(Path(where))
    if isinstance(error, NotADirectoryError | FileExistsError):
        return Refusal(f"{where} is not a folder.\nSet DATA_DIR to a folder, or to a name that is not taken.")
    if isinstance(error, PermissionError):
        return Refusal(
            f"{where} belongs to somebody else ({error.strerror}).\n"
            "Run ./desk as its owner, or set DATA_DIR to a folder of yours."
        )
    if error.errno == errno.EROFS:
        return Refusal(
            f"{where} cannot be written: the file system is read-only.\nSet DATA_DIR to a folder that can be written."
        )
    return Refusal(f"The operating system refused: {error.strerror or error} ({where}).")


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log file, indented, for a message that has to explain a failure."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        lines = []
    return indented(lines)


def said_since(log: Path, seen: int) -> str:
    """What a program has written after this position of its log."""
    with log.open("rb") as file:
        file.seek(seen)
        return file.read().decode(errors="replace")


def indented(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
