"""The rows and the log that a case leaves, whatever the order of its steps."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.agreements.selectors import promise_for
from requests_app.desk.services.filing import filed_data
from requests_app.events.states import REQUEST_KINDS
from requests_app.imports.replay import Life
from requests_app.imports.states import MOVES, REMARKS, Case, Hold, Step

BEGAN = datetime(2024, 1, 8, 8, tzinfo=UTC)
NOW = datetime(2024, 6, 1, tzinfo=UTC)
SALES, DESK, LAB = 1, 2, 3
PIA, REQUESTER, NOBODY = 11, 12, 13
CUSTOMER_WAITS = Hold("customer", pauses=True)


def at(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def step(move: str, hours: float, department: int | None = None, **more) -> Step:
    return Step(move, at(hours), department, more.pop("actor", PIA), more.pop("hold", None), more)


def live(*steps: Step, **fields) -> Life:
    case = Case(
        title="A laptop", customer=SALES, supplier=DESK, service=5, requester=REQUESTER, created_at=BEGAN, calendar=1,
        **fields,
    )  # fmt: skip
    case.steps = list(steps)
    return Life(case, pk=77, nobody=NOBODY, now=NOW)


def told(life: Life) -> list[tuple[str, int]]:
    """Kind and department of each event after the filing."""
    return [(event.kind, event.data["department"]) for event in life.events[1:]]


def test_a_case_without_steps_is_a_new_request():
    life = live()

    assert (life.row.status, life.row.supplier_id, life.row.version, life.row.changed_at) == ("new", DESK, 1, BEGAN)
    assert [event.kind for event in life.events] == ["request.filed"]


def test_the_filing_tells_what_a_live_filing_tells(company, new_request):
    live_keys = filed_data(new_request, promise_for(
        customer_id=company.sales.pk, supplier_id=company.it.pk, service_id=company.laptop.pk, priority=5, at=BEGAN,
    ), 1).keys()  # fmt: skip

    assert live(imported=False).events[0].data.keys() == live_keys
    assert live().events[0].data.keys() == live_keys | {"imported", "external_id", "rows", "attributes"}


def test_an_ordinary_life_ends_closed():
    life = live(step("accept", 1), step("start", 2), step("deliver", 5), step("confirm", 6, actor=REQUESTER))

    row = life.row
    assert (row.status, row.assignee_id, row.delivered_at, row.closed_at) == ("closed", PIA, at(5), at(6))
    assert (row.version, row.changed_at) == (5, at(6))
    assert told(life) == [
        ("request.accepted", DESK), ("request.started", DESK), ("request.delivered", DESK), ("request.confirmed", DESK),
    ]  # fmt: skip
    assert [event.actor_id for event in life.events] == [None, PIA, PIA, PIA, REQUESTER]


def test_acceptance_elsewhere_without_an_offer_moves_the_request():
    life = live(step("accept", 1), step("accept", 2, LAB, actor=14))

    assert (life.row.supplier_id, life.row.assignee_id, life.row.status) == (LAB, 14, "accepted")
    assert life.handoffs == []


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([step("accept", 2, LAB)], "accepted"),
        ([step("take", 2)], "accepted"),
        ([step("hold", 2, LAB, hold=CUSTOMER_WAITS)], "accepted"),
        ([step("accept", 2, DESK)], "withdrawn"),
        ([step("deliver", 2, LAB)], "withdrawn"),
        ([step("cancel", 2)], "withdrawn"),
        ([step("take_back", 2)], "withdrawn"),
        ([step("give_back", 2, reason="not ours")], "declined"),
        ([step("offer", 2, LAB)], "withdrawn"),
        ([step("reply", 2, text="We look at it.")], "offered"),
    ],
)
def test_what_follows_an_offer_answers_it(steps, state):
    first = live(step("offer", 1, LAB, reason="yours"), *steps).handoffs[0]

    assert (first.sender_id, first.receiver_id, first.reason, first.state) == (DESK, LAB, "yours", state)
    assert first.answered_at == (None if state == "offered" else at(2))


def test_the_sender_owns_the_request_until_the_offer_is_taken():
    assert live(step("offer", 1, LAB)).row.supplier_id == DESK
    assert live(step("offer", 1, LAB), step("take", 2)).row.supplier_id == LAB


def test_handing_over_tells_who_gave_to_whom():
    life = live(step("offer", 1, LAB), step("take", 2, actor=14), step("offer", 3, DESK), step("give_back", 4))

    assert told(life) == [
        ("handoff.offered", LAB), ("handoff.accepted", LAB), ("handoff.offered", DESK), ("handoff.declined", LAB),
    ]  # fmt: skip
    assert [(event.data["from"], event.data["to"]) for event in life.events[1:]] == [
        (DESK, LAB), (DESK, LAB), (LAB, DESK), (LAB, DESK),
    ]  # fmt: skip
    assert [(event.kind, key, row) for event, key, row in life.links] == [
        ("handoff.offered", "handoff", life.handoffs[0]),
        ("handoff.accepted", "handoff", life.handoffs[0]),
        ("handoff.offered", "handoff", life.handoffs[1]),
        ("handoff.declined", "handoff", life.handoffs[1]),
    ]


def test_an_offer_to_the_own_department_is_in_the_log_but_nobody_can_answer_it():
    life = live(step("offer", 1, DESK), step("accept", 2, DESK))

    assert life.handoffs == []
    assert life.events[1].data["from"] is None
    assert life.row.status == "accepted"


@pytest.mark.parametrize("move", ["take", "give_back", "take_back"])
def test_an_answer_to_no_offer_is_a_sign_of_life(move):
    assert told(live(step(move, 1)))[0][0] == ("request.accepted" if move == "take" else "request.assigned")


def test_waiting_lasts_until_work_goes_on():
    life = live(
        step("accept", 1), step("hold", 2, hold=CUSTOMER_WAITS, note="which one?"), step("reply", 3), step("start", 4)
    )

    hold = life.holds[0]
    assert (hold.reason, hold.pauses_clock, hold.note, hold.began_at, hold.ended_at) == (
        "customer", True, "which one?", at(2), at(4),
    )  # fmt: skip
    assert (life.row.status, life.row.hold_reason) == ("in_progress", "")


@pytest.mark.parametrize("move", ["offer", "reply", "ask", "note", "work"])
def test_waiting_may_end_with_whatever_comes_next(move):
    life = live(
        step("accept", 1), step("hold", 2, hold=CUSTOMER_WAITS), step(move, 3, LAB if move == "offer" else None),
        holds_last=False,
    )  # fmt: skip

    assert life.holds[0].ended_at == at(3)
    assert told(life)[2] == ("request.resumed", DESK)


def test_waiting_while_waiting_is_a_new_hold():
    life = live(step("hold", 1, hold=CUSTOMER_WAITS), step("hold", 2, hold=Hold("part", pauses=False)))

    assert [(hold.reason, hold.ended_at) for hold in life.holds] == [("customer", at(2)), ("part", None)]
    assert (life.row.status, life.row.hold_reason) == ("on_hold", "part")


@pytest.mark.parametrize("move", ["accept", "start", "hold", "resume", "offer", "take"])
@pytest.mark.parametrize("end", ["deliver", "close", "cancel"])
def test_work_after_the_end_reopens(move, end):
    life = live(step(end, 1), step(move, 2, LAB if move == "offer" else None, hold=CUSTOMER_WAITS))

    assert told(life)[-2][0] == "request.reopened"
    assert life.row.status in ("accepted", "in_progress", "on_hold")
    assert life.row.closed_at is None


def test_what_does_not_reopen_is_noted_and_the_delivery_stands():
    life = live(step("deliver", 1), step("accept", 2, LAB), reopening=frozenset())

    assert told(life) == [("request.delivered", DESK), ("request.assigned", LAB)]
    assert (life.row.status, life.row.delivered_at) == ("delivered", at(1))


def test_the_first_sign_of_work_accepts_and_later_ones_do_not():
    life = live(step("work", 1, LAB), step("work", 2, DESK))

    assert told(life) == [("request.accepted", LAB), ("request.assigned", DESK)]
    assert life.row.supplier_id == DESK


def test_closing_without_a_delivery_delivers():
    life = live(step("close", 3, LAB))

    assert (life.row.status, life.row.delivered_at, life.row.closed_at) == ("closed", at(3), at(3))
    assert life.events[1].data["automatic"] is True


def test_a_second_delivery_counts_from_then():
    life = live(step("deliver", 1), step("close", 2), step("deliver", 3))

    assert (life.row.status, life.row.delivered_at, life.row.closed_at) == ("delivered", at(3), None)


def test_a_rejected_delivery_goes_back_to_work_with_the_three_sentences():
    life = live(
        step("deliver", 1), step("reject", 2, agreed="two", received="one", remedy="the other", actor=REQUESTER)
    )

    data = life.events[2].data
    assert (life.row.status, data["agreed"], data["received"], data["remedy"]) == (
        "in_progress",
        "two",
        "one",
        "the other",
    )


@pytest.mark.parametrize(("move", "status"), [("decline", "declined"), ("cancel", "cancelled")])
def test_a_request_may_end_without_a_result(move, status):
    life = live(step(move, 1, reason="no"))

    assert (life.row.status, life.row.closed_at, life.row.delivered_at) == (status, at(1), None)
    assert told(life) == [(f"request.{status}", DESK)]


def test_a_delivery_nobody_answered_closes_by_itself_when_the_time_is_over():
    life = live(step("deliver", 1), close_after_days=14)

    assert (life.row.status, life.row.closed_at) == ("closed", at(1) + timedelta(days=14))
    assert live(step("deliver", 1), close_after_days=365).row.status == "delivered"


def test_what_was_said_is_kept_with_its_author():
    life = live(
        step("reply", 1, text="Hello"),
        step("ask", 2, actor=None, text="When?"),
        step("note", 3, text="Hm"),
        step("reply", 4),
    )

    assert [(row.body, row.internal, row.author_id, row.department_id) for row in life.messages] == [
        ("Hello", False, PIA, DESK), ("When?", False, NOBODY, SALES), ("Hm", True, PIA, DESK),
    ]  # fmt: skip
    assert [event.data.get("side") for event in life.events[1:]] == ["supplier", "customer", None, "supplier"]
    assert [key for _event, key, _row in life.links] == ["message"] * 3


def test_a_rating_and_its_invitation_are_in_the_log():
    life = live(step("deliver", 1), step("invite", 1, invitation=8), step("rate", 2, overall=4, rating=9))

    assert told(life)[1:] == [("rating.invited", DESK), ("rating.given", DESK)]
    assert life.events[2].data["invitation"] == 8
    assert (life.events[3].data["overall"], life.events[3].data["person"], life.events[3].data["rating"]) == (
        4,
        REQUESTER,
        9,
    )


def test_a_change_of_priority_tells_before_and_after():
    life = live(step("reprioritise", 1, urgency=1, priority=3, reason="stopped"))

    assert (life.row.urgency, life.row.priority, life.row.stated_urgency) == (1, 3, 3)
    assert life.events[1].data["before"] == {"priority": 5, "urgency": 3, "impact": 3}
    assert life.events[1].data["after"] == {"priority": 3, "urgency": 1, "impact": 3}


def test_every_event_of_an_import_says_so_and_from_which_row_it_came():
    life = live(Step("accept", at(1), row=42), rows=3, external_id="old:1")

    assert [event.data["imported"] for event in life.events] == [True, True]
    assert (life.events[0].data["rows"], life.events[1].data["row"]) == (3, 42)
    assert "imported" not in live(imported=False).events[0].data


def test_somebody_may_have_filed_for_somebody_else():
    life = live(filed_by=PIA)

    assert (life.row.filed_by_id, life.row.requester_id) == (PIA, REQUESTER)
    assert (life.events[0].actor_id, life.events[0].on_behalf_of_id) == (PIA, REQUESTER)


def test_a_hold_without_a_reason_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="a hold needs its reason"):
        live(step("hold", 1))


def test_every_move_of_the_language_is_understood_and_leaves_known_events():
    kinds = set()
    for move in {**MOVES, **REMARKS}:
        life = live(step("offer", 1, LAB), step(move, 2, hold=CUSTOMER_WAITS, text="x"))
        kinds |= {event.kind for event in life.events}

    assert kinds <= REQUEST_KINDS.keys()
