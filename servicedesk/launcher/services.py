"""PostgreSQL and Valkey for a command: the addresses given in the environment, or embedded ones of our own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from servicedesk.launcher.cluster import Cluster, find_binaries
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.postgres import start_postgres
from servicedesk.launcher.steps import child_environment
from servicedesk.launcher.supervision import Supervisor
from servicedesk.launcher.valkey import ValkeyFolder, find_server, start_valkey

# Throw-away servers forget everything at the end, so they need not wait for the disk.
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def given(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this address comes from the environment, directly or from a file of secrets."""
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def start_services(
    layout: Layout,
    supervisor: Supervisor,
    folder: Path,
    *,
    options: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Start what is not given, with its data under `folder`; answer the addresses of what was started."""
    addresses: dict[str, str] = {}
    env = child_environment(environ)
    if not given("DATABASE_URL", environ):
        cluster = Cluster.under(folder, layout.logs, find_binaries(layout.venv, environ))
        child, addresses["DATABASE_URL"] = start_postgres(cluster, env, options)
        supervisor.keep(child, vital=True)
    if not given("REDIS_URL", environ):
        child, addresses["REDIS_URL"] = start_valkey(
            ValkeyFolder.under(folder, layout.logs), find_server(layout.venv), env
        )
        supervisor.keep(child)
    return addresses
