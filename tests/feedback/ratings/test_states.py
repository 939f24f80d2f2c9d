"""What a rating can hold, and the days in which one may give and change it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.ratings import states
from feedback.ratings.states import Answer, Dimension
from requests_app.kernel.errors import WrongInput

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANYTHING = st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.text(max_size=3))
SCORE = st.integers(1, 5)
ANSWERS = st.builds(
    Answer,
    overall=SCORE,
    dimensions=st.dictionaries(st.sampled_from(Dimension.values), SCORE),
    effort=st.none() | SCORE,
    comment=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=50),
    share_with_team=st.booleans(),
)


def test_every_dimension_has_its_question():
    assert set(states.QUESTIONS) == set(Dimension)


@given(ANSWERS)
def test_a_right_answer_is_kept_as_it_is_but_for_blanks_around_the_comment(answer):
    kept = states.checked(answer)

    assert (kept.overall, kept.dimensions, kept.effort) == (answer.overall, answer.dimensions, answer.effort)
    assert kept.comment == answer.comment.strip()
    assert states.checked(kept) == kept


@given(ANYTHING)
def test_only_whole_numbers_from_1_to_5_are_scores(value):
    right = type(value) is int and 1 <= value <= 5

    for answer, blank in [
        (Answer(overall=value), False),
        (Answer(overall=3, effort=value), value is None),
        (Answer(overall=3, dimensions={"empathy": value}), value is None),
    ]:
        if right or blank:
            states.checked(answer)
        else:
            with pytest.raises(WrongInput):
                states.checked(answer)


def test_every_mistake_is_named_at_once_each_with_its_remedy():
    answer = Answer(overall=0, dimensions={"empathy": 6, "charm": 5}, effort=9, comment="\x00")

    with pytest.raises(WrongInput) as refused:
        states.checked(answer)

    assert refused.value.errors == {
        "overall": ["Choose a whole number from 1 to 5."],
        "dimensions.empathy": ["Choose a whole number from 1 to 5, or leave it out."],
        "dimensions.charm": ["The dimensions are: reliability, assurance, tangibles, empathy, responsiveness."],
        "effort": ["Choose a whole number from 1 to 5, or leave it out."],
        "comment": ["This holds characters that cannot be stored. Remove them."],
    }


def test_a_comment_that_is_too_long_is_refused():
    states.checked(Answer(overall=3, comment="x" * states.LONGEST_COMMENT))

    with pytest.raises(WrongInput, match="At most 4000 characters fit"):
        states.checked(Answer(overall=3, comment="x" * (states.LONGEST_COMMENT + 1)))


def test_a_dimension_left_blank_is_left_out():
    assert states.checked(Answer(overall=3, dimensions={"empathy": None, "assurance": 4})).dimensions == {
        "assurance": 4
    }


@given(ANSWERS, ANSWERS)
def test_a_score_alone_takes_back_no_other_word(before, later):
    alone = states.completed(Answer(overall=later.overall), before)

    assert alone == Answer(later.overall, before.dimensions, before.effort, before.comment, before.share_with_team)


def test_what_is_filled_in_replaces_what_was_there():
    before = Answer(1, {"empathy": 1, "assurance": 2}, 1, "Slow.", False)
    later = Answer(5, {"empathy": 5}, 5, " Better. ", True)

    assert states.completed(later, before) == Answer(5, {"empathy": 5, "assurance": 2}, 5, "Better.", True)


def test_a_delivery_may_be_rated_for_30_days_and_a_rating_changed_for_7():
    assert states.open_until(NOON) == NOON + timedelta(days=30)
    assert states.change_until(NOON) == NOON + timedelta(days=7)
