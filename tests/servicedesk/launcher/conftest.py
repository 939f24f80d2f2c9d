"""Folders and children of a launcher that works beside the real one."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.processes import Child
from servicedesk.launcher.steps import child_environment


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty checkout with an empty data folder in it."""
    made = Layout(root=tmp_path / "checkout", data=tmp_path / "checkout" / ".run")
    made.make_folders()
    return made


@pytest.fixture
def child(layout: Layout) -> Iterator[Callable[..., Child]]:
    """child("sleep", "60") → a Child that is not started yet; whatever is left of it is ended after the test."""
    made: list[Child] = []

    def make(*command: object, name: str = "worker", **more: object) -> Child:
        log = layout.logs / f"{name}.log"
        made.append(Child(name, command, child_environment(), log, layout.data, **{"patience": 5.0, **more}))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """small_disk("6m") → the folder of a file system of that size."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / f"disk-{size}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
