"""Questions that are asked after certain answers only: who is asked, what is kept, what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys.arranging import rearranged
from feedback.surveys.conditions import answers_to, asked, what_is_wrong
from feedback.surveys.models import SurveyAnswer
from feedback.surveys.questions import Known, checked_answer, checked_questions
from feedback.surveys.results import results_page
from feedback.surveys.services import save_questions
from requests_app.kernel.errors import WrongInput
from tests.factories.surveys import answer_all, closed, crowd, opened, survey_of

WHICH = {"key": "q1", "kind": "single", "text": {"en": "Did it work?"}, "required": True, "options": [
    {"key": "yes", "text": {"en": "Yes"}}, {"key": "no", "text": {"en": "No"}},
]}  # fmt: skip
WHY = {
    "key": "q2", "kind": "scale5", "text": {"en": "How bad was it?"}, "required": True,
    "only_if": {"question": "q1", "answers": ["no"]},
}  # fmt: skip
MORE = {
    "key": "q3", "kind": "text", "text": {"en": "What else?"}, "required": False,
    "only_if": {"question": "q2", "answers": ["1", "2"]},
}  # fmt: skip
QUESTIONS = [WHICH, WHY, MORE]
NOBODY = Known(departments=lambda slugs: set(), person=lambda email: None)
HERE = "/feedback/surveys/"


def test_a_question_is_asked_when_the_one_before_was_asked_and_answered_so():
    assert asked(QUESTIONS, {}) == {"q1"}
    assert asked(QUESTIONS, {"q1": "no"}) == {"q1", "q2"}
    assert asked(QUESTIONS, {"q1": "no", "q2": 2}) == {"q1", "q2", "q3"}
    assert asked(QUESTIONS, {"q1": "yes", "q2": 2}) == {"q1"}  # q2 was not asked, so neither is q3
    assert asked(QUESTIONS, {"q1": "no", "q2": 5}) == {"q1", "q2"}
    some = WHICH | {"kind": "multiple"}
    assert asked([some, WHY], {"q1": ["yes", "no"]}) == {"q1", "q2"}


def test_what_is_answered_to_a_question_not_asked_is_ignored_and_needed_only_when_asked():
    assert checked_answer(QUESTIONS, {"q1": "yes", "q2": 99, "q3": "x"}, NOBODY) == {"q1": "yes"}
    assert checked_answer(QUESTIONS, {"q1": "no", "q2": 1, "q3": "x"}, NOBODY) == {"q1": "no", "q2": 1, "q3": "x"}
    with pytest.raises(WrongInput) as refused:
        checked_answer(QUESTIONS, {"q1": "no"}, NOBODY)
    assert list(refused.value.errors) == ["q2"]


ANY = st.one_of(
    st.none(),
    st.integers(0, 6),
    st.sampled_from(["yes", "no", "", "2"]),
    st.lists(st.sampled_from(["yes", "no"]), max_size=2),
)


@given(st.fixed_dictionaries({}, optional={"q1": ANY, "q2": ANY, "q3": ANY}))
def test_whatever_is_sent_nothing_is_kept_of_what_was_not_asked(raw):
    try:
        kept = checked_answer(QUESTIONS, raw, NOBODY)
    except WrongInput:
        return
    assert set(kept) <= asked(QUESTIONS, kept)
    assert checked_answer(QUESTIONS, kept, NOBODY) == kept


def test_a_condition_is_kept_as_it_was_given():
    assert checked_questions(QUESTIONS) == QUESTIONS
    assert answers_to(WHICH) == ["yes", "no"]
    assert (answers_to(WHY), answers_to(MORE)) == (["1", "2", "3", "4", "5"], [])


@pytest.mark.parametrize(
    "condition",
    [
        "q1", {"question": "q1"}, {"question": "q1", "answers": []}, {"question": "q1", "answers": [1]},
        {"question": "q1", "answers": ["maybe"]}, {"question": "q9", "answers": ["no"]},
        {"question": "q2", "answers": ["1"]}, {"question": [], "answers": ["no"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_condition_that_nothing_can_meet_is_refused_with_its_place(condition):
    with pytest.raises(WrongInput) as refused:
        checked_questions([WHICH, WHY | {"only_if": condition}])
    assert refused.value.errors["questions"][0].startswith("Question 2: ")


def test_moving_a_question_before_the_one_it_depends_on_or_taking_that_away_is_wrong():
    assert what_is_wrong(QUESTIONS) is None
    assert what_is_wrong(rearranged(QUESTIONS, "q2", "up"))[0] == 1
    assert what_is_wrong(rearranged(QUESTIONS, "q1", "remove"))[0] == 1
    assert what_is_wrong(rearranged(QUESTIONS, "q3", "remove")) is None


# ── With the database ────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_version_that_was_sent_keeps_its_conditions(company):
    crowd(company.sales, 5)
    survey = survey_of(company, QUESTIONS)
    campaign = opened(company, survey)
    save_questions(by=company.supplier_head, survey=survey, questions=[WHICH])
    campaign.refresh_from_db()
    assert campaign.version.questions == QUESTIONS


@pytest.mark.django_db
def test_results_count_only_those_of_whom_it_was_asked(company):
    crowd(company.sales, 12)
    campaign = opened(company, survey_of(company, QUESTIONS))
    said = [{"q1": "no", "q2": 2}] * 6 + [{"q1": "yes", "q2": 5}] * 6
    answer_all(campaign, said)
    closed(company, campaign)
    which, why, more = results_page(person=company.supplier_head, pk=campaign.pk).results.items
    assert (which.whole.n, why.whole.n, why.whole.mean.value, more.whole) == (12, 6, 2, None)


@pytest.mark.django_db
@pytest.mark.parametrize("n", [0, 1, 4])
def test_not_asked_and_too_few_asked_look_alike(company, n, as_api):
    crowd(company.sales, 8)
    campaign = opened(company, survey_of(company, QUESTIONS))
    answer_all(campaign, [{"q1": "no", "q2": 2}] * n + [{"q1": "yes"}] * (8 - n))
    closed(company, campaign)
    told = as_api(company.supplier_head).get(f"/api/v1/campaigns/{campaign.pk}/results/").json()["items"]
    assert [one["figures"] for one in told[1:]] == [[], []]


@pytest.mark.django_db
def test_on_the_page_without_script_all_questions_stand_and_the_server_decides(company, as_browser):
    crowd(company.sales, 4)
    campaign = opened(company, survey_of(company, QUESTIONS), anonymous=False)
    page = f"{HERE}campaigns/{campaign.pk}/answer/"
    requester = as_browser(company.requester)
    assert "Only if “Did it work?” was answered: No" in requester.get(page).content.decode()
    needed = requester.post(page, {"q1": "no"})
    assert (needed.status_code, "This question needs an answer." in needed.content.decode()) == (400, True)
    assert requester.post(page, {"q1": "no", "q2": "2"}).status_code == 302
    assert SurveyAnswer.objects.get().values == {"q1": "no", "q2": 2}
    assert requester.post(page, {"q1": "yes", "q2": "9", "q3": "ignored"}).status_code == 302
    assert SurveyAnswer.objects.get().values == {"q1": "yes"}


@pytest.mark.django_db
def test_a_condition_is_made_on_the_page(company, as_browser):
    survey = survey_of(company, [WHICH, MORE | {"only_if": None}])
    head = as_browser(company.supplier_head)
    one = f"{HERE}{survey.pk}/questions/q3/"
    assert "Did it work? → No" in head.get(one).content.decode()
    typed = {"kind": "text", "text_en": "What else?", "only_if": ["q1:no"]}
    assert head.post(one, typed).status_code == 302
    assert survey.versions.get().questions[1]["only_if"] == {"question": "q1", "answers": ["no"]}
    assert "Only if “Did it work?” was answered: No" in head.get(f"{HERE}{survey.pk}/").content.decode()
    assert head.post(one, typed | {"only_if": ["q9:no"]}).status_code == 400
    told = head.post(f"{HERE}{survey.pk}/questions/q3/up/", follow=True).content.decode()
    assert "It depends on a question that does not stand before it" in told


@pytest.mark.django_db
def test_over_the_api_a_condition_is_given_and_read(company, as_api):
    survey = survey_of(company, [])
    there = f"/api/v1/surveys/{survey.pk}/"
    head = as_api(company.supplier_head)
    tag = head.get(there)["ETag"]
    wrong = head.put(there, {"questions": [WHY, WHICH]}, headers={"If-Match": tag})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["questions"])
    kept = head.put(there, {"questions": QUESTIONS}, headers={"If-Match": tag}).json()["questions"]
    assert kept == QUESTIONS
