"""What people say and do besides filing, while Redis is frozen or gone: kept at once, told as soon as it is back.

A product of its own: the award that is voted on has made-up figures, and nothing waits here from other harms.
"""

import signal
from collections import Counter

import pytest

from tests.faults.deeds import deeds, do, set_scene, stored
from tests.faults.harms import database_address
from tests.faults.rig import Rig, running_product

pytestmark = pytest.mark.fault
# The reply by mail to both who follow; who signed up has a seat, and the second only waits for one.
TOLD = ({"forum.replied": 2, "training.signed_up": 1}, {"forum.replied": 2, "training.queued": 1})
COUNTED = (
    "SELECT count(*) FROM ratings_rating r JOIN metrics_requestfact f ON f.request_id = r.service_request_id"
    " WHERE f.overall = r.overall"
)
SLOW = 2.0  # seconds; without the harm these calls take a tenth of one


@pytest.fixture(scope="module")
def rig():
    with running_product(database_address()) as product:
        yield product


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
    rig.wait_until(lambda: nothing_waits(rig), seconds=240, what="the mails of what was prepared")
    return made


@pytest.mark.parametrize(("turn", "number"), [(0, signal.SIGSTOP), (1, signal.SIGKILL)], ids=["frozen", "stopped"])
def test_what_people_say_and_do_is_kept_and_told_while_the_broker_is(rig, scene, turn, number):
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
