"""What people say, over pages and over the API."""

import pytest

from feedback.voice.models import Voice
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db
LIST, NEW, API = "/feedback/voices/", "/feedback/voices/new/", "/api/v1/voices/"


def page_of(voice: Voice) -> str:
    return f"{LIST}{voice.pk}/"


def test_it_is_said_to_a_department_and_stands_on_the_wall(company, as_browser):
    typed = {"kind": "praise", "department": "it", "title": "Quick and friendly", "body": "On a Friday evening."}
    assert as_browser(company.requester).post(NEW, typed)["Location"] == page_of(Voice.objects.get())
    assert "Quick and friendly" in as_browser(company.stranger).get(LIST, {"kind": "praise"}).content.decode()


def test_from_a_request_it_is_about_that(company, as_browser, delivered_request):
    requester = as_browser(company.requester)
    link = f"{NEW}{delivered_request.number}/"
    assert link in requester.get(f"/requests/{delivered_request.number}/").content.decode()
    requester.post(link, {"kind": "complaint", "title": "It took weeks"})
    voice = Voice.objects.get()
    assert (voice.service_request, voice.department, voice.customer) == (delivered_request, company.it, company.sales)
    assert page_of(voice) in requester.get(f"/requests/{delivered_request.number}/").content.decode()


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    answer = as_browser(company.requester).post(NEW, {"kind": "praise", "title": "Kept words"})
    assert (answer.status_code, "Kept words" in answer.content.decode()) == (400, True)
    assert as_browser(company.agent).post(NEW, {"kind": "praise", "title": "x", "department": "it"}).status_code == 403


def test_a_complaint_is_answered_accepted_and_told(company, as_browser):
    voice = said(company, "complaint")
    head, requester = as_browser(company.supplier_head), as_browser(company.requester)
    assert page_of(voice) in head.get("/").content.decode()
    assert head.post(f"{page_of(voice)}steps/answer/", {"note": ""}).status_code == 400
    assert head.post(f"{page_of(voice)}steps/answer/", {"note": "We changed the list."}).status_code == 302
    assert "Accept the answer" in requester.get(page_of(voice)).content.decode()
    assert requester.post(f"{page_of(voice)}steps/accept/").status_code == 302
    told = as_browser(company.stranger).get(LIST).content.decode()
    assert ("We changed the list." in told, "A complaint of ours" in told) == (True, False)


def test_a_step_taken_meanwhile_is_told_and_the_words_stay(company, as_browser):
    voice = answered(company)
    answer = as_browser(company.supplier_head).post(
        f"{page_of(voice)}steps/answer/", {"note": "My long words", "version": "1"}
    )
    assert (answer.status_code, "My long words" in answer.content.decode()) == (400, True)


def test_a_suggestion_is_voted_on_and_taken_up(company, as_browser):
    voice = said(company, "suggestion")
    stranger = as_browser(company.stranger)
    assert stranger.post(f"{page_of(voice)}vote/", {"wanted": "yes"}).status_code == 302
    assert "Take my vote back" in stranger.get(page_of(voice)).content.decode()
    assert stranger.post(f"{page_of(voice)}steps/take_up/", {"note": "x"}).status_code == 403
    assert as_browser(company.supplier_head).post(f"{page_of(voice)}steps/dance/").status_code == 400
    most = stranger.get(LIST, {"kind": "suggestion"}).content.decode()
    assert "1 vote" in most


def test_the_head_follows_a_complaint_to_its_cause(company, as_browser):
    voice = said(company, "complaint")
    head = as_browser(company.supplier_head)
    assert "Start a corrective action" in head.get(page_of(voice)).content.decode()
    there = head.post(f"{page_of(voice)}correct/")["Location"]
    assert there in head.get(page_of(voice)).content.decode()
    link = f'href="{page_of(voice)}"'
    readers = {name: as_browser(getattr(company, name)).get(there) for name in ("supplier_head", "agent", "auditor")}
    assert {name: (page.status_code, link in page.content.decode()) for name, page in readers.items()} == {
        "supplier_head": (200, True), "agent": (200, False), "auditor": (200, True),
    }  # fmt: skip


def test_over_the_api_it_is_said_answered_and_listed(company, as_api, new_request):
    requester, head = as_api(company.requester), as_api(company.supplier_head)
    made = requester.post(API, {"kind": "complaint", "title": "Late", "request": new_request.number})
    assert (made.status_code, made["ETag"], made.json()["steps"]) == (201, '"1"', ["withdraw"])
    one = f"{API}{made.json()['id']}/"
    done = head.post(f"{one}steps/", {"step": "answer", "note": "Found"}, headers={"If-Match": '"1"'})
    assert (done.json()["state"], done.json()["outcome"], done.json()["version"]) == ("answered", "Found", 2)
    assert requester.get(API, {"kind": "complaint", "department": "it"}).json()["results"][0]["title"] == "Late"
    assert as_api(company.stranger).get(one).status_code == 404
    assert head.post(f"{one}steps/", {"step": "take_up", "note": "x"}).status_code == 400
    assert head.post(f"{one}vote/", {}).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "praise", "title": "a"}, "department"),
        ({"kind": "praise", "title": "a", "department": "it", "request": "SR-000001"}, "department"),
        ({"kind": "praise", "title": "a", "department": "nowhere"}, "department"),
        ({"kind": "song", "title": "a", "department": "it"}, "kind"),
        ({"kind": "praise", "department": "it"}, "title"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(company, as_api, body, field):
    answer = as_api(company.requester).post(API, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    for _ in range(rows):
        voice = said(company, "complaint")
    for address, most in ((LIST, 11), (page_of(voice), 14)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_what_two_departments_said_to_each_other_stands_on_their_page(company, as_browser):
    said(company, "praise", title="They called before we asked")
    said(company, "complaint", title="It came late")
    said(company, "praise", department=company.facilities, title="Of no concern here")
    head, agent = (as_browser(person).get("/relations/it/sales/") for person in (company.customer_head, company.agent))
    told = [
        [title for title in ("They called before we asked", "It came late", "Of no concern here") if title in page]
        for page in (head.content.decode(), agent.content.decode())
    ]
    assert told == [["They called before we asked", "It came late"], ["They called before we asked"]]
