"""What a questionnaire may hold, and which answer fits."""

import pytest
from django.utils.translation import override

from feedback.surveys.arranging import free_key, rearranged, with_question
from feedback.surveys.questions import (
    Known,
    checked_answer,
    checked_questions,
    items_of,
)
from feedback.surveys.ready import TITLES, ready_questions
from feedback.surveys.states import EVENTS, LANGUAGES, MEANING, READY, SOURCES, CampaignState, Step
from requests_app.events.states import KINDS
from requests_app.kernel.errors import WrongInput
from tests.factories.surveys import CHOICE, OVERALL, QUESTIONS, WHY

KNOWN = Known(departments=lambda slugs: {"it", "sales"} & set(slugs), person={"ann@x.test": 7}.get)
MATRIX = {
    "key": "m",
    "kind": "matrix7",
    "text": {"en": "Agree?"},
    "rows": [{"key": "a", "text": {"en": "A"}}, {"key": "b", "text": {"en": "B"}}],
}
MANY = {"key": "s", "kind": "multiple", "text": {"en": "Some"}, "options": CHOICE["options"]}


def asked(kind: str, **more) -> dict:
    return {"key": "q", "kind": kind, "text": {"en": "What?"}} | more


def test_tables_of_kinds_states_and_events_hang_together():
    assert MEANING.keys() == set(CampaignState.values)
    assert SOURCES.keys() == set(Step) - {Step.STOP}  # which is possible in every state
    assert set(EVENTS) <= KINDS
    assert TITLES.keys() == set(READY)


@pytest.mark.parametrize("name", READY)
def test_ready_questionnaires_are_whole_in_three_languages(name):
    questions = checked_questions(ready_questions(name))
    texts = [one["text"] for question in questions for one in (question, *question.get("rows", []))]
    assert [text for text in texts if set(text) != set(LANGUAGES)] == []
    assert items_of(questions) != []


def test_the_yearly_one_asks_each_dimension_as_it_is_as_it_should_be_and_for_points():
    items = items_of(checked_questions(ready_questions("service_year")))
    counts = {
        measure: sum(item.measure == measure for item in items)
        for measure in ("perception", "expectation", "importance")
    }
    assert counts == {"perception": 15, "expectation": 15, "importance": 5}
    assert {item.dimension for item in items if item.dimension} == {
        "reliability", "assurance", "tangibles", "empathy", "responsiveness",
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        None, {}, ["x"], [{}], [asked("song")], [asked("text", key="Q 1")], [asked("text", key=5)], [asked("text", text="no")],
        [asked("text", text={"en": ""})], [asked("text", text={"fr": "oui"})], [asked("text", text={"en": 5})],
        [asked("text", text={"en": "a\x00"})], [asked("text", text={"en": "x" * 501})], [asked("single")],
        [asked("single", options=[{"key": "a", "text": {"en": "A"}}])], [asked("single", options=[{}, {}])],
        [asked("single", options=[{"key": "a", "text": {"en": "A"}}] * 2)], [asked("matrix5", rows=[])], [WHY, WHY],
        [asked("text", measure="height")], [asked("text", dimension="A B")], [asked("text", key=f"q{n}") for n in range(81)],
    ],
    ids=lambda raw: str(raw)[:60],
)  # fmt: skip
def test_what_no_questionnaire_can_be_is_refused_under_questions(raw):
    with pytest.raises(WrongInput) as refused:
        checked_questions(raw)
    assert list(refused.value.errors) == ["questions"]


def test_a_text_is_read_in_ones_language_else_in_the_first_there_is():
    with override("ru"):
        assert [item.text for item in items_of(checked_questions(QUESTIONS))] == ["Как было?", "Which one?", "Why?"]
    with override("zh-hans"):
        assert items_of(checked_questions([OVERALL]))[0].text == "How was it?"


def test_questions_are_added_changed_moved_and_taken_away():
    keys = lambda questions: [one["key"] for one in questions]  # noqa: E731
    assert free_key(QUESTIONS) == "q4"
    assert keys(with_question(QUESTIONS, asked("text"))) == ["q1", "q2", "q3", "q"]
    assert with_question(QUESTIONS, OVERALL | {"required": False})[0]["required"] is False
    assert keys(rearranged(QUESTIONS, "q2", "up")) == ["q2", "q1", "q3"]
    assert keys(rearranged(QUESTIONS, "q1", "up")) == ["q1", "q2", "q3"]
    assert keys(rearranged(QUESTIONS, "q1", "down")) == ["q2", "q1", "q3"]
    assert keys(rearranged(QUESTIONS, "q3", "down")) == ["q1", "q2", "q3"]
    assert keys(rearranged(QUESTIONS, "q2", "remove")) == ["q1", "q3"]
    assert keys(rearranged(QUESTIONS, "nothing", "remove")) == ["q1", "q2", "q3"]


@pytest.mark.parametrize(
    ("question", "value", "kept"),
    [
        (OVERALL, 5, 5), (CHOICE, "b", "b"), (MANY, ["b", "a"], ["a", "b"]), (WHY, " because ", "because"),
        (asked("number"), 2.5, 2.5), (asked("department"), ["sales", "it"], ["it", "sales"]),
        (asked("person"), "ann@x.test", 7),
    ],
)  # fmt: skip
def test_an_answer_that_fits_is_kept(question, value, kept):
    questions = checked_questions([question])
    assert checked_answer(questions, {question["key"]: value}, KNOWN) == {question["key"]: kept}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (OVERALL, 0), (OVERALL, 6), (OVERALL, "5"), (OVERALL, True), (OVERALL, 2.5), (OVERALL, None), (CHOICE, "c"),
        (CHOICE, ["a"]), (MANY, "a"), (MANY, ["c"]), (MANY, [["a"]]), (WHY, 5), (WHY, "x" * 4001), (WHY, "a\x00"),
        (asked("number"), "5"), (asked("number"), True), (asked("number"), float("nan")), (asked("number"), 10**10),
        (asked("department"), ["nowhere"]), (asked("department"), "it"), (asked("department"), [5]),
        (asked("person"), "nobody@x.test"), (asked("person"), 7),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused_under_its_key(question, value):
    with pytest.raises(WrongInput) as refused:
        checked_answer(checked_questions([question]), {question["key"]: value}, KNOWN)
    assert list(refused.value.errors) == [question["key"]]


def test_statements_of_a_matrix_are_answered_one_by_one_and_headings_not_at_all():
    questions = checked_questions([asked("section"), MATRIX])
    assert checked_answer(questions, {"m__a": 7}, KNOWN) == {"m__a": 7}
    with pytest.raises(WrongInput) as refused:
        checked_answer(questions, {"q": "x", "m__c": 1}, KNOWN)
    assert sorted(refused.value.errors) == ["m__c", "q"]
    with pytest.raises(WrongInput):
        checked_answer(questions, [], KNOWN)
