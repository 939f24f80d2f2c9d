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
    said,
    target,
)


def holders(result):
    return [(span.party, span.department_id, span.ws) for span in result.spans]


def test_fold_without_a_filing_has_no_result():
    assert fold([event("09:00", "request.accepted")], WORKTIMES.__getitem__) is None


def test_fold_of_a_plain_life_measures_every_station():
    life = facts(
        filed("09:00"),
        said("09:30", "supplier"),
        event("10:00", "request.accepted"),
        event("10:00", "request.started"),
        event("12:00", "request.delivered"),
        event("04-09 09:30", "request.confirmed"),
    )

    assert (life.first_response_ws, life.acceptance_ws, life.resolution_ws) == (1800, 3600, 3 * HOUR)
    assert (life.full_resolution_ws, life.unowned_ws, life.supplier_work_ws) == (3 * HOUR, HOUR, 3 * HOUR)
    assert (life.acceptance_delay_ws, life.acceptance_delay_cs) == (5 * HOUR + 1800, 21 * HOUR + 1800)
    assert (life.outcome, life.accepted_first_time, life.one_touch) == ("closed", True, True)
    assert life.left_at == life.delivered_at == at("12:00")
    assert life.closed_at == life.verdict_at == at("04-09 09:30")


def test_pause_over_a_change_of_clocks_costs_working_time_only():
    """The worked example: 4 h of working time, 1 h 30 min of it waiting for the customer, 67 h on the wall."""
    life = facts(
        filed("03-27 15:00", targets={"resolution": target(9000)}),
        event("03-27 15:00", "request.accepted"),
        event("03-27 16:30", "request.held", reason="customer", pauses=True),
        event("03-30 10:00", "request.resumed"),
        event("03-30 11:00", "request.delivered"),
    )

    assert (life.resolution_ws, life.resolution_cs) == (240 * 60, 67 * HOUR)
    assert life.waiting_for_customer_ws == 90 * 60
    assert life.customer_wait_ws == 150 * 60
    assert life.resolution_kept is True


def test_the_same_pause_is_a_miss_when_the_target_is_a_second_shorter():
    life = facts(
        filed("03-27 15:00", targets={"resolution": target(8999)}),
        event("03-27 15:00", "request.accepted"),
        event("03-27 16:30", "request.held", reason="customer", pauses=True),
        event("03-30 10:00", "request.resumed"),
        event("03-30 11:00", "request.delivered"),
    )

    assert life.resolution_kept is False
    assert life.resolution_decided_at == life.resolution_breached_at == at("03-30 11:00") - timedelta(seconds=1)


def test_communication_of_the_worked_example():
    life = facts(
        filed("09:00"),
        said("09:40", "supplier"),
        event("09:40", "request.held", reason="customer"),
        said("11:10", "customer"),
        event("11:10", "request.resumed", by_reply=True),
        said("15:10", "customer"),
        said("16:10", "supplier"),
        event("16:10", "request.delivered"),
    )

    assert life.first_response_ws == 40 * 60
    assert (life.supplier_work_ws, life.waiting_for_customer_ws) == (340 * 60, 90 * 60)
    assert (life.round_trips, life.chasers, life.one_touch) == (1, 1, False)
    assert life.resolution_ws == 340 * 60 + 90 * 60


def test_words_after_the_delivery_are_no_round_trip():
    life = facts(
        filed(),
        event("10:00", "request.accepted"),
        said("11:00", "supplier"),
        event("11:00", "request.delivered"),
        said("12:00", "customer"),
    )

    assert (life.round_trips, life.chasers, life.customer_messages) == (0, 0, 1)


def test_automatic_and_internal_words_answer_nothing():
    life = facts(filed(), said("09:01", "supplier", human=False), event("09:02", "message.internal"))

    assert (life.responded_at, life.supplier_messages) == (None, 0)


# ── Clocks ───────────────────────────────────────────────────────────────────


def test_a_running_clock_says_by_when_and_decides_nothing():
    life = facts(filed("16:00", targets={"response": target(HOUR), "resolution": target(2 * HOUR)}))

    assert (life.response_due_at, life.resolution_due_at) == (at("17:00"), at("04-09 10:00"))
    assert (life.response_kept, life.resolution_kept, life.resolution_decided_at) == (None, None, None)


def test_finishing_exactly_at_the_target_keeps_it():
    life = facts(
        filed("16:00", targets={"response": target(HOUR), "resolution": target(HOUR)}),
        event("17:00", "request.accepted"),
        event("17:00", "request.delivered"),
    )

    assert (life.response_kept, life.resolution_kept) == (True, True)
    assert life.response_decided_at == at("17:00")


def test_a_breach_in_the_log_stays_whatever_comes_later():
    life = facts(
        filed(targets={"resolution": target(4 * HOUR)}),
        event("09:30", "request.accepted"),
        event("13:00", "clock.breached", measure="resolution", target=4 * HOUR),
        event("13:30", "request.reprioritised", after={"priority": 5}, targets={"resolution": target(80 * HOUR)}),
        event("14:00", "request.delivered"),
    )

    assert (life.resolution_kept, life.resolution_breached_at) == (False, at("13:00"))
    assert (life.priority, life.resolution_target, life.resolution_due_at) == (5, 80 * HOUR, None)


def test_a_new_target_counts_from_the_start_with_the_pauses_so_far():
    life = facts(
        filed("09:00", targets={"resolution": target(8 * HOUR)}),
        event("09:00", "request.accepted"),
        event("10:00", "request.held", reason="customer", pauses=True),
        event("11:00", "request.resumed"),
        event("12:00", "request.reprioritised", after={"priority": 1}, targets={"resolution": target(3 * HOUR)}),
    )

    assert life.resolution_due_at == at("13:00")


def test_a_new_target_already_used_up_is_a_miss_when_it_was_reached():
    life = facts(
        filed("09:00", targets={"resolution": target(8 * HOUR)}),
        event("12:00", "request.reprioritised", after={"priority": 1}, targets={"resolution": target(HOUR)}),
        event("12:00", "request.accepted"),
        event("12:30", "request.delivered"),
    )

    assert (life.resolution_kept, life.resolution_breached_at) == (False, at("10:00"))


def test_a_hold_that_does_not_pause_leaves_the_clock_running():
    life = facts(
        filed(targets={"resolution": target(HOUR)}),
        event("09:10", "request.accepted"),
        event("09:20", "request.held", reason="third_party", pauses=False),
        event("10:20", "request.resumed"),
        event("10:30", "request.delivered"),
    )

    assert (life.resolution_kept, life.resolution_breached_at) == (False, at("10:00"))
    assert (life.waiting_for_customer_ws, life.customer_wait_ws) == (None, 90 * 60)
    assert life.supplier_work_ws == 30 * 60


def test_a_paused_clock_has_no_due_time():
    life = facts(
        filed(targets={"resolution": target(4 * HOUR)}),
        event("10:00", "request.accepted"),
        event("11:00", "request.held", reason="customer"),
    )

    assert (life.resolution_due_at, life.resolution_kept) == (None, None)


@pytest.mark.parametrize(("due", "kept"), [("12:00", True), ("11:59", False)])
def test_an_imported_deadline_replaces_the_target(due, kept):
    life = facts(
        filed(due={"resolution": at(due).isoformat(), "response": None}, targets={"resolution": target(60)}),
        event("10:00", "request.accepted"),
        event("12:00", "request.delivered"),
    )

    assert life.resolution_kept is kept
    assert life.response_kept is None


@pytest.mark.parametrize("end", ["request.cancelled", "request.declined"])
def test_an_end_without_result_leaves_an_unmissed_target_undecided(end):
    life = facts(filed(targets={"response": target(HOUR), "resolution": target(HOUR)}), event("09:30", end))

    assert (life.response_kept, life.resolution_kept, life.resolution_due_at) == (None, None, None)
    assert life.outcome == end.removeprefix("request.")
    assert (life.left_at, life.unowned_ws, life.delivered_at) == (at("09:30"), 1800, None)


def test_a_target_missed_before_the_request_was_cancelled_stays_missed():
    life = facts(filed(targets={"resolution": target(HOUR)}), event("11:00", "request.cancelled"))

    assert (life.resolution_kept, life.resolution_decided_at) == (False, at("10:00"))


# ── Sent back, reopened ──────────────────────────────────────────────────────


def test_a_rejection_withdraws_the_delivery_and_the_clock_runs_on():
    life = facts(
        filed("09:00", targets={"resolution": target(4 * HOUR)}),
        event("09:00", "request.accepted"),
        event("10:00", "request.delivered"),
        event("15:00", "request.rejected", agreed="a", received="b", remedy="c"),
        event("16:00", "request.delivered"),
        event("16:30", "request.confirmed"),
    )

    assert (life.resolution_ws, life.full_resolution_ws) == (HOUR, 7 * HOUR)
    assert (life.resolution_kept, life.supplier_work_ws, life.customer_wait_ws) == (True, 2 * HOUR, 2 * HOUR)
    assert (life.rejected, life.reopened, life.deliveries, life.accepted_first_time) == (1, 0, 2, False)
    assert life.verdict_at == at("15:00")


def test_after_a_rejection_nothing_is_delivered():
    life = facts(
        filed(targets={"resolution": target(4 * HOUR)}),
        event("09:00", "request.accepted"),
        event("10:00", "request.delivered"),
        event("11:00", "request.rejected"),
    )

    assert (life.delivered_at, life.full_resolution_ws, life.first_delivered_at) == (None, None, at("10:00"))
    assert (life.outcome, life.left_at) == ("open", None)
    assert life.resolution_due_at == at("14:00")


def test_reopening_a_closed_request_leaves_the_first_verdict_alone():
    life = facts(
        filed(),
        event("09:30", "request.accepted"),
        event("10:00", "request.delivered"),
        event("11:00", "request.closed", automatic=True),
        event("12:00", "request.reopened", reason="again"),
    )

    assert (life.accepted_first_time, life.reopened, life.outcome, life.closed_at) == (True, 1, "open", None)


def test_a_cancelled_request_that_is_reopened_can_still_be_kept():
    life = facts(
        filed("09:00", targets={"resolution": target(2 * HOUR)}),
        event("10:00", "request.cancelled"),
        event("12:00", "request.reopened"),
        event("12:30", "request.delivered"),
    )

    assert (life.resolution_kept, life.accepted_first_time) == (True, None)


def test_the_desk_may_close_what_nobody_delivered():
    life = facts(filed(), event("10:00", "request.accepted"), event("11:00", "request.confirmed"))

    assert (life.deliveries, life.delivered_at, life.outcome) == (1, at("11:00"), "closed")


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
