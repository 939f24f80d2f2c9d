import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from servicedesk.launcher.processes import birth, clear_up, end_with_parent, recall, remember

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def wait_for(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def test_a_child_runs_writes_its_log_and_stops_when_asked(child):
    one = child(sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
    one.start()
    assert one.exit_code is None
    assert wait_for(lambda: one.log.read_text() == "up\n")

    one.ask_to_stop()
    one.wait_for_stop()

    assert one.exit_code == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_ended_after_its_patience(child):
    one = child(sys.executable, "-c", STUBBORN, patience=0.3)
    one.start()
    assert wait_for(lambda: one.log.read_text() == "up\n")

    one.ask_to_stop()
    one.wait_for_stop()

    assert one.exit_code == -signal.SIGKILL


def test_files_of_a_child_are_its_owners_alone(child, layout):
    one = child("touch", layout.data / "secret")
    one.start()
    one.process.wait()
    assert (layout.data / "secret").stat().st_mode & 0o777 == 0o600


def test_ctrl_c_in_the_terminal_does_not_reach_a_child(child):
    one = child("sleep", "60")
    one.start()
    assert os.getsid(one.process.pid) == one.process.pid


@pytest.mark.skipif(not end_with_parent(), reason="setpriv is Linux only; elsewhere the next start clears up")
def test_children_end_with_a_launcher_that_was_killed(tmp_path):
    told = tmp_path / "pid"
    words = [*end_with_parent(signal.SIGTERM), "sleep", "60"]
    script = f"import pathlib, subprocess, time; pid = subprocess.Popen({words!r}).pid"
    script += f"; pathlib.Path({str(told)!r}).write_text(str(pid)); time.sleep(60)"
    launcher = subprocess.Popen([sys.executable, "-c", script])
    assert wait_for(lambda: told.exists() and told.read_text() != "")
    orphan = int(told.read_text())
    # Its own words name sleep before it has become it; only then has the kernel been told to end it.
    assert wait_for(lambda: Path(f"/proc/{orphan}/comm").read_text() == "sleep\n")

    launcher.kill()
    launcher.wait()

    assert wait_for(lambda: birth(orphan) == "")


def test_birth_tells_a_process_from_a_later_one_with_its_number(child):
    one = child("sleep", "60")
    one.start()
    assert birth(one.process.pid) == birth(one.process.pid) != ""
    one.kill()
    assert birth(one.process.pid) == ""


def test_what_a_killed_launcher_left_is_stopped_and_named(child, layout):
    one, other = child("sleep", "60", name="web"), child(sys.executable, "-c", STUBBORN, name="worker")
    for each in (one, other):
        each.start()
    assert wait_for(lambda: other.log.read_text() == "up\n")
    remember(layout.children, [one, other])
    assert [name for name, _pid in recall(layout.children)] == ["web", "worker"]

    assert clear_up(layout.children, patience=0.5) == ["worker", "web"]

    assert one.process.wait(5) == -signal.SIGTERM
    assert other.process.wait(5) == -signal.SIGKILL
    assert not layout.children.exists()


def test_a_reused_process_number_is_left_alone(child, layout):
    one = child("sleep", "60")
    one.start()
    layout.children.write_text(json.dumps([{"name": "web", "pid": one.process.pid, "born": "earlier"}]))

    assert clear_up(layout.children) == []

    assert one.exit_code is None


@pytest.mark.parametrize("text", ["", "{", "[{}]", "[1]", "{}"])
def test_a_damaged_note_names_nobody(layout, text):
    layout.children.write_text(text)
    assert recall(layout.children) == []
