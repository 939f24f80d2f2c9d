"""Who held a request when, the way it took, and what was said of it: folded from its events."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts.fold import fold
from metrics.facts.states import Happening, Party, Stage
from tests.metrics.story import (
    ALWAYS,
    FINANCE,
    HOUR,
    IT,
    LEGAL,
    OFFICE,
    WORKTIMES,
    answered,
    at,
    event,
    facts,
    filed,
    folded,
    offered,
    target,
)


def holders(result):
    return [(span.party, span.department_id, span.ws) for span in result.spans]


# ── Who held it ──────────────────────────────────────────────────────────────


def test_every_minute_has_one_holder():
    result = folded(
        filed("09:00"),
        event("10:00", "request.accepted"),
        event("11:00", "request.held", reason="customer"),
        event("12:00", "request.resumed"),
        event("12:30", "request.held", reason="third_party"),
        event("13:00", "request.resumed"),
        event("13:10", "request.held", reason="part"),
        event("13:30", "request.resumed"),
        offered("14:00", FINANCE),
        answered("15:00", "accepted", FINANCE),
        event("16:00", "request.delivered", FINANCE),
        event("16:10", "request.rejected", FINANCE),
        event("16:30", "request.delivered", FINANCE),
    )

    assert holders(result) == [
        (Party.NOBODY, None, 3600),
        (Party.DEPARTMENT, IT, 3600),
        (Party.CUSTOMER, None, 3600),
        (Party.DEPARTMENT, IT, 1800),
        (Party.THIRD_PARTY, None, 1800),
        (Party.DEPARTMENT, IT, 600),
        (Party.DEPARTMENT, IT, 1200),  # waiting for a part is the department's to shorten
        (Party.DEPARTMENT, IT, 5400),  # offered at 14:00: whoever offers holds it until it is accepted
        (Party.DEPARTMENT, FINANCE, 3600),
        (Party.CUSTOMER, None, 600),
        (Party.DEPARTMENT, FINANCE, 1200),
    ]
    assert result.facts.supplier_id == FINANCE
    assert result.facts.hold_reasons == {
        "customer": [1, 3600, 3600], "third_party": [1, 1800, 1800], "part": [1, 1200, 1200],
    }  # fmt: skip
    assert (result.facts.holds, result.facts.customer_holds) == (3, 1)


def test_the_last_holder_has_no_end_while_the_work_lasts():
    result = folded(filed("09:00"), event("10:00", "request.accepted"))

    assert (result.spans[-1].party, result.spans[-1].ended_at, result.spans[-1].ws) == (Party.DEPARTMENT, None, None)


KINDS = [
    "request.accepted", "request.started", "request.held", "request.resumed", "request.delivered", "request.confirmed",
    "request.rejected", "request.reopened", "request.closed", "request.declined", "request.cancelled",
    "handoff.offered", "handoff.accepted", "handoff.declined", "handoff.withdrawn", "message.public",
    "request.reprioritised", "request.assigned", "clock.breached", "rating.given", "handoff.expired",
]  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 400),
        st.sampled_from([IT, FINANCE, LEGAL]),
        st.sampled_from(["customer", "third_party", "part", "other"]),
        st.sampled_from(["supplier", "customer"]),
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(steps, st.sampled_from(["web", "import"]), st.sampled_from([OFFICE, ALWAYS, None]))
def test_whatever_happens_the_parts_add_up_to_the_whole(chosen, channel, calendar):
    when = at("03-27 08:00")
    events = [filed("03-27 08:00", channel=channel, calendar=calendar, targets={"resolution": target(7200)})]
    for kind, minutes, department, reason, side in chosen:
        when += timedelta(minutes=minutes)
        data = {"department": department, "to": department, "handoff": 1, "reason": reason, "side": side}
        data |= {"measure": "resolution", "overall": 4, "after": {"priority": 2}}
        events.append(Happening(kind, when, 1, data))

    result = folded(*events)
    life, spans = result.facts, result.spans

    assert [span.started_at for span in spans[1:]] == [span.ended_at for span in spans[:-1]]
    closed = [span for span in spans if span.ended_at]
    if closed:
        assert closed[0].started_at == life.created_at
        whole = (closed[-1].ended_at - life.created_at).total_seconds()
        assert sum(span.cs for span in closed) == whole
        worked = (
            WORKTIMES[calendar].micros_between(life.created_at, closed[-1].ended_at) // 1_000_000 if calendar else whole
        )
        assert sum(span.ws for span in closed) == worked
    assert (life.outcome == "open") == (bool(spans) and spans[-1].ended_at is None) == (life.left_at is None)
    if life.delivered_at:
        parts = [life.supplier_work_ws, sum(span.ws for span in closed if span.stage in (Stage.HELD, Stage.VERDICT))]
        assert sum(parts) == life.full_resolution_ws
        held = [
            getattr(life, f"held_by_{who}_ws") for who in ("supplier", "others", "customer", "third_party", "nobody")
        ]
        assert sum(held) == life.full_resolution_ws
        assert life.customer_wait_ws <= life.full_resolution_ws
    assert (life.resolution_decided_at is None) == (life.resolution_kept is None)
    assert life.hops == max(len(life.route) - 1, 0) <= len(chosen)
    assert json.dumps(asdict(life)["hold_reasons"])


def test_an_end_before_its_start_is_kept_and_flagged():
    result = fold([event("08:00", "request.delivered"), filed("09:00", calendar=None)], WORKTIMES.__getitem__)

    assert (result.facts.resolution_cs, result.facts.data_quality) == (-3600, "negative")
    assert result.spans == []


# ── The way ──────────────────────────────────────────────────────────────────


def test_a_handoff_moves_the_request_only_when_it_is_accepted():
    pending = folded(filed(), event("09:10", "request.accepted"), offered("10:00", FINANCE))
    taken = folded(
        filed(), event("09:10", "request.accepted"), offered("10:00", FINANCE), answered("10:40", "accepted", FINANCE)
    )

    assert (pending.facts.supplier_id, pending.offers[0].outcome) == (IT, "open")
    assert (taken.facts.supplier_id, taken.facts.first_supplier_id, taken.facts.hops) == (FINANCE, IT, 1)
    assert (taken.offers[0].outcome, taken.offers[0].latency_ws) == ("accepted", 40 * 60)


def test_the_owner_may_work_on_while_the_offer_stands():
    result = folded(
        filed(),
        event("09:10", "request.accepted"),
        offered("10:00", FINANCE),
        event("10:10", "request.started"),
        answered("11:00", "declined", IT),
    )

    assert (result.offers[0].outcome, result.facts.supplier_id) == ("declined", IT)
    assert (result.facts.route, result.facts.aba) == ([IT, FINANCE, IT], 1)


def test_an_offer_taken_back_leaves_no_trace_on_the_way():
    result = folded(filed(), offered("10:00", FINANCE), answered("10:05", "withdrawn", IT))

    assert (result.facts.route, result.facts.hops, result.offers[0].outcome) == ([IT], 0, "withdrawn")


@pytest.mark.parametrize(
    ("next_step", "outcome"),
    [
        (event("11:00", "request.accepted", FINANCE), "accepted"),
        (event("11:00", "request.accepted", LEGAL), "bounced"),
        (event("11:00", "request.accepted", IT), "bounced"),
        (event("11:00", "request.delivered", FINANCE), "lapsed"),
        (offered("11:00", LEGAL, handoff=None), "bounced"),
        (offered("11:00", FINANCE, handoff=None), "lapsed"),
    ],
)
def test_in_an_imported_history_what_happens_next_answers_an_offer(next_step, outcome):
    result = folded(filed(channel="import"), offered("10:00", FINANCE, handoff=None), next_step)

    assert (result.offers[0].outcome, result.offers[0].latency_ws) == (outcome, HOUR)


def test_in_an_imported_history_an_offer_ends_the_waiting():
    life = facts(
        filed(channel="import"),
        event("10:00", "request.held", reason="customer"),
        offered("11:00", FINANCE, handoff=None),
        event("13:00", "request.accepted", FINANCE),
    )

    assert life.waiting_for_customer_ws == HOUR


def test_work_after_a_delivery_reopens_an_imported_request():
    life = facts(
        filed(channel="import"),
        event("10:00", "request.accepted"),
        event("11:00", "request.delivered"),
        offered("12:00", FINANCE, handoff=None),
        event("13:00", "request.delivered", FINANCE),
    )

    assert (life.reopened, life.accepted_first_time, life.first_delivered_at) == (1, False, at("11:00"))
    assert life.delivered_at == at("13:00")


# ── Ratings ──────────────────────────────────────────────────────────────────


def test_the_last_rating_counts_on_the_day_of_the_first():
    life = facts(
        filed(),
        event("10:00", "rating.invited", invitation=1, person=7, supplier=IT),
        event("11:00", "rating.given", overall=2, dimensions={"empathy": 1}, effort=4, supplier=IT, person=7),
        event("12:00", "rating.changed", overall=4, dimensions={"reliability": 5}, effort=None, supplier=IT, person=7),
    )

    assert (life.overall, life.reliability, life.empathy, life.effort) == (4, 5, None, None)
    assert (life.invited_at, life.rated_at, life.rater_id) == (at("10:00"), at("11:00"), 7)
    assert (life.rated_supplier_id, life.last_event_at) == (IT, at("09:00"))
