"""One-time commands of the set-up: run with their output in a log, explained when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, last_lines, said_since
from servicedesk.launcher.processes import end_with_parent

# Python's own switches that would slow down or mislead every process we start.
_UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_REQUIRE_VIRTUALENV")


def child_environment(environ: Mapping[str, str] = os.environ, /, **more: str) -> dict[str, str]:
    """What every child inherits: ours, less what would mislead it."""
    kept = {name: value for name, value in environ.items() if name not in _UNWANTED}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def run_step(command: Sequence[object], *, log: Path, folder: Path, env: Mapping[str, str], failure: str) -> None:
    """Run to the end, or refuse with `failure`, the end of the log and, for a full disk, the real reason."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        seen = output.tell()
        code = run_quietly(command, folder=folder, env=env, output=output)
    if not code:
        return
    if DISK_FULL_WORDS in said_since(log, seen):
        raise disk_full(folder)
    raise Refusal(f"{failure}\nThe end of {log}:\n{last_lines(log)}")


def run_quietly(
    command: Sequence[object], *, folder: Path, env: Mapping[str, str], output: object = subprocess.DEVNULL
) -> int:
    """Run in a session of its own, so that Ctrl-C reaches only us; end it when we are interrupted."""
    process = subprocess.Popen(
        [*end_with_parent(), *map(str, command)],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,  # type: ignore[call-overload]
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return int(process.wait())
    except BaseException:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
