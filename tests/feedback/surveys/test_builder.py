"""The builder: refusals at their fields, moving and taking away, words at the ends, and in which language they lack."""

import pytest

from feedback.surveys.arranging import place_after
from feedback.surveys.languages import lacking, missing_in
from feedback.surveys.questions import checked_questions, items_of
from feedback.surveys.services import newest_version
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person
from tests.factories.surveys import CHOICE, OVERALL, QUESTIONS, answer_all, closed, crowd, opened, survey_of

pytestmark = pytest.mark.django_db
HERE = "/feedback/surveys/"
ENDS = {"low": {"en": "hard", "ru": "трудно"}, "high": {"en": "easy"}}


def text_of(answer) -> str:
    return answer.content.decode()


def refused(client, survey, **typed) -> dict:
    answer = client.post(f"{HERE}{survey.pk}/questions/new/", {"kind": "single", "text_en": "Which?"} | typed)
    assert answer.status_code == 400
    return answer.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({}, "parts_en", "Give from 2 to 30"),
        ({"parts_ru": "Одно"}, "parts_ru", "Give from 2 to 30"),
        ({"kind": "matrix5"}, "parts_en", "Give from 1 to 30"),
        ({"parts_en": "A\n a "}, "parts_en", "“a” stands here twice"),
        ({"parts_en": "A\nB\nC", "parts_ru": "А\nБ"}, "parts_en", "as many answers"),
        ({"text_en": "", "parts_en": "A\nB"}, "text_en", "Write the question"),
        ({"parts_en": "\n".join(map(str, range(31)))}, "parts_en", "Give from 2 to 30"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_question_stands_at_its_field(company, as_browser, typed, field, words):
    errors = refused(as_browser(company.supplier_head), survey_of(company), **typed)
    assert (list(errors), words in errors[field][0]) == ([field], True)


def test_two_equal_answers_are_refused_whoever_sends_them(company, as_api):
    options = [{"key": "a", "text": {"en": "Yes"}}, {"key": "b", "text": {"en": "yes "}}]
    with pytest.raises(WrongInput) as wrong:
        checked_questions([CHOICE | {"options": options}])
    assert wrong.value.errors == {"questions": ["Question 1: The answer or statement “yes” stands there twice."]}
    checked_questions([CHOICE | {"options": [options[0], {"key": "b", "text": {"ru": "Yes"}}]}])


def test_a_question_is_taken_away_only_after_it_was_asked(company, as_browser):
    survey, head = survey_of(company), as_browser(company.supplier_head)
    there = f"{HERE}{survey.pk}/questions/q2/remove/"
    assert there in text_of(head.get(f"{HERE}{survey.pk}/"))
    body = text_of(head.get(there))
    assert ("Remove the question?" in body, "Which one?" in body, "This · That" in body) == (True, True, True)
    assert len(newest_version(survey).questions) == 3
    assert head.post(there)["Location"] == f"{HERE}{survey.pk}/#question-q3"
    assert [one["key"] for one in newest_version(survey).questions] == ["q1", "q3"]
    assert [head.get(f"{HERE}{survey.pk}/questions/{path}/").status_code for path in ("q2/remove", "q1/up")] == [
        404
    ] * 2
    assert as_browser(company.customer_head).get(f"{HERE}{survey.pk}/questions/q1/remove/").status_code == 403


def test_after_each_step_the_address_names_the_place_to_go_on(company, as_browser):
    survey, head = survey_of(company), as_browser(company.supplier_head)
    there = f"{HERE}{survey.pk}/"
    found = [head.post(f"{there}questions/{step}/")["Location"] for step in ("q1/down", "q1/down", "q1/up", "q1/up")]
    assert found == [f"{there}#down-q1", f"{there}#down-q1", f"{there}#up-q1", f"{there}#up-q1"]
    body = text_of(head.get(there))
    assert [name for name in ("up-q1", "down-q3", "question-q2", "add") if f'id="{name}"' not in body] == []
    places = [place_after(QUESTIONS, key, "remove") for key in ("q1", "q3", "q9")]
    assert (places, place_after(QUESTIONS[:1], "q1", "remove")) == (
        ["question-q2", "question-q2", "question-q2"], "add",
    )  # fmt: skip


def test_words_at_the_ends_are_typed_shown_and_told_with_the_results(company, as_browser):
    crowd(company.sales, 6)
    survey, head = survey_of(company, []), as_browser(company.supplier_head)
    typed = {"kind": "scale5", "text_en": "How was it?", "low_en": "hard", "low_ru": "трудно", "high_en": "easy"}
    head.post(f"{HERE}{survey.pk}/questions/new/", typed)
    (question,) = newest_version(survey).questions
    assert question["ends"] == ENDS
    assert 'value="трудно"' in text_of(head.get(f"{HERE}{survey.pk}/questions/q1/"))
    assert "hard … easy" in text_of(head.get(f"{HERE}{survey.pk}/"))
    campaign = opened(company, survey)
    answering = text_of(as_browser(company.requester).get(f"{HERE}campaigns/{campaign.pk}/answer/"))
    assert ('aria-label="1: hard"' in answering, 'aria-label="5: easy"' in answering) == (True, True)
    answer_all(campaign, [{"q1": 3}] * 6)
    closed(company, campaign)
    results = text_of(head.get(f"{HERE}campaigns/{campaign.pk}/results/"))
    assert ("1<small" in results, ">hard</small>" in results, ">easy</small>" in results) == (True, True, True)


@pytest.mark.parametrize("ends", ["x", {"left": {"en": "a"}}, {"low": "a"}, {"low": {"fr": "a"}}], ids=str)
def test_ends_that_are_none_are_refused(ends):
    with pytest.raises(WrongInput):
        checked_questions([OVERALL | {"ends": ends}])


def test_ends_are_left_out_where_empty_or_where_there_is_no_scale():
    assert "ends" not in checked_questions([OVERALL | {"ends": {"low": {"en": ""}}}])[0]
    assert "ends" not in checked_questions([CHOICE | {"ends": ENDS}])[0]
    (item,) = items_of(checked_questions([OVERALL | {"ends": ENDS}]))
    assert (item.low, item.high) == ("hard", "easy")


def test_which_words_are_missing_is_known_by_language():
    questions = checked_questions([OVERALL | {"ends": ENDS}, CHOICE, OVERALL | {"key": "q4"}])
    assert lacking(questions) == {"en": [], "ru": ["q1", "q2"], "zh-hans": ["q1", "q2", "q4"]}
    assert [(one.place, one.text) for one in missing_in(questions, "ru")] == [(1, "How was it?"), (2, "Which one?")]


def test_the_preview_is_there_in_every_language_and_says_what_is_missing(company, as_browser, as_api):
    survey = survey_of(company)
    page, head = f"{HERE}{survey.pk}/preview/", as_browser(company.supplier_head)
    english, russian = text_of(head.get(page)), text_of(head.get(f"{page}?in=ru"))
    assert ("How was it?" in english, "lack words" in english) == (True, False)
    assert ("Как было?" in russian, "How was it?" in russian, "lack words" in russian) == (True, False, True)
    assert f"{HERE}{survey.pk}/questions/q2/" in russian
    assert head.get(f"{page}?in=fr").status_code == 200
    api = as_api(company.supplier_head).get(f"/api/v1/surveys/{survey.pk}/").json()
    assert api["lacking"] == {"en": [], "ru": ["q2", "q3"], "zh-hans": ["q1", "q2", "q3"]}


def test_somebody_is_found_by_a_part_of_the_name_and_chosen_where_several_fit(company, as_browser):
    crowd(company.sales, 5)
    questions = [{"key": "who", "kind": "person", "text": {"en": "Who helped?"}, "required": True}, OVERALL]
    campaign = opened(company, survey_of(company, questions), anonymous=False)
    client, page = as_browser(company.requester), f"{HERE}campaigns/{campaign.pk}/answer/"

    found = client.post(page, {"who": "sales", "find": "who"})
    assert (found.status_code, found.context["form"].errors, campaign.answers.count()) == (200, {}, 0)
    people = crowd_of(found)
    assert [one.startswith("sales") for one in people[:5]] == [True] * 5
    several = client.post(page, {"who": "sales", "q1": "4"})
    assert several.context["form"].errors == {"who": ["Several people fit. Choose one of them."]}
    nobody = client.post(page, {"who": "zzz", "find": "who"})
    assert "Nobody of this name" in nobody.context["form"].errors["who"][0]
    assert client.post(page, {"who": "zzz", "q1": "4"}).status_code == 400
    assert client.post(page, {"who": "sales", "who_pick": people[1], "q1": "4"})["Location"]
    assert campaign.answers.get().values["who"] == Person.objects.get(email=people[1]).pk
    client.post(page, {"who": company.agent.name, "q1": "4"})  # one fits
    assert campaign.answers.get().values["who"] == company.agent.pk
    stranger = client.post(page, {"who": "sales", "who_pick": company.agent.email, "q1": "4"})
    assert stranger.status_code == 400  # what is chosen has to fit what was typed


def crowd_of(answer) -> list[str]:
    return [person.email for person in answer.context["form"].fields["who"].found]


def test_suggestions_come_for_whichever_field_asks(company, as_browser):
    client = as_browser(company.requester)
    told = text_of(client.get(f"/people/suggestions/?field=who&who={company.agent.name[:4]}"))
    assert company.agent.email in told
