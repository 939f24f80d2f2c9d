"""Terms replayed over a past give what the facts hold, when they are the terms that held; and other terms the rest."""

from datetime import UTC, date, datetime, timedelta
from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts.fold import fold
from metrics.facts.states import Facts
from metrics.whatif.engine import Replay
from metrics.whatif.states import Flip, Past, Share, months_before, nearest_rank
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.states import Days, Time, target_data
from requests_app.agreements.terms import Terms
from requests_app.calendars.workdays import DayRule
from tests.metrics.story import (
    ALWAYS,
    BERLIN,
    FINANCE,
    HOUR,
    OFFICE,
    WORKTIMES,
    answered,
    at,
    event,
    facts,
    filed,
    offered,
    said,
    target,
)

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


def test_a_new_priority_after_a_reopening_that_began_anew_judges_nothing_of_the_first_run():
    one = facts(
        filed("09:00"), event("11:00", "request.delivered"), event("12:00", "request.confirmed"),
        event("12:30", "request.reopened", clock="restart"),
        event("12:40", "request.reprioritised", after={"priority": 2}), event("13:00", "request.delivered"),
    )  # fmt: skip
    terms = Terms(targets={"resolution": {2: HOUR, 3: 3 * HOUR}}, reopening="restart")
    assert share(replay(terms, one)) == (1, 0)


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


def test_work_given_to_somebody_is_taken_on_and_an_answer_alone_is_not():
    one = facts(filed("09:00"), said("09:10", "supplier"), event("10:00", "request.assigned", assignee=1))
    assert share(replay(Terms(targets={"acceptance": {3: HOUR}}), one), "acceptance") == (1, 0)
    assert share(replay(Terms(targets={"acceptance": {3: HOUR - 1}}), one), "acceptance") == (0, 1)


def test_a_word_after_the_end_keeps_nothing():
    one = facts(filed("09:00"), event("09:30", "request.cancelled"), said("09:40", "supplier"))
    assert share(replay(Terms(targets={"response": {3: HOUR}}), one), "response") == (0, 0)


def test_of_two_deliveries_one_after_the_other_the_first_counts():
    one = facts(filed("09:00"), event("10:00", "request.delivered"), event("12:00", "request.delivered"))
    assert share(replay(resolved_within(2 * HOUR), one)) == (1, 0)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 26), 3, date(2026, 8, 26)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 5, 30), 3, date(2024, 2, 29)),
        (date(2026, 2, 10), 12, date(2025, 2, 10)),
    ],
)
def test_months_back_end_on_the_same_day_or_the_last_there_is(day, months, before):
    assert months_before(day, months) == before


# ── The property: the terms that held give what the facts hold ──

REASONS = ("customer", "third_party", "part", "other")
CHANGES_NOTHING = ("answered", "assigned", "reprioritised")
NEXT = {
    "new": ("accepted", "accepted", "accepted", "cancelled", "declined", "handed", *CHANGES_NOTHING),
    "working": ("delivered", "delivered", "delivered", "held", "held", "cancelled", "handed", *CHANGES_NOTHING),
    "on_hold": ("resumed", "resumed", "delivered", "cancelled", "handed", *CHANGES_NOTHING),
    "delivered": ("rejected", "rejected", "confirmed", "confirmed", "reprioritised", "answered"),
    "closed": ("reopened", "reopened", "reopened", "answered"),
    "end": ("answered",),
}
LEADS = {
    "accepted": "working", "held": "on_hold", "resumed": "working", "delivered": "delivered", "rejected": "working",
    "confirmed": "closed", "reopened": "working", "cancelled": "end", "declined": "end", "handed": "working",
}  # fmt: skip
PROMISED = ("response", "acceptance", "resolution")
STARTS = (datetime(2026, 3, 26, 8, tzinfo=UTC), datetime(2026, 10, 22, 20, tzinfo=UTC))  # before the clock changes


class Life:
    """A plausible life as the desk would write it, under terms of its own."""

    def __init__(self, terms: Terms, calendar: int, start: datetime) -> None:
        self.terms, self.calendar, self.clock = terms, calendar, start
        self.state, self.priority = "new", 3
        self.events = [filed(priority=3, calendar=calendar, targets=self.promised())._replace(at=start)]

    def promised(self) -> dict:
        times = {measure: self.terms.targets[measure][self.priority] for measure in PROMISED}
        return {measure: target_data(time) | {"calendar": self.calendar} for measure, time in times.items()}

    def step(self, step: str, reason: str) -> None:
        """One more event, or two; what it is about is drawn by chance as `reason`."""
        special = getattr(self, f"_{step}", None)
        if special:
            special(reason)
        else:
            self._add(f"request.{step}")
        self.state = LEADS.get(step, self.state)

    def _add(self, kind: str, **data) -> None:
        self.events.append(event("09:00", kind, **data)._replace(at=self.clock))

    def _answered(self, reason: str) -> None:
        self.events.append(said("09:00", "supplier")._replace(at=self.clock))

    def _assigned(self, reason: str) -> None:
        self._add("request.assigned", assignee=None if reason == "other" else 1)

    def _held(self, reason: str) -> None:
        self._add("request.held", reason=reason, pauses=reason in self.terms.pausing)

    def _reopened(self, reason: str) -> None:
        self._add("request.reopened", clock=self.terms.reopening)

    def _reprioritised(self, reason: str) -> None:
        self.priority = 5 - self.priority
        self._add("request.reprioritised", after={"priority": self.priority}, targets=self.promised())

    def _handed(self, reason: str) -> None:
        number = len(self.events)
        self.events.append(offered("09:00", FINANCE, number)._replace(at=self.clock))
        self.clock += timedelta(minutes=1)
        self.events.append(answered("09:00", "accepted", FINANCE, number)._replace(at=self.clock))


def a_time(chance: Random) -> Time:
    return Days(chance.randint(1, 6)) if chance.random() < 0.3 else chance.randint(1, 24) * 3000


def life_of(chance: Random) -> Life:
    """Around a clock change, with weekends in between, some steps within the hour and some days apart."""
    terms = Terms(
        targets={measure: {priority: a_time(chance) for priority in (2, 3)} for measure in PROMISED},
        pausing=tuple(reason for reason in REASONS if chance.random() < 0.5),
        reopening=chance.choice(["continue", "restart"]),
    )
    life = Life(terms, chance.choice([OFFICE, ALWAYS]), chance.choice(STARTS))
    for _step in range(chance.randint(1, 12)):
        life.clock += timedelta(minutes=chance.randint(1, chance.choice([60, 400, 3000])))
        life.step(chance.choice(NEXT[life.state]), chance.choice(REASONS))
    return life


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 40_000))
def test_the_terms_that_held_give_exactly_what_the_facts_hold(seed, minutes):
    life = life_of(Random(seed))
    found = fold(life.events, WORKTIMES.__getitem__, lambda _version: RULE)
    assert found is not None
    done = replay(life.terms, found.facts, now=life.clock + timedelta(minutes=minutes))
    for measure, tally in done.result.measures.items():
        pair = tally.overall
        assert (pair.would.kept, pair.would.missed) == (pair.was.kept, pair.was.missed), measure
    assert done.result.flips_in_all == 0
