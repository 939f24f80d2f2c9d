"""The steps of a request and the time between them, whatever order the events come in."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts.fold import fold
from metrics.facts.path import STEP_OF
from metrics.facts.states import Happening, Step
from tests.metrics.story import ALWAYS, FINANCE, HOUR, IT, LEGAL, OFFICE, WORKTIMES, answered, at, event, filed, offered


def path_of(*events):
    life = fold(events, WORKTIMES.__getitem__).facts
    return [Step(step).name.lower() for step in life.path], life.path_ws, life.path_cs


def test_a_plain_life_goes_from_step_to_step_over_a_night():
    assert path_of(
        filed("09:00"),
        event("10:00", "request.accepted"),
        event("10:30", "request.started"),
        event("12:00", "request.delivered"),
        event("04-09 09:30", "request.confirmed"),
    ) == (
        ["filed", "accepted", "started", "delivered", "confirmed"],
        [HOUR, HOUR // 2, 3 * HOUR // 2, 5 * HOUR + HOUR // 2],
        [HOUR, HOUR // 2, 3 * HOUR // 2, 21 * HOUR + HOUR // 2],
    )


def test_a_hold_says_whether_it_waits_for_the_customer():
    steps, _ws, _cs = path_of(
        filed(),
        event("10:00", "request.held", reason="customer"),
        event("11:00", "request.resumed"),
        event("12:00", "request.held", reason="part"),
        event("13:00", "request.held"),
    )

    assert steps == ["filed", "held_customer", "resumed", "held_other", "held_other"]


@pytest.mark.parametrize(
    ("answer", "step"),
    [("accepted", "handed_over"), ("declined", "given_back"), ("withdrawn", "not_taken"), ("expired", "not_taken")],
)
def test_an_offer_is_followed_by_its_answer(answer, step):
    assert path_of(filed(), offered("10:00", FINANCE), answered("11:00", answer, FINANCE))[0] == [
        "filed", "offered", step,
    ]  # fmt: skip


def test_words_ratings_and_new_priorities_are_no_steps():
    steps, _ws, _cs = path_of(
        filed(),
        event("10:00", "message.public", side="supplier"),
        event("10:05", "request.assigned", assignee=1),
        event("10:10", "request.reprioritised", after={"priority": 1}),
        event("10:20", "rating.given", overall=5),
        event("10:30", "request.declined"),
    )

    assert steps == ["filed", "declined"]


def test_a_step_dated_before_the_filing_counts_as_at_it():
    assert path_of(filed("12:00"), event("10:00", "request.accepted"), event("13:00", "request.delivered")) == (
        ["filed", "accepted", "delivered"], [0, HOUR], [0, HOUR],
    )  # fmt: skip


def test_a_request_that_was_only_filed_has_one_step_and_no_wait():
    assert path_of(filed()) == (["filed"], [], [])


happenings = st.lists(
    st.tuples(
        st.sampled_from([*STEP_OF, "message.public", "request.assigned", "request.filed"]),
        st.integers(1, 400),
        st.sampled_from([IT, FINANCE, LEGAL]),
        st.sampled_from(["customer", "part"]),
    ),
    max_size=20,
)


def told(chosen, calendar):
    """The filing, then the events, each later than the one before."""
    when = at("03-27 08:00")
    events = [filed("03-27 08:00", calendar=calendar)]
    for kind, minutes, department, reason in chosen:
        when += timedelta(minutes=minutes)
        data = filed().data if kind == "request.filed" else {}
        data = data | {"department": department, "to": department, "handoff": 1, "reason": reason}
        events.append(Happening(kind, when, 1, data))
    return events


@settings(max_examples=150, deadline=None)
@given(happenings, st.sampled_from([OFFICE, ALWAYS, None]), st.randoms(use_true_random=False))
def test_any_order_and_any_repeats_give_the_same_path(chosen, calendar, dice: random.Random):
    events = told(chosen, calendar)
    mixed = events[1:] + [event for event in events[1:] if dice.random() < 0.5]
    dice.shuffle(mixed)

    assert path_of(events[0], *mixed) == path_of(*events)


@settings(max_examples=150, deadline=None)
@given(happenings, st.sampled_from([OFFICE, ALWAYS, None]))
def test_the_waits_add_up_to_the_time_from_the_filing_to_the_last_step(chosen, calendar):
    events = told(chosen, calendar)
    steps, working, wall = path_of(*events)
    last = max([event.at for event in events[1:] if event.kind in STEP_OF], default=events[0].at)

    whole = (last - events[0].at) // timedelta(seconds=1)
    assert sum(wall) == whole
    assert sum(working) == (
        WORKTIMES[calendar].micros_between(events[0].at, last) // 1_000_000 if calendar else whole
    )  # fmt: skip
    assert len(working) == len(wall) == len(steps) - 1
    assert min([*working, *wall], default=0) >= 0
