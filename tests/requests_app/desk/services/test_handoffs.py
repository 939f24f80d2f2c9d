"""Passing a request on: somebody owns it, clock and all, at every moment."""

import pytest
from django.http import Http404

from requests_app.desk.models import Clock, Handoff, ServiceRequest
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff, withdraw_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput


@pytest.fixture
def offered(company, accepted_request) -> Handoff:
    return offer_handoff(
        by=company.assigned, service_request=accepted_request, to=company.facilities, reason="It is a door."
    )


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


def test_until_it_is_accepted_the_sender_owns_it(company, offered):
    there = ServiceRequest.objects.get()
    assert (there.supplier, there.assignee, there.status) == (company.it, company.assigned, "accepted")
    assert last_event().data == {
        "handoff": offered.pk, "from": company.it.pk, "to": company.facilities.pk,
        "department": company.facilities.pk, "reason": "It is a door.",
    }  # fmt: skip


def test_accepting_changes_owner_assignee_and_status_at_once(company, offered):
    due = Clock.objects.get(measure="resolution", holder=None).due_at

    moved = accept_handoff(by=company.other_agent, handoff=offered)

    assert (moved.supplier, moved.assignee, moved.status) == (company.facilities, company.other_agent, "accepted")
    assert Clock.objects.get(measure="resolution", holder=None).due_at == due
    assert last_event().kind == "handoff.accepted"
    assert last_event().data["department"] == company.facilities.pk
    assert Handoff.objects.get().answered_by == company.other_agent


def test_accepting_a_new_request_answers_it_too(company, new_request):
    offer = offer_handoff(by=company.supplier_head, service_request=new_request, to=company.facilities, reason="Door")

    accept_handoff(by=company.other_agent, handoff=offer)

    assert Clock.objects.get(measure="response").stopped_at is not None


def test_accepting_ends_the_senders_waiting(company, accepted_request):
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="customer")
    )
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Door")

    moved = accept_handoff(by=company.other_agent, handoff=offer)

    assert (moved.status, moved.hold_reason) == ("accepted", "")
    assert Clock.objects.get(measure="resolution", holder=None).due_at is not None
    assert moved.holds.filter(ended_at=None).count() == 0


def test_declining_says_why_and_leaves_it_with_the_sender(company, offered):
    there = decline_handoff(by=company.other_agent, handoff=offered, reason="No door here.")

    assert (there.supplier, there.status) == (company.it, "accepted")
    assert (Handoff.objects.get().state, Handoff.objects.get().answer) == ("declined", "No door here.")
    assert last_event().data["reason"] == "No door here."


def test_declining_needs_a_reason(company, offered):
    with pytest.raises(WrongInput):
        decline_handoff(by=company.other_agent, handoff=offered, reason=" ")
    assert Handoff.objects.get().state == "offered"


def test_the_sender_takes_it_back(company, offered):
    withdraw_handoff(by=company.supplier_head, handoff=offered)

    assert Handoff.objects.get().state == "withdrawn"
    with pytest.raises(IllegalMove, match="answered already"):
        accept_handoff(by=company.other_agent, handoff=offered)


def test_only_the_receiver_answers(company, offered):
    for person in (company.agent, company.requester, company.stranger, company.admin):
        with pytest.raises(NotAllowed):
            accept_handoff(by=person, handoff=offered)
    with pytest.raises(NotAllowed):
        withdraw_handoff(by=company.other_agent, handoff=offered)


def test_only_those_who_work_on_it_pass_it_on(company, accepted_request):
    for person in (company.agent, company.requester, company.other_head):
        with pytest.raises(NotAllowed):
            offer_handoff(by=person, service_request=accepted_request, to=company.facilities, reason="x")


def test_a_second_offer_waits_for_the_answer_to_the_first(company, offered):
    with pytest.raises(IllegalMove, match="already offered"):
        offer_handoff(by=company.assigned, service_request=ServiceRequest.objects.get(), to=company.sales, reason="x")


def test_an_offer_goes_to_another_department_that_works(company, accepted_request):
    company.facilities.is_active = False
    for to in (company.it, company.facilities):
        with pytest.raises(WrongInput) as refusal:
            offer_handoff(by=company.assigned, service_request=accepted_request, to=to, reason="x")
        assert list(refusal.value.errors) == ["to"]


def test_what_is_delivered_is_not_passed_on(company, delivered_request):
    with pytest.raises(IllegalMove):
        offer_handoff(by=company.assigned, service_request=delivered_request, to=company.facilities, reason="x")


def test_giving_back_to_whom_it_came_from_works(company, offered):
    there = accept_handoff(by=company.other_agent, handoff=offered)
    back = offer_handoff(by=company.other_agent, service_request=there, to=company.it, reason="Yours after all")

    there = accept_handoff(by=company.agent, handoff=back)

    assert (there.supplier, there.assignee) == (company.it, company.agent)


def test_an_offer_that_is_gone_is_not_found(company, offered):
    gone = Handoff.objects.get()
    Handoff.objects.all().delete()
    with pytest.raises(Http404):
        accept_handoff(by=company.other_agent, handoff=gone)


def test_a_request_without_clocks_is_passed_on_too(company, offered):
    Clock.objects.all().delete()

    assert accept_handoff(by=company.other_agent, handoff=offered).supplier == company.facilities
