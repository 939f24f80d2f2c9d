"""Keeps the programs of one installation running and stops them in order."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, last_lines, say
from servicedesk.launcher.processes import Child, remember

LONGEST_PAUSE = 60.0
CALM = 60.0  # a program that has run this long is healthy again: its next pause starts small
LOG_LIMIT = 20 * 1024 * 1024


@dataclass
class Kept:
    """One program under supervision. A vital one (the database) is not restarted: its end ends everything."""

    child: Child
    vital: bool = False
    pause: float = 0.0
    began: float = field(default_factory=time.monotonic)
    due: float | None = None


class Supervisor:
    """Starts, watches and stops children. All calls come from the main thread."""

    def __init__(self, note: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._note = note
        self._clock = clock
        self.kept: list[Kept] = []

    def keep(self, child: Child, *, vital: bool = False) -> None:
        """Watch this program from now on; it is started unless it already runs."""
        if child.process is None:
            child.start()
        self.kept.append(Kept(child=child, vital=vital, began=self._clock()))
        self._remember()

    def look(self) -> None:
        """One round: restart what ended, after a pause that doubles; refuse to go on without a vital program."""
        now = self._clock()
        for kept in self.kept:
            if kept.due is not None:
                if now >= kept.due:
                    self._restart(kept, now)
            elif (code := kept.child.exit_code) is not None:
                self._plan_restart(kept, code, now)
            elif now - kept.began > CALM:
                kept.pause = 0.0
            cap_log(kept.child.log)

    def _plan_restart(self, kept: Kept, code: int, now: float) -> None:
        child, how = kept.child, describe_end(code)
        if kept.vital:
            end = last_lines(child.log, 8)
            if DISK_FULL_WORDS in end:
                raise disk_full(child.folder)
            raise Refusal(
                f"The {child.name} {how}, so everything else was stopped. No acknowledged work is lost.\n"
                f"Start again with ./desk up. The end of {child.log}:\n{end}"
            )
        kept.due = now + kept.pause
        when = f"in {kept.pause:.0f} seconds" if kept.pause else "at once"
        say(f"The {child.name} {how}; it is started again {when}. Log: {child.log}")
        kept.pause = min(max(kept.pause * 2, 1.0), LONGEST_PAUSE)

    def _restart(self, kept: Kept, now: float) -> None:
        kept.due = None
        kept.began = now
        kept.child.start()
        self._remember()

    def stop(self, *names: str) -> None:
        """Ask these to stop, all at once, and wait for them; without names, stop everything, last started first."""
        chosen = [kept for kept in self.kept if kept.child.name in names]
        for kept in reversed(chosen):
            kept.child.ask_to_stop()
        for kept in reversed(chosen):
            kept.child.wait_for_stop()
        self.kept = [kept for kept in self.kept if kept not in chosen]
        self._remember()

    def stop_all(self) -> None:
        """Programs that only work (beat, workers) together; then web, broker and database, each after the other."""
        last = [name for name in ("database", "broker", "web") if any(k.child.name == name for k in self.kept)]
        self.stop(*(kept.child.name for kept in self.kept if kept.child.name not in last))
        for name in reversed(last):
            self.stop(name)
        self._note.unlink(missing_ok=True)

    def kill_all(self) -> None:
        for kept in reversed(self.kept):
            kept.child.kill()

    def _remember(self) -> None:
        """A note for others. A full disk must not bring down what still runs because of it."""
        with suppress(OSError):
            remember(self._note, [kept.child for kept in self.kept])


def describe_end(code: int) -> str:
    """An exit code in words."""
    if code == 0:
        return "ended"
    if code > 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"was ended by signal {name}"


def cap_log(log: Path, limit: int = LOG_LIMIT) -> None:
    """Keep one older part; the program goes on writing to the same, emptied file."""
    with suppress(OSError):
        if log.stat().st_size > limit:
            log.with_name(log.name + ".1").write_bytes(log.read_bytes())
            os.truncate(log, 0)
