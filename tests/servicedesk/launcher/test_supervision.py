import signal
import time

import pytest

from servicedesk.launcher.messages import Refusal
from servicedesk.launcher.processes import recall
from servicedesk.launcher.supervision import CALM, Supervisor, cap_log, describe_end


class Clock:
    """Time that passes only when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def supervisor(layout, clock):
    return Supervisor(layout.children, clock)


def end(child):
    child.process.kill()
    child.process.wait()


def test_what_is_kept_runs_and_is_noted(supervisor, layout, child):
    supervisor.keep(child("sleep", "60", name="beat"))
    assert [name for name, _pid in recall(layout.children)] == ["beat"]


def test_a_program_that_ends_is_started_again_with_growing_pauses(supervisor, clock, child, capfd):
    worker = child("sleep", "60")
    supervisor.keep(worker)
    seen = []
    for pause in (0, 1, 2, 4):
        end(worker)
        supervisor.look()
        clock.now += pause - 0.001
        supervisor.look()
        early = worker.exit_code is None and pause > 0
        clock.now += 0.002
        supervisor.look()
        seen.append((pause, early, worker.exit_code is None))

    assert seen == [(0, False, True), (1, False, True), (2, False, True), (4, False, True)]
    assert "The worker was ended by signal SIGKILL; it is started again at once." in capfd.readouterr().err


def test_after_a_calm_minute_the_next_pause_is_short_again(supervisor, clock, child):
    worker = child("sleep", "60")
    supervisor.keep(worker)
    for _ in range(3):
        end(worker)
        supervisor.look()
        clock.now += 10
        supervisor.look()
    clock.now += CALM + 1
    supervisor.look()
    end(worker)

    supervisor.look()
    supervisor.look()

    assert worker.exit_code is None


def test_without_the_database_nothing_goes_on(supervisor, child):
    database = child("sh", "-c", "echo PANIC: could not read the disk; exit 1", name="database")
    supervisor.keep(database, vital=True)
    database.process.wait()

    with pytest.raises(Refusal) as refusal:
        supervisor.look()

    assert "The database ended with exit code 1, so everything else was stopped." in str(refusal.value)
    assert "PANIC: could not read the disk" in str(refusal.value)


def test_a_database_that_ends_for_want_of_room_says_so(supervisor, child):
    database = child("sh", "-c", "echo could not write: No space left on device; exit 1", name="database")
    supervisor.keep(database, vital=True)
    database.process.wait()

    with pytest.raises(Refusal, match="is full"):
        supervisor.look()


def test_everything_stops_in_order_the_database_last(supervisor, layout, child):
    order = layout.data / "order"
    script = f"trap 'echo $0 >> {order}; exit 0' TERM; echo up; while :; do sleep 0.05; done"
    children = [child("sh", "-c", script, name, name=name) for name in ("database", "broker", "web", "worker", "beat")]
    for each in children:
        supervisor.keep(each)
    for each in children:
        while "up" not in each.log.read_text():
            time.sleep(0.01)

    supervisor.stop_all()

    ended = order.read_text().split()
    assert sorted(ended[:2]) == ["beat", "worker"]
    assert ended[2:] == ["web", "broker", "database"]
    assert supervisor.kept == []
    assert not layout.children.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended"),
        (3, "ended with exit code 3"),
        (-signal.SIGKILL, "was ended by signal SIGKILL"),
        (-99, "was ended by signal 99"),
    ],
)
def test_an_exit_code_in_words(code, words):
    assert describe_end(code) == words


def test_a_log_keeps_one_older_part(layout):
    log = layout.logs / "web.log"
    log.write_text("old " * 100)

    cap_log(log, limit=100)

    assert (log.read_text(), log.with_name("web.log.1").read_text()) == ("", "old " * 100)
    log.write_text("new")
    cap_log(log, limit=100)
    assert log.read_text() == "new"
