"""The whole life of a request through the API alone, as two departments and a third would live it."""

import pytest

pytestmark = pytest.mark.django_db
LIFE = [
    "request.filed", "request.accepted", "message.public", "handoff.offered", "handoff.accepted", "request.held",
    "message.public", "request.resumed", "request.delivered", "request.rejected", "request.delivered",
    "request.confirmed",
]  # fmt: skip


def test_a_request_is_filed_handed_over_delivered_sent_back_and_confirmed_through_the_api_alone(company, as_api):
    rita, ansel = as_api(company.requester), as_api(company.assigned)
    olaf = as_api(company.other_agent)

    filed = rita.post(
        "/api/v1/requests/",
        {"service": "laptop", "title": "A laptop", "urgency": 2, "impact": 2, "form": {"model": "13 inch"}},
    )
    assert filed.status_code == 201
    assert (filed.data["status"], filed.data["customer"], filed.data["supplier"]) == ("new", "sales", "it")
    here = filed.data["links"]["self"]
    assert filed["Location"] == here

    def move(client, **body):
        answer = client.post(filed.data["links"]["moves"], body)
        assert answer.status_code == 200, answer.data
        return answer.data["status"]

    assert move(ansel, action="accept") == "accepted"
    said = ansel.post(filed.data["links"]["messages"], {"body": "Which keyboard?"})
    assert (said.status_code, said.data["department"]) == (201, "it")

    offer = ansel.post(filed.data["links"]["handoffs"], {"to": "facilities", "reason": "Yours: it needs a locker."})
    assert (offer.status_code, offer.data["state"]) == (201, "offered")
    assert rita.get(here).data["supplier"] == "it"
    assert [one["id"] for one in olaf.get("/api/v1/handoffs/").data["results"]] == [offer.data["id"]]
    taken = olaf.post(f"{offer.data['links']['self']}accept/")
    assert (taken.status_code, taken.data["state"]) == (200, "accepted")
    assert rita.get(here).data["supplier"] == "facilities"

    assert move(olaf, action="hold", hold_reason="customer", reason="Which size?") == "on_hold"
    assert rita.get(here).data["promise"]["resolution_due"] is None
    assert rita.post(filed.data["links"]["messages"], {"body": "13 inch"}).status_code == 201
    assert rita.get(here).data["status"] == "in_progress"

    assert move(olaf, action="deliver", reason="On your desk") == "delivered"
    complaint = {"agreed": "13 inch", "received": "15 inch", "remedy": "Bring the small one"}
    assert move(rita, action="reject", **complaint) == "in_progress"
    assert move(olaf, action="deliver") == "delivered"
    assert move(rita, action="confirm") == "closed"

    events = rita.get(filed.data["links"]["events"]).data["results"]
    assert [event["kind"] for event in events] == LIFE
    assert events[9]["data"] == {"department": "facilities", **complaint}
    assert events[9]["by"] == company.requester.email
