"""Terms replayed over a past give what the facts hold, when they are the terms that held; and other terms the rest."""

from datetime import UTC, date, datetime, timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts.states import Facts, Happening
from metrics.whatif.engine import Replay
from metrics.whatif.states import Flip, Past, Share, months_before, nearest_rank
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.states import Days
from requests_app.agreements.terms import Terms
from requests_app.calendars.workdays import DayRule
from tests.metrics.story import ALWAYS, BERLIN, HOUR, OFFICE, WORKTIMES, at, answered, event, facts, filed, offered, said, target

RULE = DayRule("Europe/Berlin")
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def past_of(found: Facts, number: int = 1) -> Past:
    row = vars(found) | {"request_id": number, "created_day": found.created_at.astimezone(BERLIN).date()}
    return Past(*(row[name] for name in Past._fields))


def replay(terms: Terms, *founds: Facts, now: datetime = NOW) -> Replay:
    done = Replay(terms, lambda version, _at: Gauge(WORKTIMES[version or OFFICE], RULE), now)
    done.take_in(past_of(found, number) for number, found in enumerate(founds, 1))
    return done


def share(done: Replay, measure: str = "resolution") -> tuple[int, int]:
    would = done.result.measures[measure].overall.would
    return would.kept, would.missed


def resolved_within(seconds: int, **more) -> Terms:
    return Terms(targets={"resolution": {3: seconds}}, **more)


def test_a_looser_target_keeps_and_a_stricter_one_misses():
    one = facts(filed("09:00"), event("09:30", "request.accepted"), event("12:00", "request.delivered"))

    assert share(replay(resolved_within(3 * HOUR), one)) == (1, 0)
    assert share(replay(resolved_within(3 * HOUR - 1), one)) == (0, 1)


def test_a_pause_counts_only_where_the_terms_say_so():
    one = facts(
        filed("09:00"), event("09:30", "request.accepted"), event("10:00", "request.held", reason="part", pauses=False),
        event("12:00", "request.resumed"), event("12:30", "request.delivered"),
    )  # fmt: skip

    assert share(replay(resolved_within(2 * HOUR), one)) == (0, 1)
    assert share(replay(resolved_within(2 * HOUR, pausing=("part",)), one)) == (1, 0)


def test_a_rejected_delivery_is_neither_work_nor_waiting():
    one = facts(
        filed("09:00"), event("09:30", "request.accepted"), event("10:00", "request.delivered"),
        event("14:00", "request.rejected"), event("15:00", "request.delivered"),
    )  # fmt: skip
    assert share(replay(resolved_within(2 * HOUR), one)) == (1, 0)


def test_a_reopening_begins_anew_where_the_terms_say_so():
    one = facts(
        filed("09:00"), event("09:30", "request.accepted"), event("10:00", "request.delivered"),
        event("10:30", "request.confirmed"), event("14:00", "request.reopened"), event("15:30", "request.delivered"),
    )  # fmt: skip
    assert share(replay(resolved_within(2 * HOUR), one)) == (0, 1)
    assert share(replay(resolved_within(2 * HOUR, reopening="restart"), one)) == (1, 0)


def test_a_target_in_working_days_is_replayed_as_days():
    one = facts(filed("09:00"), event("09:30", "request.accepted"), event("04-10 08:00", "request.delivered"))
    assert share(replay(Terms(targets={"resolution": {3: Days(2)}}), one)) == (1, 0)
    assert share(replay(Terms(targets={"resolution": {3: Days(1)}}), one)) == (0, 1)


def test_open_and_overdue_is_missed_and_open_in_time_is_not_judged():
    one = facts(filed("09:00"), event("09:30", "request.accepted"))
    assert share(replay(resolved_within(HOUR), one)) == (0, 1)
    assert share(replay(resolved_within(HOUR), one, now=at("09:45"))) == (0, 0)


def test_what_was_cancelled_in_time_is_not_judged_and_what_was_late_before_is_missed():
    one = facts(filed("09:00"), event("11:00", "request.cancelled"))
    assert share(replay(resolved_within(3 * HOUR), one)) == (0, 0)
    assert share(replay(resolved_within(HOUR), one)) == (0, 1)


def test_what_the_terms_do_not_promise_is_counted_apart():
    one = facts(filed("09:00", priority=4), event("10:00", "request.delivered"))
    done = replay(resolved_within(HOUR), one)
    assert (done.result.n, done.result.without_target, share(done)) == (1, 1, (0, 0))


def test_the_requests_that_flip_are_named_and_confidential_ones_marked():
    life = (event("09:30", "request.accepted"), event("12:00", "request.delivered"))
    targets = {"resolution": target(2 * HOUR)}
    plain = facts(filed("09:00", targets=targets), *life)
    secret = facts(filed("09:00", targets=targets, privacy="confidential"), *life)
    done = replay(resolved_within(4 * HOUR), plain, secret)
    flips = [Flip(1, "resolution", True), Flip(2, "resolution", True, confidential=True)]
    assert (done.result.take_flips(), done.result.take_flips()) == (flips, [])
    assert done.result.flips_in_all == 2


def test_tables_add_up_to_the_whole():
    days = [facts(filed(f"0{month}-08 09:00", priority=3), event(f"0{month}-08 12:00", "request.delivered"))
            for month in (3, 4, 4, 5)]  # fmt: skip
    tally = replay(resolved_within(4 * HOUR), *days).result.measures["resolution"]
    assert {month: pair.would.n for month, pair in tally.by_month.items()} == {"2026-03": 1, "2026-04": 2, "2026-05": 1}
    assert sum(pair.would.n for pair in tally.by_priority.values()) == tally.overall.would.n == 4


@pytest.mark.parametrize(
    ("times", "share", "minutes"),
    [
        ([60, 120, 180, 240, 300], 80, 4),
        ([60, 120, 180, 240, 301], 95, 6),
        ([60, 120, 180, 240, inf], 80, 4),
        ([60, 120, 180, 240, inf], 90, None),
        ([0], 80, 1),
        ([], 80, None),
    ],
)
def test_suggested_targets_are_nearest_ranks_in_whole_minutes_that_open_ones_cannot_flatter(times, share, minutes):
    assert nearest_rank(times, share) == (minutes and minutes * 60)


def test_a_share_of_nothing_is_no_share():
    assert Share().as_json() == {"kept": 0, "missed": 0, "n": 0, "share": None, "low": None, "high": None}


# ── The property: the terms that held give what the facts hold ──

REASONS = ("customer", "third_party", "part", "other")
NEXT = {
    "new": ("accepted", "answered", "cancelled", "reprioritised"),
    "working": ("held", "delivered", "answered", "cancelled", "reprioritised"),
    "on_hold": ("resumed", "delivered", "cancelled", "reprioritised"),
    "delivered": ("rejected", "confirmed"),
    "closed": ("reopened", "end"),
    "end": ("end",),
}
LEADS = {
    "accepted": "working", "held": "on_hold", "resumed": "working", "delivered": "delivered", "rejected": "working",
    "confirmed": "closed", "reopened": "working", "cancelled": "end", "end": "end",
}  # fmt: skip


@st.composite
def histories(draw) -> tuple[list[Happening], Terms]:
    """A plausible life around both clock changes, and the terms it was promised under."""
    pausing = tuple(draw(st.sets(st.sampled_from(REASONS))))
    hours = {priority: draw(st.integers(1, 60)) * 1800 for priority in (2, 3)}
    response = {priority: draw(st.integers(1, 20)) * 900 for priority in (2, 3)}
    terms = Terms(targets={"response": response, "resolution": hours}, pausing=pausing)
    calendar = draw(st.sampled_from([OFFICE, ALWAYS]))
    clock = draw(st.sampled_from([datetime(2026, 3, 26, 8, tzinfo=UTC), datetime(2026, 10, 22, 20, tzinfo=UTC)]))

    def promised(priority: int) -> dict:
        return {name: target(terms.targets[name][priority], calendar) for name in ("response", "resolution")}

    start = filed(priority=3, calendar=calendar, targets=promised(3))
    events, state, priority = [start._replace(at=clock)], "new", 3
    for _step in range(draw(st.integers(0, 9))):
        clock += timedelta(minutes=draw(st.integers(1, 3000)))
        step = draw(st.sampled_from(NEXT[state]))
        if step == "end":
            break
        if step == "answered":
            events.append(said("09:00", "supplier")._replace(at=clock))
        elif step == "reprioritised":
            priority = 5 - priority
            after = {"priority": priority, "urgency": 2, "impact": 2}
            data = {"before": {}, "after": after, "reason": "x", "targets": promised(priority)}
            events.append(event("09:00", "request.reprioritised", **data)._replace(at=clock))
        else:
            reason = draw(st.sampled_from(REASONS))
            data = {"reason": reason, "pauses": reason in pausing} if step == "held" else {}
            events.append(event("09:00", f"request.{step}", **data)._replace(at=clock))
            state = LEADS[step]
    return events, terms


@settings(max_examples=400, deadline=None)
@given(histories())
def test_the_terms_that_held_give_exactly_what_the_facts_hold(history):
    events, terms = history
    found = facts(*events)
    done = replay(terms, found)
    for measure in ("response", "resolution"):
        pair = done.result.measures[measure].overall
        assert (pair.would.kept, pair.would.missed) == (pair.was.kept, pair.was.missed), measure
    assert done.result.flips_in_all == 0
