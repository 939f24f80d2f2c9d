"""Redis killed, frozen and emptied under twenty filings a second: nothing acknowledged is lost, nobody waits."""

import signal
import time

import pytest
import redis
from django.conf import settings

from tests.faults.rig import Rig, filings, journal_of, running_product

pytestmark = [pytest.mark.fault]
WELL = {"lost": 0, "double": 0, "server errors": 0, "slow": 0, "without facts": 0}


def kill(rig: Rig) -> None:
    rig.signal("broker", signal.SIGKILL)
    time.sleep(4)
    rig.start("broker")


def freeze(rig: Rig) -> None:
    rig.signal("broker", signal.SIGSTOP)
    time.sleep(6)
    rig.signal("broker", signal.SIGCONT)


def empty(rig: Rig) -> None:
    with redis.Redis(port=rig.broker_port) as broker:
        for _time in range(8):
            broker.flushall()
            time.sleep(0.5)


@pytest.fixture(scope="module")
def rig():
    with running_product(database_address()) as product:
        yield product


def database_address() -> str:
    own = settings.DATABASES["default"]
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    return f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT']}/postgres"


@pytest.mark.parametrize("harm", [kill, freeze, empty], ids=["killed", "frozen", "emptied"])
def test_filing_works_unchanged_while_the_broker_is(rig, harm):
    with filings(rig) as crew:
        time.sleep(2)
        harm(rig)
        time.sleep(2)

    journal = journal_of(crew)
    rig.wait_until(rig.drained, seconds=90, what="the figures to catch up")
    assert rig.verdict(journal) == WELL
    assert len(journal) > 60
    assert sorted(entry.seconds for entry in journal)[int(len(journal) * 0.95)] < 1.0
    assert "0" in rig.manage("verify_figures")


def test_a_worker_killed_at_random_points_loses_and_doubles_nothing(rig):
    with filings(rig, per_second=10) as crew:
        for round_number in range(5):
            time.sleep(0.4 + round_number * 0.37)
            rig.signal("worker", signal.SIGKILL)
            rig.start("worker")

    rig.wait_until(rig.drained, seconds=120, what="the figures to catch up")
    assert rig.verdict(journal_of(crew)) == WELL
