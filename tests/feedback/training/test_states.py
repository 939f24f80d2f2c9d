"""How a test is judged, how long a certificate holds, how questions are typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.training.states import (
    Question,
    count_right,
    has_passed,
    questions_of,
    read_questions,
    valid_until,
    written,
)
from tests.factories.training import QUESTIONS, RIGHT

TYPED = """Who decides whether a delivery is right?
- The supplier
* The customer

What belongs into a handover?
* A reason
- Blame
* A new owner
"""


@pytest.mark.parametrize(
    ("right", "of", "percent", "passed"),
    [(7, 10, 70, True), (6, 10, 70, False), (2, 3, 66, True), (2, 3, 67, False), (0, 5, 1, False), (5, 5, 100, True)],
)
def test_the_pass_mark_is_reached_exactly(right, of, percent, passed):
    assert has_passed(right, of, percent) is passed


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 26), 24, date(2028, 11, 26)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_a_certificate_holds_for_whole_months(day, months, last):
    assert valid_until(day, months) == last


def test_a_question_counts_only_with_every_right_answer_and_no_other():
    assert count_right(QUESTIONS, RIGHT) == 2
    assert count_right(QUESTIONS, {0: frozenset({1}), 1: frozenset({0})}) == 1
    assert count_right(QUESTIONS, {0: frozenset({0}), 1: frozenset({0, 1, 2})}) == 0
    assert count_right(QUESTIONS, {}) == 0


def test_questions_are_typed_as_lines_with_a_star_before_what_is_right():
    assert read_questions(TYPED) == (list(QUESTIONS), [])
    assert written(QUESTIONS) == TYPED.strip()
    assert read_questions("") == ([], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Alone", ["Question 1: give from 2 to 10 answers.", "Question 1: mark the right answers with a star."]),
        ("Why?\n- A\n- B", ["Question 1: mark the right answers with a star."]),
        ("Why?\n* A\n- A", ["Question 1: two answers are the same."]),
        ("* A\n- B", ["Question 1: write the question in one line."]),
        (f"{TYPED}\nWhy?\n* A", ["Question 3: give from 2 to 10 answers."]),
    ],
    ids=["no answers", "none right", "twice the same", "no question", "the third"],
)
def test_what_is_wrong_with_a_question_is_told_by_its_number(typed, said):
    assert read_questions(typed)[1] == said


lines = st.sampled_from(["Why?", "A", "the supplier", "B - C", "x * y", "一", "Да", "42"])


@st.composite
def some_questions(draw) -> list[Question]:
    made = []
    for _number in range(draw(st.integers(1, 4))):
        options = tuple(draw(st.lists(lines, min_size=2, max_size=5, unique=True)))
        right = frozenset(draw(st.sets(st.integers(0, len(options) - 1), min_size=1)))
        made.append(Question(draw(lines), "multiple" if len(right) > 1 else "single", options, right))
    return made


@given(some_questions())
def test_what_was_written_reads_the_same_and_its_own_answers_are_right(questions):
    assert read_questions(written(questions)) == (questions, [])
    assert questions_of([one.as_data() for one in questions]) == questions
    assert count_right(questions, {place: one.right for place, one in enumerate(questions)}) == len(questions)
