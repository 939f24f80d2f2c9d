"""Surveys over pages and over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.surveys.models import Campaign, Survey, SurveyAnswer
from feedback.surveys.services import give_answer, newest_version
from feedback.surveys.states import Kind
from requests_app.org.services import save_department
from tests.factories import make_person
from tests.factories.surveys import CHOICE, OVERALL, QUESTIONS, answer_all, closed, crowd, opened, prepared, survey_of

pytestmark = pytest.mark.django_db
HERE, API = "/feedback/surveys/", "/api/v1/"
SCALE = {"kind": "scale5", "text_en": "How was it?", "required": "on", "revision": "1"}


def text_of(answer) -> str:
    return answer.content.decode()


def end() -> str:
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def test_the_head_builds_asks_and_everybody_answers(company, as_browser):
    crowd(company.sales, 3)
    head, requester = as_browser(company.supplier_head), as_browser(company.requester)
    there = head.post(f"{HERE}new/", {"title": "How we serve", "department": "it"})["Location"]
    assert head.post(f"{there}questions/new/", SCALE)["Location"] == there
    parts = {"kind": "single", "text_en": "Which?", "parts_en": "This\nThat", "parts_ru": "Это\nТо", "revision": "2"}
    head.post(f"{there}questions/new/", parts)
    assert [one["key"] for one in newest_version(Survey.objects.get()).questions] == ["q1", "q2"]
    head.post(f"{there}questions/q2/up/")
    assert [one["key"] for one in newest_version(Survey.objects.get()).questions] == ["q2", "q1"]
    assert "This" in text_of(head.get(f"{there}preview/"))
    asked = {"title": "May", "anonymous": "yes", "departments": ["sales"], "closes_on": end()}
    campaign = head.post(f"{there}campaigns/new/", asked)["Location"]
    assert head.post(f"{campaign}steps/open/")["Location"] == campaign
    assert f"{campaign}answer/" in text_of(requester.get("/"))
    kept = requester.post(f"{campaign}answer/", {"q2": "new1"})
    assert (kept.status_code, "This question needs an answer." in text_of(kept)) == (400, True)
    assert 'value="new1" id="id_q2_1" checked' in text_of(kept).replace("\n", "")
    assert requester.post(f"{campaign}answer/", {"q1": "4", "q2": "new1"})["Location"] == campaign
    assert SurveyAnswer.objects.get().values == {"q1": 4, "q2": "new1"}
    assert "You have answered" in text_of(requester.get(f"{campaign}answer/"))
    assert requester.post(f"{campaign}answer/", {"q1": "1"}).status_code == 400
    assert "Nobody" not in text_of(head.get(campaign))


def test_a_ready_questionnaire_is_one_click_and_names_itself(company, as_browser):
    admin = as_browser(company.admin)
    assert "?ready=self_knowledge" in text_of(admin.get(HERE))
    there = admin.post(f"{HERE}new/", {"ready": "self_knowledge"})["Location"]
    assert "Which departments are our suppliers?" in text_of(admin.get(there))
    assert (Survey.objects.get().department, Survey.objects.get().title) == (
        None,
        "Self-knowledge: our work, suppliers and customers",
    )


def test_every_kind_of_question_is_drawn_typed_and_kept(company, as_browser):
    crowd(company.sales, 3)
    questions = [
        {
            "key": kind,
            "kind": kind,
            "text": {"en": f"About {kind}"},
            "options": CHOICE["options"],
            "rows": CHOICE["options"],
        }
        for kind in Kind.values
    ]
    campaign = opened(company, survey_of(company, questions))
    requester, page = as_browser(company.requester), f"{HERE}campaigns/{campaign.pk}/answer/"
    assert [kind for kind in Kind.values if f"About {kind}" not in text_of(requester.get(page))] == []
    typed = {
        "scale5": "5", "scale7": "7", "matrix5__a": "1", "matrix7__b": "6", "single": "a", "multiple": ["a", "b"],
        "text": "Words", "number": "2.5", "department": ["it"], "person": company.agent.email,
    }  # fmt: skip
    assert requester.post(page, typed).status_code == 302
    assert SurveyAnswer.objects.get().values == {
        "scale5": 5, "scale7": 7, "matrix5__a": 1, "matrix7__b": 6, "single": "a", "multiple": ["a", "b"],
        "text": "Words", "number": 2.5, "department": ["it"], "person": company.agent.pk,
    }  # fmt: skip


def test_a_named_answer_comes_back_to_be_changed(company, as_browser):
    questions = [OVERALL, {"key": "who", "kind": "person", "text": {"en": "Who?"}}]
    campaign = opened(company, survey_of(company, questions), anonymous=False)
    give_answer(by=company.requester, campaign=campaign, values={"q1": 4, "who": company.agent.email})
    page = text_of(as_browser(company.requester).get(f"{HERE}campaigns/{campaign.pk}/answer/"))
    assert ('value="4" checked' in page, company.agent.email in page) == (True, True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"kind": "single", "parts_en": "One"}, "Give from 2 to 30"),
        ({"kind": "single", "parts_en": "One\nTwo", "parts_ru": "Один"}, "as many answers"),
        ({"revision": "7"}, "Look at it again"),
    ],
    ids=str,
)
def test_a_question_that_is_not_right_says_why_and_keeps_the_words(company, as_browser, typed, told):
    survey = survey_of(company, [])
    answer = as_browser(company.supplier_head).post(
        f"{HERE}{survey.pk}/questions/new/", SCALE | {"text_ru": "Слова"} | typed
    )
    body = text_of(answer)
    assert (answer.status_code, told in body, "Слова" in body) == (400, True, True)


def test_a_question_is_changed_and_taken_away(company, as_browser):
    survey = survey_of(company)
    head = as_browser(company.supplier_head)
    page = f"{HERE}{survey.pk}/questions/q2/"
    assert "That" in text_of(head.get(page))
    revision = str(newest_version(survey).revision)
    head.post(page, {"kind": "single", "text_en": "Better?", "parts_en": "Yes\nNo\nPerhaps", "revision": revision})
    changed = newest_version(survey).questions[1]
    assert [one["key"] for one in changed["options"]] == ["a", "b", "new2"]
    head.post(f"{HERE}{survey.pk}/questions/q2/remove/")
    assert [one["key"] for one in newest_version(survey).questions] == ["q1", "q3"]
    assert head.get(f"{HERE}{survey.pk}/questions/q9/").status_code == 404
    assert head.post(f"{HERE}{survey.pk}/questions/q1/sideways/").status_code == 404


def test_what_cannot_be_done_is_told_on_the_page(company, as_browser):
    campaign = prepared(company)
    head = as_browser(company.supplier_head)
    told = head.post(f"{HERE}campaigns/{campaign.pk}/steps/open/", follow=True)
    assert "Too few people would be asked" in text_of(told)
    assert head.get(f"{HERE}campaigns/{campaign.pk}/results.csv").status_code == 400
    wrong = head.post(
        f"{HERE}{campaign.survey_id}/campaigns/new/", {"title": "June", "anonymous": "no", "closes_on": "2020-01-01"}
    )
    assert (wrong.status_code, "June" in text_of(wrong)) == (400, True)


def test_results_stand_on_the_page_and_in_the_file(company, as_browser):
    crowd(company.sales, 9)
    crowd(company.facilities, 5)
    campaign = opened(company, departments=[company.sales, company.facilities])
    answer_all(campaign, [{"q1": 4, "q2": "a", "q3": f"Said {number}"} for number in range(21)])
    closed(company, campaign)
    page, head = f"{HERE}campaigns/{campaign.pk}/results/", as_browser(company.supplier_head)
    body = text_of(head.get(page))
    assert [words for words in ("Facilities", "How was it?", "Said 7", "21 of 21") if words not in body] == []
    assert "Said 7" not in text_of(as_browser(company.customer_head).get(page))
    assert as_browser(company.stranger).get(page).status_code == 403
    assert body.count('aria-label="4.00 on a scale from 1 to 5"') == 3  # all, and each of the two departments
    assert "How was it?" in text_of(head.get(f"{HERE}campaigns/{campaign.pk}/results.csv"))
    assert f"/feedback/surveys/campaigns/{campaign.pk}/results/" in text_of(head.get(HERE))


def test_a_prepared_campaign_is_changed_on_its_page_and_over_the_api(company, as_browser, as_api):
    campaign = prepared(company)
    page, head = f"{HERE}campaigns/{campaign.pk}/", as_browser(company.supplier_head)
    assert f"{page}change/" in text_of(head.get(page))
    form = text_of(head.get(f"{page}change/"))
    assert ('name="revision" value="1"' in form, 'value="sales"' in form) == (True, True)
    typed = {
        "title": "Better", "anonymous": "no", "departments": ["facilities"], "closes_on": end(), "kinds": ["department"],
        "revision": "1",
    }  # fmt: skip
    assert head.post(f"{page}change/", typed)["Location"] == page
    assert [
        words for words in ("Better", "Facilities", "Only these customers") if words not in text_of(head.get(page))
    ] == []
    late = head.post(f"{page}change/", typed | {"title": "Typed meanwhile"})
    assert (late.status_code, "Typed meanwhile" in text_of(late)) == (400, True)
    assert as_browser(company.customer_head).get(f"{page}change/").status_code == 403
    api, here = as_api(company.supplier_head), f"{API}campaigns/{campaign.pk}/"
    tag = api.get(here)["ETag"]
    body = {"departments": ["sales"], "closes_on": end(), "kinds": ["employee"]}
    changed = api.put(here, body, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["kinds"], changed.json()["departments"]) == (
        200,
        ["employee"],
        ["sales"],
    )
    assert api.put(here, body, headers={"If-Match": tag}).status_code == 412
    Campaign.objects.filter(pk=campaign.pk).update(anonymous=False)
    head.post(f"{page}steps/open/")
    assert api.put(here, body).status_code == 409
    assert f"{page}change/" not in text_of(head.get(page))


def test_drafts_are_listed_for_whoever_runs_them(company, as_browser):
    prepared(company, title="A draft of IT")
    seen = {
        letter for letter in ("SH", "AD", "SA", "OH", "U")
        if "A draft of IT" in text_of(as_browser(company.by_context[letter]).get(HERE))
    }  # fmt: skip
    assert seen == {"SH", "AD"}


def test_the_list_holds_what_asks_one_and_what_one_may_read(company, as_browser, as_api):
    opened(company, title="Asks Sales", anonymous=False)
    ended = closed(company, opened(company, title="Has ended", anonymous=False, departments=[company.facilities]))
    seen = {
        letter: [words for words in ("Asks Sales", "Has ended") if words in text_of(as_browser(person).get(HERE))]
        for letter, person in company.by_context.items() if letter in ("U", "RQ", "SA", "SH", "CH", "AU", "EX", "AD")
    }  # fmt: skip
    both = ["Asks Sales", "Has ended"]
    assert seen == {
        "U": ["Has ended"], "RQ": ["Asks Sales"], "CH": ["Asks Sales"], "SA": both, "SH": both, "AU": both, "EX": both, "AD": both,
    }  # fmt: skip
    assert [one["title"] for one in as_api(company.requester).get(f"{API}campaigns/").json()["results"]] == [
        "Asks Sales"
    ]
    page = text_of(as_browser(company.auditor).get(f"{HERE}campaigns/{ended.pk}/"))
    assert ("Closed on" in page, "Open until" in page) == (True, False)


def test_a_partner_knows_only_of_what_asks_them(company, as_browser, as_api):
    outside = save_department(by=company.admin, slug="outside", name="Outside", kind="partner")
    partner = make_person("Paul Partner", outside)
    asks = opened(company, departments=[outside], anonymous=False)
    other = opened(company, anonymous=False)
    statuses = [as_browser(partner).get(f"{HERE}campaigns/{one.pk}/").status_code for one in (asks, other)]
    assert statuses == [200, 404]
    assert [row["id"] for row in as_api(partner).get(f"{API}campaigns/").json()["results"]] == [asks.pk]
    assert as_browser(partner).get(f"{HERE}{asks.survey_id}/").status_code == 404


def test_over_the_api_it_is_made_sent_answered_and_read(company, as_api):
    crowd(company.sales, 3)
    head, requester = as_api(company.supplier_head), as_api(company.requester)
    made = head.post(f"{API}surveys/", {"title": "How we serve", "department": "it"}).json()
    there = f"{API}surveys/{made['id']}/"
    put = head.put(there, {"questions": QUESTIONS}, headers={"If-Match": '"1"'})
    assert (put.status_code, put["ETag"], len(put.json()["questions"])) == (200, '"2"', 3)
    assert head.put(there, {"questions": [OVERALL]}, headers={"If-Match": '"1"'}).status_code == 412
    body = {"departments": ["sales"], "closes_on": end(), "anonymous": True}
    campaign = head.post(f"{there}campaigns/", body).json()
    here = f"{API}campaigns/{campaign['id']}/"
    assert (campaign["state"], campaign["steps"]) == ("draft", ["open"])
    assert head.post(f"{here}steps/", {"step": "open"}).json()["progress"] == [
        {"group": "Sales", "invited": 6, "answered": 0}
    ]
    assert requester.get(here).json()["may_answer"] is True
    assert requester.put(f"{here}answer/", {"answers": {"q1": 4}}).json()["may_answer"] is False
    assert requester.put(f"{here}answer/", {"answers": {"q1": 4}}).status_code == 409
    answer_all(Campaign.objects.get(), [{"q1": 5}] * 5)
    head.post(f"{here}steps/", {"step": "close"})
    results = head.get(f"{here}results/").json()
    assert (results["answered"], results["items"][0]["figures"][0]["n"]) == (6, 6)
    assert [one["id"] for one in head.get(f"{API}surveys/").json()["results"]] == [made["id"]]
    assert head.get(there).json()["locked"] is True


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("surveys/", {"title": "a", "department": "nowhere"}, "department"),
        ("surveys/", {"title": "a", "department": "it", "ready": "none"}, "ready"),
        ("surveys/{survey}/campaigns/", {"departments": ["nowhere"], "closes_on": end()}, "departments"),
        ("surveys/{survey}/campaigns/", {"departments": ["it"], "closes_on": "soon"}, "closes_on"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(company, as_api, path, body, field):
    answer = as_api(company.supplier_head).post(f"{API}{path.format(survey=survey_of(company).pk)}", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    crowd(company.sales, 3)
    survey = survey_of(company, QUESTIONS[:1] * 1)
    for _ in range(rows):
        campaign = opened(company, survey)
        answer_all(campaign, [{"q1": 3}] * (4 + rows))
        closed(company, campaign)
    pages = (
        (HERE, 12), (f"{HERE}{survey.pk}/", 12), (f"{HERE}campaigns/{campaign.pk}/", 12),
        (f"{HERE}campaigns/{campaign.pk}/results/", 14),
    )  # fmt: skip
    for address, most in pages:
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
