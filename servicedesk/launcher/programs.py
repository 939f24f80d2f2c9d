"""The commands that make up the running product. The containers run the same ones."""

import signal
from collections.abc import Mapping
from pathlib import Path

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.processes import Child
from servicedesk.launcher.product import manage_py

# Two workers, so that a slow mail or web hook never stands before a figure.
WORKERS = {"worker": ("interactive,figures", 2), "outside worker": ("outside", 1)}


def web(layout: Layout, env: Mapping[str, str], host: str, port: int) -> Child:
    """The production server, told where to listen by its configuration file's environment."""
    configuration = layout.root / "deploy" / "gunicorn.conf.py"
    command = [layout.python, "-m", "gunicorn", "--config", configuration, "servicedesk.wsgi"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return _child(layout, "web", command, {**env, "BIND": bind}, patience=35)


def worker(layout: Layout, env: Mapping[str, str], name: str) -> Child:
    """One Celery worker, for the queues of its name."""
    queues, processes = WORKERS[name]
    words = ["--queues", queues, "--concurrency", processes, "--hostname", f"{name.split()[0]}@%h"]
    return _child(layout, name, _celery(layout, "worker", *words, "--without-gossip", "--without-mingle"), env)


def beat(layout: Layout, env: Mapping[str, str]) -> Child:
    return _child(layout, "beat", _celery(layout, "beat", "--pidfile", ""), env)


def demo(layout: Layout, env: Mapping[str, str]) -> Child:
    """Loads the demo company and ends."""
    return _child(layout, "demo", manage_py(layout, "demo"), env)


def _celery(layout: Layout, *words: object) -> list[object]:
    return [layout.python, "-m", "celery", "--app", "servicedesk", "--quiet", *words]


def _child(layout: Layout, name: str, command: list[object], env: Mapping[str, str], patience: float = 20) -> Child:
    log: Path = layout.logs / f"{name.replace(' ', '-')}.log"
    words = [str(word) for word in command]
    return Child(
        name=name, command=words, env=env, log=log, folder=layout.root, stop_signal=signal.SIGTERM, patience=patience
    )
