from datetime import timedelta

import pytest

from metrics.facts.fold import fold
from tests.metrics.story import (
    HOUR,
    WORKTIMES,
    at,
    event,
    facts,
    filed,
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
