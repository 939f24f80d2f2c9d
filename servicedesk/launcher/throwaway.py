"""PostgreSQL and Valkey that live only as long as one command, for tests, checks and measurements."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.services import start_services
from servicedesk.launcher.stopping import stopping_is_deaf, stopping_raises
from servicedesk.launcher.supervision import Supervisor


class ThrowAway:
    """A temporary data folder, and servers in it once they are asked for."""

    def __init__(self, layout: Layout, supervisor: Supervisor) -> None:
        self.layout = layout
        self._supervisor = supervisor

    def start_services(self, options: Sequence[str]) -> dict[str, str]:
        """The addresses of the servers started; those given in the environment are used as they are."""
        return start_services(self.layout, self._supervisor, self.layout.data, options=options)


@contextlib.contextmanager
def throw_away(layout: Layout) -> Iterator[ThrowAway]:
    """Nothing that the command leaves in the folder stays, however it ends."""
    elsewhere = Layout(root=layout.root, data=Path(tempfile.mkdtemp(prefix="servicedesk-")))
    supervisor = Supervisor(elsewhere.children)
    try:
        with stopping_raises():
            elsewhere.make_folders()
            yield ThrowAway(elsewhere, supervisor)
    finally:
        with stopping_is_deaf(supervisor.kill_all):
            supervisor.stop_all()
            shutil.rmtree(elsewhere.data, ignore_errors=True)
