"""The environment, made for real from lists that name no package, so that nothing is fetched."""

import json
import subprocess
import sys

import pytest

from servicedesk.launcher import environment
from servicedesk.launcher.environment import NODE, RUN, TEST, Environment
from servicedesk.launcher.messages import Refusal


@pytest.fixture
def checkout(layout):
    for name in (RUN, TEST, NODE):
        (layout.root / name).write_text(f"# nothing, said by {name}\n")
    return layout


@pytest.fixture
def ensure(checkout):
    """ensure(RUN): what one ./desk does; the lock is given back after the test."""
    made = []

    def run(lock_file):
        made.append(Environment(checkout))
        made[-1].ensure(lock_file)

    def let_go():
        while made:
            made.pop().let_go()

    run.let_go = let_go
    yield run
    let_go()


def test_it_is_made_once_then_kept_then_added_to_and_not_remade_while_in_use(ensure, checkout, capfd, monkeypatch):
    ensure(RUN)
    assert subprocess.run([checkout.python, "-c", "import pip"], check=False).returncode == 0
    assert "Installing Python packages" in capfd.readouterr().err
    born = checkout.python.lstat().st_ctime_ns

    ensure(RUN)
    assert capfd.readouterr().err == ""
    ensure(TEST)
    assert capfd.readouterr().err == "Installing the test tools …\n"
    ensure(RUN)
    ensure(TEST)
    assert capfd.readouterr().err == ""

    (checkout.root / RUN).write_text("# another list\n")
    monkeypatch.setattr(environment, "_PATIENCE", 0.1)
    with pytest.raises(Refusal, match=r"has changed, but another ./desk is using the installed ones"):
        ensure(RUN)
    assert checkout.python.lstat().st_ctime_ns == born


@pytest.mark.long
def test_a_half_made_one_is_made_anew_and_one_that_failed_too(ensure, checkout):
    (checkout.venv / "bin").mkdir(parents=True)
    (checkout.venv / "left behind").write_text("")
    (checkout.root / TEST).write_text(f"pip==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(Refusal, match="The Python packages could not be installed"):
        ensure(TEST)
    assert not (checkout.venv / "servicedesk.json").exists()
    ensure.let_go()
    (checkout.root / TEST).write_text("# mended\n")

    ensure(TEST)

    assert not (checkout.venv / "left behind").exists()
    noted = json.loads((checkout.venv / "servicedesk.json").read_text())
    assert sorted(noted["locks"]) == [TEST, RUN]


def test_a_python_without_its_venv_parts_is_told_what_to_install(ensure, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Refusal, match="apt-get install python3-venv"):
        ensure(RUN)
