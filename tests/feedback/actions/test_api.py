"""Corrective actions over HTTP: list, open, read, step; one error shape."""

from datetime import timedelta

import pytest

from feedback.actions.models import CorrectiveAction
from tests.factories.actions import brought_to, cause_of, opened

pytestmark = pytest.mark.django_db
PATH = "/api/v1/corrective-actions/"
BODY = {"title": "It came late", "supplier": "it", "customer": "sales", "service": "laptop", "problem": "Twice."}


@pytest.fixture
def head(company, as_api):
    return as_api(company.supplier_head)


def test_one_is_opened_read_and_listed(company, as_api, head):
    made = head.post(PATH, BODY)
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    one = f"{PATH}{made.json()['id']}/"
    assert head.get(one).json() == made.json()
    assert made.json()["steps"] == ["contain", "cancel"]
    assert {name: made.json()[name] for name in BODY} == BODY
    listed = as_api(company.customer_head).get(PATH, {"side": "customer", "department": "sales"}).json()["results"]
    assert [row["title"] for row in listed] == ["It came late"]


def test_about_a_request_it_is_one_however_often_it_is_sent(head, new_request):
    body = {"title": "It came late", "request": new_request.number}
    first, again = head.post(PATH, body).json(), head.post(PATH, body).json()
    assert (first["id"], first["request"], first["source_kind"]) == (again["id"], new_request.number, "request")


def test_sent_again_under_its_key_it_happens_once(head):
    answers = [head.post(PATH, BODY, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert CorrectiveAction.objects.count() == 1


def test_it_is_taken_through_its_steps(company, as_api, head):
    one = f"{PATH}{opened(company).pk}/"
    for words in (
        {"step": "contain", "note": "A spare one"},
        {"step": "analyse", "whys": ["Nobody saw it"], "cause": cause_of().pk},
        {"step": "plan", "note": "One list", "owner": company.assigned.email, "due_on": "2099-01-01"},
    ):
        answer = head.post(f"{one}steps/", words)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["due_on"])  # three years are enough
    head.post(
        f"{one}steps/",
        {**words, "due_on": (CorrectiveAction.objects.get().opened_at.date() + timedelta(days=1)).isoformat()},
    )
    done = as_api(company.assigned).post(f"{one}steps/", {"step": "finish", "note": "It is in use"})
    assert (done.json()["state"], done.json()["owner"]) == ("done", company.assigned.email)
    confirmed = as_api(company.customer_head).post(f"{one}steps/", {"step": "verify", "check_days": 5})
    assert (confirmed.json()["state"], confirmed.json()["version"]) == ("verified", 6)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"supplier": "it", "customer": "sales"}, "title"),
        ({"title": "a"}, "supplier"),
        ({"title": "a", "supplier": "nowhere"}, "supplier"),
        ({"title": "a", "supplier": "it", "customer": "nowhere"}, "customer"),
        ({"title": "a", "supplier": "it", "customer": "it"}, "customer"),
        ({"title": "a", "supplier": "it", "customer": "sales", "service": "badge"}, "service"),
        ({"title": "a" * 201, "supplier": "it"}, "title"),
        ({**BODY, "colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(head, body, field):
    answer = head.post(PATH, body)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "invalid", [field])


def test_a_request_says_the_parties_itself(head, new_request):
    answer = head.post(PATH, {"title": "a", "request": new_request.number, "supplier": "it"})
    assert list(answer.json()["errors"]) == ["supplier"]
    assert head.post(PATH, {"title": "a", "request": "SR-999999"}).status_code == 404


def test_a_step_out_of_turn_is_a_conflict_and_a_stale_one_is_refused(company, as_api, head):
    one = f"{PATH}{opened(company).pk}/steps/"
    assert head.post(one, {"step": "finish", "note": "x"}).status_code == 409
    assert head.post(one, {"step": "contain", "note": "x"}, headers={"If-Match": '"9"'}).status_code == 412
    assert head.post(one, {"step": "dance"}).status_code == 400
    assert as_api(company.customer_head).post(one, {"step": "contain", "note": "x"}).status_code == 403
    assert as_api(company.stranger).post(one, {"step": "contain", "note": "x"}).status_code == 404


def test_who_asked_reads_a_summary_over_the_api_as_well(company, as_api, new_request):
    action = brought_to(company, "planned", new_request, problem="Inside")
    answer = as_api(company.requester).get(f"{PATH}{action.pk}/").json()
    assert (answer["full"], answer["state"], answer["title"]) == (False, "planned", "Laptops come late")
    assert [answer[name] for name in ("problem", "whys", "cause", "plan", "owner", "steps")] == [
        "", [], None, "", None, [],
    ]  # fmt: skip


def test_pages_of_the_list_follow_each_other(company, head):
    for n in range(3):
        opened(company, title=f"No. {n}")
    first = head.get(PATH, {"limit": 2}).json()
    assert [row["title"] for row in first["results"]] == ["No. 2", "No. 1"]
    assert [row["title"] for row in head.get(first["next"]).json()["results"]] == ["No. 0"]


def test_causes_are_listed_for_everybody_and_added_by_administrators(company, as_api):
    admin = as_api(company.admin)
    top = admin.post("/api/v1/causes/", {"name": "Means"}).json()
    assert admin.post("/api/v1/causes/", {"name": "Tool", "parent": top["id"]}).json()["path"] == "Means › Tool"
    listed = as_api(company.stranger).get("/api/v1/causes/").json()["results"]
    assert [row["path"] for row in listed] == ["Means", "Means › Tool"]
    assert as_api(company.requester).post("/api/v1/causes/", {"name": "Mine"}).status_code == 403
    assert list(admin.post("/api/v1/causes/", {"name": "x", "parent": 999}).json()["errors"]) == ["parent"]


def test_causes_are_proposed_and_decided_over_the_api(company, as_api):
    agent, admin = as_api(company.agent), as_api(company.admin)
    action, means = brought_to(company, "contained"), cause_of("Means")
    body = {"step": "analyse", "whys": ["So."], "proposed_cause": "Image is old", "proposed_below": means.pk}
    steps = f"/api/v1/corrective-actions/{action.pk}/steps/"
    assert list(agent.post(steps, body | {"cause": means.pk}).json()["errors"]) == ["proposed_cause"]
    told = agent.post(steps, body).json()
    assert told["cause_is_proposed"] is True
    [row] = admin.get("/api/v1/proposed-causes/?state=proposed").json()["results"]
    assert (row["id"], row["action"], row["path"]) == (told["cause"], action.pk, "Means › Image is old")
    there = f"/api/v1/causes/{row['id']}/decision/"
    assert agent.post(there, {"decision": "accept"}).status_code == 403
    assert as_api(company.stranger).post(there, {"decision": "accept"}).status_code == 404
    assert list(admin.post(there, {"decision": "merge"}).json()["errors"]) == ["into"]
    assert list(admin.post(there, {"decision": "accept", "reason": "x"}).json()["errors"]) == ["reason"]
    assert admin.post(there, {"decision": "merge", "into": means.pk}).json()["merged_into"] == means.pk
    assert admin.post(there, {"decision": "accept"}).status_code == 409
    assert agent.get("/api/v1/proposed-causes/").json()["results"][0]["state"] == "merged"
    assert as_api(company.stranger).get("/api/v1/proposed-causes/").json()["results"] == []
    assert agent.post("/api/v1/causes/", {"name": "Weather"}).json()["state"] == "proposed"
