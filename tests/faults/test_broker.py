"""Redis killed, frozen and emptied, workers killed, under filings that go on: nothing acknowledged is lost."""

import time

import pytest

from tests.faults.harms import database_address, empty_broker, freeze_broker, kill_broker, kill_workers
from tests.faults.rig import Rig, filings, journal_of, running_product

pytestmark = pytest.mark.fault
WELL = {"lost": 0, "double": 0, "server errors": 0, "slow": 0, "without facts": 0}


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
