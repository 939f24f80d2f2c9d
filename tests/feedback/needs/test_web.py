"""Needs, over pages and over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.needs.models import Need
from feedback.needs.services import rate
from tests.factories.improvements import planned
from tests.factories.needs import need_at, needed
from tests.factories.voices import said

pytestmark = pytest.mark.django_db
LIST, NEW, BOARD, API = "/feedback/needs/", "/feedback/needs/new/", "/feedback/needs/of/it/", "/api/v1/needs/"


def page_of(need: Need) -> str:
    return f"{LIST}{need.pk}/"


def test_a_need_goes_from_the_first_word_to_its_effect(company, as_browser):
    requester, head, agent = (as_browser(one) for one in (company.requester, company.supplier_head, company.agent))
    made = requester.post(NEW, {"department": "it", "title": "One sign-in for all", "text": "Seven today."})
    need = Need.objects.get()
    assert made["Location"] == page_of(need)
    steps = f"{page_of(need)}steps/"
    assert agent.post(f"{steps}analyse/", {"note": "All of them", "urgency": "3", "importance": "4"}).status_code == 302
    plan = {"note": "One directory", "owner": company.agent.pk, "due_on": timezone.localdate() + timedelta(days=30)}
    assert agent.post(f"{steps}decide/", plan).status_code == 403
    assert head.post(f"{steps}decide/", plan).status_code == 302
    assert page_of(need) in agent.get("/").content.decode()
    assert requester.post(f"{page_of(need)}rating/", {"importance": "5", "satisfaction": "2"}).status_code == 302
    board = agent.get(BOARD).content.decode()
    assert ("priority 12" in board, "gap 3.0 (n = 1)" in board) == (True, True)
    assert agent.post(f"{steps}carry_out/", {"note": "It runs"}).status_code == 302
    there = f"/improvements/{planned(company).pk}/"
    assert agent.post(f"{steps}evaluate/", {"note": "Half", "link": there}).status_code == 302
    assert f'href="{there}"' in requester.get(page_of(need)).content.decode()
    assert need.title in requester.get(LIST, {"state": "evaluated"}).content.decode()
    assert need.title not in requester.get(LIST).content.decode()


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    need = needed(company)
    head = as_browser(company.supplier_head)
    for address, typed, kept in (
        (NEW, {"title": "Kept words", "department": "it"}, "Kept words"),
        (f"{page_of(need)}steps/analyse/", {"note": "Kept words", "urgency": "9", "importance": "1"}, "Kept words"),
        (f"{page_of(need)}steps/carry_out/", {"note": "Kept words", "version": "1"}, "Kept words"),
        (f"{page_of(need)}sources/", {"kind": "request", "text": "SR-999999"}, "SR-999999"),
        (f"{page_of(need)}change/", {"title": "Kept words", "customers": ["nowhere"]}, "Kept words"),
    ):
        answer = head.post(address, typed)
        assert (address, answer.status_code, kept in answer.content.decode()) == (address, 400, True)
    assert as_browser(company.requester).post(f"{page_of(need)}rating/", {"importance": "9"}).status_code == 400


def test_from_a_request_and_from_what_people_say_it_is_noted_as_a_need(company, as_browser, new_request):
    voice = said(company, "suggestion", title="Open at seven")
    agent = as_browser(company.agent)
    for origin, link, title in (
        (f"/requests/{new_request.number}/", f"{NEW}?request={new_request.number}", new_request.title),
        (f"/feedback/voices/{voice.pk}/", f"{NEW}?voice={voice.pk}", "Open at seven"),
    ):
        assert link in agent.get(origin).content.decode()
        assert title in agent.get(link).content.decode()
        made = agent.post(link, {"department": "it", "title": "Heard of", "customers": ["sales"]})
        assert origin in agent.get(made["Location"]).content.decode()
    complaint = said(company, "complaint", title="Very private words")
    form = as_browser(company.supplier_head).get(f"{NEW}?voice={complaint.pk}").content.decode()
    assert 'value="Very private words"' not in form
    assert as_browser(company.stranger).get(f"{NEW}?request={new_request.number}").status_code == 404
    assert as_browser(company.stranger).get(f"{NEW}?voice={complaint.pk}").status_code == 404


def test_its_words_and_sources_are_changed(company, as_browser):
    need = needed(company)
    agent = as_browser(company.agent)
    typed = {"title": "Said better", "text": "", "customers": ["sales", "facilities"], "version": "1"}
    assert agent.post(f"{page_of(need)}change/", typed).status_code == 302
    assert agent.post(f"{page_of(need)}change/", typed).status_code == 400
    agent.post(f"{page_of(need)}sources/", {"kind": "talk", "text": "With Sales, in May"})
    page = agent.get(page_of(need)).content.decode()
    assert ("Said better" in page, "With Sales, in May" in page) == (True, True)
    agent.post(f"{page_of(need)}sources/{need.sources.get().pk}/drop/")
    assert "With Sales, in May" not in agent.get(page_of(need)).content.decode()


def test_it_stands_on_the_dashboard_and_between_two_departments(company, as_browser):
    need_at(company, "analysed", title="Seen elsewhere")
    head = as_browser(company.supplier_head)
    for address in ("/departments/it/as-supplier/", "/relations/it/sales/"):
        assert (address, "Seen elsewhere" in head.get(address).content.decode()) == (address, True)


def test_over_the_api_it_is_proposed_worked_on_and_rated(company, as_api):
    requester, head = as_api(company.requester), as_api(company.supplier_head)
    made = requester.post(API, {"department": "it", "title": "One sign-in"})
    assert (made.status_code, made["ETag"], made.json()["customers"]) == (201, '"1"', ["sales"])
    one = f"{API}{made.json()['id']}/"
    step = {"step": "analyse", "note": "All", "urgency": 2, "importance": 3}
    done = head.post(f"{one}steps/", step, headers={"If-Match": '"1"'})
    assert (done.json()["state"], done.json()["priority"], done.json()["version"]) == ("analysed", 6, 2)
    assert head.post(f"{one}steps/", step, headers={"If-Match": '"1"'}).status_code == 412
    plan = {"step": "decide", "note": "x", "owner": company.agent.email, "due_on": "2027-01-31"}
    assert head.post(f"{one}steps/", plan).json()["owner"] == company.agent.email
    assert head.post(f"{one}steps/", plan | {"owner": company.requester.email}).status_code == 400
    rated = requester.post(f"{one}rating/", {"importance": 5, "satisfaction": 2})
    assert rated.json()["gap"] == {"importance": 5.0, "satisfaction": 2.0, "gap": 3.0, "n": 1}
    named = head.post(f"{one}sources/", {"kind": "talk", "text": "In May"}).json()["sources"]
    assert [(line["kind"], line["text"]) for line in named] == [("talk", "In May")]
    assert head.patch(one, {"title": "Better"}).json()["title"] == "Better"
    listed = head.get(API, {"department": "it", "customer": "sales", "state": "decided"}).json()["results"]
    assert [row["title"] for row in listed] == ["Better"]
    assert as_api(company.stranger).get(one).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "a"}, "department"),
        ({"title": "a", "department": "nowhere"}, "department"),
        ({"title": "a", "department": "it", "customers": ["nowhere"]}, "customers"),
        ({"department": "it"}, "title"),
    ],
    ids=["no department", "unknown department", "unknown customer", "no title"],
)
def test_what_is_wrong_is_named(company, as_api, body, field):
    answer = as_api(company.requester).post(API, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    for number in range(rows):
        need = need_at(company, "decided", title=f"Need {number}")
        rate(by=company.requester, need=need, importance=5, satisfaction=2)
    for address, most in ((LIST, 12), (BOARD, 12), (page_of(need), 16), (API, 8)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
