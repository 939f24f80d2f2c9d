"""Who passed a request on without touching it, who gave back what was his, and what detours cost."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts.fold import fold
from metrics.facts.states import OfferOutcome
from tests.metrics.lives import Lives
from tests.metrics.story import (
    ALWAYS,
    FINANCE,
    HOUR,
    IT,
    LEGAL,
    WORKTIMES,
    answered,
    event,
    facts,
    filed,
    folded,
    offered,
    said,
    target,
)

TAKEN = [filed("09:00"), event("09:30", "request.accepted")]
TO_FINANCE = [offered("10:00", FINANCE), answered("11:00", "accepted", FINANCE)]
ON_TO_LEGAL = [offered("13:00", LEGAL, 2, FINANCE), answered("14:00", "accepted", LEGAL, 2)]


def untouched(*events):
    return [offer.passed_untouched for offer in folded(*events).offers]


# ── Passed on untouched ──────────────────────────────────────────────────────


def test_accepted_and_passed_on_without_a_word_is_passed_on_untouched():
    assert untouched(*TAKEN, *TO_FINANCE, *ON_TO_LEGAL) == [True, False]


@pytest.mark.parametrize(
    "work",
    [
        event("12:00", "request.started", FINANCE),
        event("12:00", "message.public", FINANCE, side="supplier", human=True),
        event("12:00", "message.internal", FINANCE),
        event("12:00", "work.logged", FINANCE, seconds=60),
    ],
    ids=lambda one: one.kind,
)
def test_a_step_a_word_a_note_or_logged_work_is_a_touch(work):
    assert untouched(*TAKEN, *TO_FINANCE, work, *ON_TO_LEGAL) == [False, False]


@pytest.mark.parametrize(
    "no_work",
    [
        event("12:00", "request.assigned", FINANCE, assignee=1),
        event("12:00", "message.public", FINANCE, side="customer", human=True),
        event("12:00", "message.public", FINANCE, side="supplier", human=False),
        event("12:00", "clock.warned", FINANCE),
    ],
)
def test_what_others_or_machines_do_is_no_touch(no_work):
    assert untouched(*TAKEN, *TO_FINANCE, no_work, *ON_TO_LEGAL) == [True, False]


def test_what_is_still_held_or_was_given_back_is_not_passed_on():
    assert untouched(*TAKEN, *TO_FINANCE) == [False]
    assert untouched(*TAKEN, offered("10:00", FINANCE), answered("11:00", "declined", IT)) == [False]


def test_an_imported_handoff_that_went_on_without_acceptance_was_passed_on_untouched():
    result = folded(filed("09:00", channel="import"), offered("10:00", FINANCE, None), offered("11:00", LEGAL, None))

    assert [(one.outcome, one.passed_untouched) for one in result.offers] == [
        (OfferOutcome.BOUNCED, True), (OfferOutcome.OPEN, False),
    ]  # fmt: skip


# ── Given back, yet solved here ──────────────────────────────────────────────


def test_what_a_department_gave_back_and_later_delivered_was_its_own():
    given_back = [offered("10:00", FINANCE), answered("11:00", "declined", IT)]
    later = [offered("12:00", FINANCE, 2), answered("12:30", "accepted", FINANCE, 2),
             event("13:00", "request.delivered", FINANCE)]  # fmt: skip

    assert [one.solved_by_receiver for one in folded(*TAKEN, *given_back, *later).offers] == [True, True]
    assert [one.solved_by_receiver for one in folded(*TAKEN, *given_back).offers] == [False]
    by_the_sender = folded(*TAKEN, *given_back, event("13:00", "request.delivered"))
    assert [one.solved_by_receiver for one in by_the_sender.offers] == [False]


def test_reasons_are_kept_in_one_line_as_far_as_they_fit():
    words = "Not \n ours " + "x" * 300
    offer, back = offered("10:00", FINANCE), answered("11:00", "declined", IT)
    offer.data["reason"], back.data["reason"] = "Needs  a contract", words

    [found] = folded(*TAKEN, offer, back).offers
    assert (found.reason, found.answer_reason) == ("Needs a contract", ("Not ours " + "x" * 300)[:200])


# ── Detours ──────────────────────────────────────────────────────────────────


def test_a_detour_costs_from_leaving_to_return():
    """A, B, A, B, C of the method: two straight returns."""
    found = facts(
        *TAKEN,
        offered("10:00", FINANCE), answered("12:00", "declined", IT),
        offered("13:00", FINANCE, 2), answered("13:30", "accepted", FINANCE, 2),
        offered("14:00", LEGAL, 3, FINANCE),
    )  # fmt: skip

    assert (found.hops, found.aba, found.returns) == (4, 2, 2)
    assert found.detours == [[IT, FINANCE, 2 * HOUR], [FINANCE, IT, HOUR]]


def test_a_handoff_taken_back_is_no_detour():
    assert facts(*TAKEN, offered("10:00", FINANCE), answered("11:00", "withdrawn", IT)).detours == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_there_are_as_many_detours_as_straight_returns_and_parts_make_up_the_whole(seed):
    life = Lives(seed=seed, calendar=ALWAYS).life(random.Random(seed).randrange(1000))
    result = fold(life, WORKTIMES.__getitem__)
    found = result.facts

    assert len(found.detours) == found.aba
    assert sum(one.passed_untouched for one in result.offers) <= found.hops
    parts = [found.held_by_supplier_ws, found.held_by_others_ws, found.held_by_customer_ws,
             found.held_by_third_party_ws, found.held_by_nobody_ws]  # fmt: skip
    if found.delivered_at:
        assert sum(parts) == found.full_resolution_ws


# ── Pauses at the last moment ────────────────────────────────────────────────


@pytest.mark.parametrize(("paused_at", "late"), [("12:35", 0), ("12:36", 1), ("12:59", 1), ("13:00", 1), ("13:01", 0)])
def test_a_pause_counts_as_late_in_the_last_tenth_of_the_target(paused_at, late):
    found = facts(
        filed("09:00", targets={"resolution": target(4 * HOUR)}), event("09:10", "request.accepted"),
        event(paused_at, "request.held", reason="customer"),
    )  # fmt: skip

    assert (found.customer_holds, found.late_pauses) == (1, late)


def test_without_a_target_and_for_others_no_pause_is_late():
    waits = event("12:50", "request.held", reason="third_party", pauses=False)
    assert facts(*TAKEN, event("12:50", "request.held", reason="customer")).late_pauses == 0
    assert facts(filed("09:00", targets={"resolution": target(4 * HOUR)}), waits).late_pauses == 0


def test_said_by_the_customer_is_not_said_by_the_department():
    assert untouched(*TAKEN, *TO_FINANCE, said("12:00", "customer"), *ON_TO_LEGAL) == [True, False]
