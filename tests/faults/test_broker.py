"""Redis killed, frozen and emptied, workers killed, under filings that go on: nothing acknowledged is lost."""

import signal
import time
from collections import Counter

import pytest

from tests.faults.deeds import deeds, do, set_scene, stored
from tests.faults.harms import database_address, empty_broker, freeze_broker, kill_broker, kill_workers
from tests.faults.rig import Rig, filings, journal_of, running_product

pytestmark = pytest.mark.fault
# The reply by mail to both who follow; who signed up has a seat, and the second only waits for one.
TOLD = ({"forum.replied": 2, "training.signed_up": 1}, {"forum.replied": 2, "training.queued": 1})
COUNTED = (
    "SELECT count(*) FROM ratings_rating r JOIN metrics_requestfact f ON f.request_id = r.service_request_id"
    " WHERE f.overall = r.overall"
)
SLOW = 2.0  # seconds; without the harm these calls take a tenth of one
WELL = {"lost": 0, "double": 0, "server errors": 0, "slow": 0, "without facts": 0}


@pytest.fixture(scope="module")
def rig():
    with running_product(database_address()) as product:
        yield product


def verdict_after(rig: Rig, harm, *, per_second: float, patience: float) -> tuple[dict[str, int], list]:
    """Let people file while the harm is done, wait until the figures have caught up, and judge."""
    with filings(rig, per_second=per_second) as crew:
        time.sleep(2)
        harm(rig)
        time.sleep(2)
    journal = journal_of(crew)
    rig.wait_until(rig.drained, seconds=patience, what="the figures to catch up")
    return rig.verdict(journal), journal


@pytest.mark.parametrize("harm", [kill_broker, freeze_broker, empty_broker], ids=["killed", "frozen", "emptied"])
def test_filing_works_unchanged_while_the_broker_is(rig, harm):
    verdict, journal = verdict_after(rig, harm, per_second=20, patience=150)

    assert verdict == WELL
    assert len(journal) > 60
    assert sorted(entry.seconds for entry in journal)[int(len(journal) * 0.95)] < 1.0


def test_a_worker_killed_at_random_points_loses_and_doubles_nothing(rig):
    verdict, _journal = verdict_after(rig, kill_workers, per_second=10, patience=150)

    assert verdict == WELL


def test_afterwards_the_figures_are_those_of_a_recomputation(rig):
    """Fails by itself: the command ends with an error when it finds a difference."""
    assert rig.manage("verify_figures")


@pytest.mark.long
def test_fifty_kills_of_a_worker_lose_and_double_nothing(rig):
    verdict, _journal = verdict_after(rig, lambda rig: kill_workers(rig, times=50), per_second=5, patience=300)

    assert verdict == WELL
    assert rig.manage("verify_figures")


def told(rig: Rig) -> Counter:
    """Mails that were sent, by kind."""
    return Counter(dict(rig.query("SELECT kind, count(*) FROM messaging_outgoingmail WHERE state = 'sent' GROUP BY 1")))


def nothing_waits(rig: Rig) -> bool:
    """Every event has been worked through by everybody, and every mail is sent or not needed any more."""
    return rig.query(
        "SELECT (SELECT count(*) FROM events_delivery),"
        " (SELECT count(*) FROM messaging_outgoingmail WHERE state NOT IN ('sent', 'withheld'))"
    ) == [(0, 0)]


@pytest.fixture(scope="module")
def scene(rig):
    """With the look of the pages, which filing by the API does without; the web server reads its list as it starts."""
    rig.manage("collectstatic", "--no-input", "-v0")
    rig.signal("web", signal.SIGKILL)
    rig.start("web")
    rig.wait_for_web()
    made = set_scene(rig)
    rig.wait_until(lambda: nothing_waits(rig), seconds=240, what="the mails of all filings before and of what was prepared")
    return made


@pytest.mark.parametrize(("turn", "number"), [(0, signal.SIGSTOP), (1, signal.SIGKILL)], ids=["frozen", "stopped"])
def test_what_people_say_and_do_is_kept_and_told_while_the_broker_is(rig, scene, turn, number):
    """Comes after the figures were compared, since the award that is voted on has made-up ones."""
    mails = told(rig)
    rig.signal("broker", number)
    answers = {name: do(rig, deed, scene) for name, deed in deeds(turn).items()}
    kept = stored(rig, turn, scene)
    rig.signal("broker", signal.SIGCONT) if number == signal.SIGSTOP else rig.start("broker")

    assert {name: (one.status in (200, 201), one.page) for name, one in answers.items()} == dict.fromkeys(
        answers, (True, 200)
    )
    assert {name: one.seconds for name, one in answers.items() if one.seconds > SLOW} == {}
    assert kept == dict.fromkeys(kept, 1)
    rig.wait_until(lambda: nothing_waits(rig), seconds=120, what="mails and figures to catch up")
    assert (dict(told(rig) - mails), rig.query(COUNTED)) == (TOLD[turn], [(1,)])


@pytest.mark.long
@pytest.mark.parametrize(
    ("mutant", "harm"),
    [("only_broker", empty_broker), ("ring_inside", freeze_broker), ("claim_first", kill_workers)],
)
def test_a_product_built_wrong_is_caught(mutant, harm):
    """Each mistake is one that the tests above exist for: they must not be able to pass with it."""
    with running_product(database_address(), settings=f"tests.faults.mutants.{mutant}") as broken:
        verdict, journal = verdict_after(broken, harm, per_second=20, patience=60)
        slowest = max(entry.seconds for entry in journal)

    assert verdict != WELL or slowest > 1.0
