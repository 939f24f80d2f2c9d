"""The words of each notice, and when there is nothing to say any more."""

import pytest

from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.assignment import assign_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import decline_handoff, offer_handoff, withdraw_handoff
from requests_app.desk.services.moves import Words, close_all_unanswered, move_request
from requests_app.events.services import deliver as work_through
from requests_app.messaging.letters import NOTICES
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.states import AUDIENCES
from tests.factories import accept, deliver, file_laptop

REJECTION = Words(agreed="A new one.", received="A used one.", remedy="Send a new one.")
CANARY = "canary-7f3a"


def body_of(mail) -> str:
    return " ".join(mail.body.split())


def test_every_event_that_is_mailed_has_its_words():
    assert set(NOTICES) == set(AUDIENCES)


def test_a_receipt_names_who_has_it_and_by_when(company, new_request, post):
    (mail,) = post()

    assert "Your request is with IT Services." in mail.body
    assert "First answer by: " in mail.body
    assert "Delivery by: " in mail.body
    assert f"http://localhost:8000/requests/{new_request.number}/" in mail.body


def test_a_receipt_for_somebody_else_names_who_filed_it(company, post):
    filing = Filing(title="A laptop", answers={"model": "13 inch"})
    file_request(by=company.agent, service=company.laptop, filing=filing, on_behalf_of=company.requester)

    (mail,) = post()

    assert "Anton Agent filed this request for you. It is with IT Services." in mail.body


def test_work_that_is_given_names_the_customer_and_the_due_time(company, accepted_request, post):
    post()
    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.agent)

    (mail,) = post()

    assert mail.subject.endswith("Assigned to you: A laptop for the new colleague")
    assert "Sofia Supplier gave you this request from Sales." in mail.body
    assert "Due: " in mail.body


def test_work_without_a_running_clock_names_no_due_time(company, accepted_request, post):
    post()
    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.agent)
    ServiceRequest.objects.update(due_at=None)

    (mail,) = post()

    assert "Due" not in mail.body


def test_work_that_went_on_to_somebody_else_or_ended_is_no_news(company, accepted_request, post):
    post()
    for assignee in (company.agent, company.assigned):
        assign_request(by=company.supplier_head, service_request=accepted_request, assignee=assignee)
    assert [mail.to for mail in post()] == [["ansel.assigned@example.test"]]

    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.agent)
    ServiceRequest.objects.update(status="closed", closed_at="2026-01-01T00:00Z", delivered_at="2026-01-01T00:00Z")
    assert post() == []


def test_an_answer_quotes_what_was_written_and_says_for_whom(company, accepted_request, post):
    post()
    post_message(by=company.agent, service_request=accepted_request, body="Which colour?\nBlue is out.")
    (to_requester,) = post()
    post_message(by=company.requester, service_request=accepted_request, body="Red, then.")
    (to_agent,) = post()

    assert "Anton Agent from IT Services wrote:\n\n> Which colour?\n> Blue is out.\n" in to_requester.body
    assert "Rita Requester from Sales wrote:\n\n> Red, then.\n" in to_agent.body


def test_a_long_answer_is_cut(company, accepted_request, post):
    post()
    post_message(by=company.agent, service_request=accepted_request, body="word " * 1000)

    (mail,) = post()

    assert len(mail.body) < 2500
    assert "…" in mail.body


def test_a_delivery_asks_to_accept_it_and_says_what_happens_without_an_answer(company, accepted_request, post):
    post()
    move_request(
        by=company.assigned, service_request=accepted_request, action="deliver", words=Words(reason="On your desk.")
    )

    (mail,) = post()

    assert mail.subject.endswith("Delivered: A laptop for the new colleague")
    assert "IT Services delivered. Have a look, then accept it or say what would put it right." in mail.body
    assert "Without an answer it counts as accepted on " in mail.body
    assert "> On your desk." in mail.body


def test_a_delivery_without_a_time_for_the_answer_promises_none(company, delivered_request, post):
    ServiceRequest.objects.update(acceptance_due_at=None)
    work_through("messaging.notices")
    OutgoingMail.objects.exclude(kind="request.delivered").delete()

    (mail,) = post()

    assert "counts as accepted" not in mail.body


def test_a_delivery_that_was_answered_meanwhile_is_no_news(company, closed_request, post):
    work_through("messaging.notices")
    OutgoingMail.objects.exclude(kind="request.delivered").delete()

    assert post() == []


def test_a_rejection_carries_what_would_put_it_right(company, delivered_request, post):
    post()
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=REJECTION)

    (mail,) = post()

    assert "Rita Requester from Sales sent the delivery back." in mail.body
    assert "Agreed: A new one.\nReceived: A used one.\nWhat would put it right: Send a new one.\n" in mail.body


def test_the_ends_of_a_request_each_have_their_words(company, post):
    declined = file_laptop(company)
    cancelled, confirmed, unanswered = (accept(company, file_laptop(company)) for _ in range(3))
    post()

    reason = Words(reason="We have none.")
    move_request(by=company.supplier_head, service_request=declined, action="decline", words=reason)
    (mail,) = post()
    assert mail.subject.endswith("Not taken on: A laptop for the new colleague")
    assert "IT Services did not take this request on.\n\n> We have none.\n" in mail.body

    move_request(by=company.requester, service_request=cancelled, action="cancel")
    (mail,) = post()
    assert "Rita Requester from Sales took the request back. Nothing more is to be done." in mail.body

    deliver(company, confirmed)
    post()
    move_request(by=company.customer_head, service_request=confirmed, action="confirm")
    (mail,) = post()
    assert "Hanna Head accepted the delivery of IT Services." in mail.body

    deliver(company, unanswered)
    post()
    ServiceRequest.objects.filter(pk=unanswered.pk).update(acceptance_due_at="2020-01-01T00:00Z")
    close_all_unanswered()
    (mail,) = post()
    assert "The delivery of IT Services was not answered in time, so it counts as accepted." in mail.body
    assert "If something is not right, open it again within 14 days." in mail.body


def test_opening_again_says_why(company, closed_request, post):
    post()
    move_request(by=company.requester, service_request=closed_request, action="reopen", words=Words(reason="It broke."))

    (mail,) = post()

    assert "Rita Requester opened this request again.\n\n> It broke.\n" in mail.body


def test_an_offer_says_who_asks_and_why_until_it_is_answered(company, accepted_request, post):
    post()
    offered = {
        "by": company.assigned,
        "service_request": accepted_request,
        "to": company.facilities,
        "reason": "A door.",
    }
    handoff = offer_handoff(**offered)
    (mail,) = post()
    assert mail.to == ["oda.other@example.test"]
    assert "IT Services asks Facilities to take this request over." in mail.body
    assert "> A door." in mail.body

    decline_handoff(by=company.other_agent, handoff=handoff, reason="Not a door.")
    (mail,) = post()
    assert "Facilities gave this request back. It stays with IT Services.\n\n> Not a door.\n" in mail.body

    withdraw_handoff(by=company.assigned, handoff=offer_handoff(**offered))
    assert post() == []


@pytest.mark.parametrize("answered", [False, True])
def test_a_handoff_that_is_not_there_any_more_is_no_news(company, accepted_request, answered, post):
    post()
    handoff = offer_handoff(
        by=company.assigned, service_request=accepted_request, to=company.facilities, reason="A door."
    )
    if answered:
        decline_handoff(by=company.other_agent, handoff=handoff, reason="Not a door.")
    work_through("messaging.notices")
    OutgoingMail.objects.update(person=company.assigned)
    handoff.delete()

    assert post() == []


# ── Confidential ─────────────────────────────────────────────────────────────


def test_mail_about_a_confidential_request_holds_none_of_its_text(company, post):
    Service.objects.update(privacy="confidential")
    company.laptop.refresh_from_db()
    filed = file_laptop(company, title=f"{CANARY} title", description=f"{CANARY} words")
    ServiceRequest.objects.update(assignee=company.assigned)
    filed.refresh_from_db()
    filed = accept(company, filed)
    post_message(by=company.assigned, service_request=filed, body=f"{CANARY} question")
    post_message(by=company.requester, service_request=filed, body=f"{CANARY} answer")
    deliver(company, filed)
    words = Words(agreed=CANARY, received=CANARY, remedy=CANARY)
    sent = post()
    move_request(by=company.requester, service_request=filed, action="reject", words=words)
    sent += post()
    deliver(company, filed)
    sent += post()

    assert [mail.subject for mail in sent] == [
        f"[{filed.number}] {headline}"
        for headline in ("Filed", "Answer", "Answer", "Delivered", "Sent back", "Delivered")
    ]
    assert [mail for mail in sent if CANARY in mail.message().as_string()] == []
    assert all("This request is confidential, so its text is only on the page." in body_of(mail) for mail in sent)
