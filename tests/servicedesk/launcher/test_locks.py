import subprocess
import sys

import pytest

from servicedesk.launcher.locks import FileLock


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.lock"


def test_only_one_holds_it(path):
    with FileLock(path) as one, FileLock(path) as two:
        assert one.acquire()
        assert not two.acquire()
        one.unlock()
        assert two.acquire()


def test_many_share_it_but_none_of_them_can_take_it_alone(path):
    with FileLock(path) as one, FileLock(path) as two:
        assert one.acquire(shared=True)
        assert two.acquire(shared=True)
        assert not two.acquire()


def test_it_vanishes_with_its_holder(path):
    hold = (
        f"from pathlib import Path; from servicedesk.launcher.locks import FileLock; l = FileLock(Path({str(path)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{hold}; print(l.acquire(), flush=True); import time; time.sleep(60)"],
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "True\n"
        with FileLock(path) as lock:
            assert not lock.acquire()
            holder.kill()
            holder.wait()
            assert lock.acquire()


def test_the_note_is_for_others_to_read_and_replaced_whole(path):
    with FileLock(path) as holder, FileLock(path) as reader:
        holder.write({"pid": 1, "command": "manage import_history"})
        holder.write({"pid": 2})
        assert reader.read() == {"pid": 2}


@pytest.mark.parametrize("text", ["", "{", "[1]", "null"])
def test_a_note_that_is_none_reads_as_empty(path, text):
    with FileLock(path) as lock:
        path.write_text(text)
        assert lock.read() == {}


def test_only_the_owner_may_read_the_note(path):
    with FileLock(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_waiting_tells_once_and_only_when_it_has_to(path):
    told = []
    with FileLock(path) as one, FileLock(path) as two:
        one.wait(on_wait=lambda: told.append("not needed"))
        two.wait(shared=False, on_wait=lambda: (told.append("needed"), one.unlock()))
    assert told == ["needed"]
