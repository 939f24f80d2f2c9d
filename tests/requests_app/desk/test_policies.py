"""Who sees a request and who may move it: each context of the matrix, in each state of the life."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from requests_app.catalogue.states import Privacy
from requests_app.desk import policies
from requests_app.desk.models import Handoff, ServiceRequest, Watcher
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.states import ENDED, OPEN, Status
from requests_app.kernel.errors import NotAllowed
from requests_app.org.policies import ALLOWED_CODES, best_code
from tests.factories import accept, file_laptop

WORKING = {"AS", "SH"}
ASKING = {"RQ", "CH"}


def spec(context: str, status: str) -> set[str]:
    """What the design lets each person do, written down apart from the code; the request has an assignee."""
    can = set()
    if context in WORKING:
        can |= {"accept", "decline"} if status == "new" else set()
        can |= {"start", "hold", "deliver", "decline"} if status == "accepted" else set()
        can |= {"hold", "deliver"} if status == "in_progress" else set()
        can |= {"resume"} if status == "on_hold" else set()
    if context in ASKING:
        can |= {"cancel"} if status in OPEN else set()
        can |= {"confirm", "reject"} if status == "delivered" else set()
    if context in ASKING | {"SH"}:
        can |= {"reopen"} if status == "closed" else set()
    return can


def put(service_request: ServiceRequest, status: str) -> ServiceRequest:
    """Into a state directly; the ways there have tests of their own."""
    now = timezone.now()
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        status=status,
        hold_reason="customer" if status == "on_hold" else "",
        delivered_at=now if status in ("delivered", "closed") else None,
        closed_at=now if status in ENDED else None,
    )
    return ServiceRequest.objects.get(pk=service_request.pk)


@pytest.mark.parametrize("status", Status.values)
def test_each_person_has_exactly_the_moves_of_the_matrix(company, accepted_request, status):
    Watcher.objects.create(service_request=accepted_request, person=company.watcher)
    there = put(accepted_request, status)

    found = {context: set(policies.actions_for(person, there)) for context, person in company.by_context.items()}

    assert found == {context: spec(context, status) for context in company.by_context}


def test_any_agent_of_the_supplier_takes_what_nobody_has(company, new_request):
    assert policies.actions_for(company.agent, new_request) == ["accept"]
    assert policies.actions_for(company.other_agent, new_request) == []


def test_each_person_stands_in_the_context_of_the_cast(company, accepted_request):
    Watcher.objects.create(service_request=accepted_request, person=company.watcher)
    expected = {
        "U": {"U"}, "RQ": {"RQ", "CC"}, "WT": {"WT"}, "CC": {"CC"}, "CH": {"CC", "CH"}, "SA": {"SA"},
        "AS": {"SA", "AS"}, "SH": {"SA", "SH"}, "OA": {"U"}, "OH": {"U"}, "AD": {"AD"}, "AU": {"AU"}, "EX": {"EX"},
    }  # fmt: skip

    found = {letter: set(policies.contexts(person, accepted_request)) for letter, person in company.by_context.items()}

    assert found == expected


def test_a_visitor_without_account_stands_as_anonymous(accepted_request):
    assert policies.contexts(AnonymousUser(), accepted_request) == {"AN"}
    assert list(ServiceRequest.objects.visible_to(AnonymousUser())) == []


@pytest.mark.parametrize("privacy", Privacy.values)
def test_the_list_shows_a_request_to_exactly_those_who_may_view_it(company, accepted_request, privacy):
    Watcher.objects.create(service_request=accepted_request, person=company.watcher)
    ServiceRequest.objects.update(privacy=privacy)
    there = ServiceRequest.objects.get()
    hidden = {
        "department": {"U", "OA", "OH", "EX"},
        "private": {"U", "OA", "OH", "EX", "CC"},
        "confidential": {"U", "OA", "OH", "EX", "CC", "CH", "SA", "AD", "AU"},
    }[privacy]

    listed = {c for c, person in company.by_context.items() if ServiceRequest.objects.visible_to(person).exists()}
    viewed = {
        c for c, person in company.by_context.items()
        if best_code("request.view", policies.contexts(person, there)) in ALLOWED_CODES
    }  # fmt: skip

    assert listed == set(company.by_context) - hidden
    assert viewed == listed


def test_internal_notes_are_never_read_on_the_asking_side(company, accepted_request):
    Watcher.objects.create(service_request=accepted_request, person=company.watcher)

    readers = {c for c, person in company.by_context.items() if policies.can_see_internal(person, accepted_request)}

    assert readers == {"SA", "AS", "SH", "AD", "AU"}


def test_an_admin_who_asks_reads_no_internal_notes_on_the_own_request(company, accepted_request):
    company.requester.is_admin = True
    company.requester.__dict__.pop("_standing", None)

    assert policies.can_see_internal(company.requester, accepted_request) is False


def test_the_department_a_request_is_offered_to_may_look_until_it_answers(company, accepted_request):
    assert list(ServiceRequest.objects.visible_to(company.other_agent)) == []
    handoff = offer_handoff(
        by=company.assigned, service_request=accepted_request, to=company.facilities, reason="It is a door."
    )
    assert list(ServiceRequest.objects.visible_to(company.other_agent)) == [accepted_request]
    assert policies.can_answer_handoff(company.other_agent, handoff) is True
    assert policies.can_answer_handoff(company.agent, handoff) is False
    with pytest.raises(NotAllowed):
        policies.require_answer_handoff(company.agent, handoff)


def test_a_department_that_passed_a_request_on_may_still_look(company, accepted_request):
    handoff = offer_handoff(
        by=company.assigned, service_request=accepted_request, to=company.facilities, reason="It is a door."
    )
    accept_handoff(by=company.other_agent, handoff=handoff)

    assert list(ServiceRequest.objects.visible_to(company.agent)) == [accepted_request]
    assert policies.actions_for(company.agent, ServiceRequest.objects.get()) == []


def test_a_confidential_offer_is_answered_by_heads_only(company, accepted_request):
    ServiceRequest.objects.update(privacy=Privacy.CONFIDENTIAL)
    handoff = Handoff.objects.create(
        service_request=ServiceRequest.objects.get(), sender=company.it, receiver=company.facilities,
        reason="x", offered_by=company.supplier_head, offered_at=timezone.now(),
    )  # fmt: skip

    assert policies.can_answer_handoff(company.other_agent, handoff) is False
    assert policies.can_answer_handoff(company.other_head, handoff) is True


@pytest.mark.parametrize(("days", "possible"), [(13, True), (15, False)])
def test_reopening_ends_fourteen_days_after_closing(company, closed_request, days, possible):
    ServiceRequest.objects.update(closed_at=timezone.now() - timedelta(days=days))
    there = ServiceRequest.objects.get()

    assert ("reopen" in policies.actions_for(company.requester, there)) is possible
    assert policies.allows(company.requester, there, "comment.add_public") is possible


def test_the_requester_changes_words_and_priority_only_while_nobody_has_taken_it(company, new_request):
    assert policies.allows(company.requester, new_request, "request.edit_text") is True
    assert policies.allows(company.requester, new_request, "request.set_priority") is True
    there = accept(company, new_request)
    assert policies.allows(company.requester, there, "request.edit_text") is False
    assert policies.allows(company.requester, there, "request.set_priority") is False
    assert policies.allows(company.agent, there, "request.set_priority") is True


def test_a_refusal_names_those_who_could(company, delivered_request):
    with pytest.raises(NotAllowed) as refusal:
        policies.require_move(company.agent, delivered_request, "confirm")

    assert refusal.value.needed == "It could be taken by: the requester, the head of the asking department."


def test_what_nobody_may_do_says_so(company, new_request):
    with pytest.raises(NotAllowed) as refusal:
        policies.require(company.admin, new_request, "request.hard_delete")

    assert refusal.value.needed == "Nobody can take it."


def test_somebody_who_left_sees_nothing_at_once(company, new_request):
    company.requester.is_active = False
    company.requester.__dict__.pop("_standing", None)

    assert list(ServiceRequest.objects.visible_to(company.requester)) == []


def test_known_watchers_cost_no_query(company, new_request, django_assert_num_queries):
    policies.contexts(company.watcher, new_request)
    new_request.watcher_ids = {company.watcher.pk}
    with django_assert_num_queries(0):
        assert "WT" in policies.contexts(company.watcher, new_request)


def test_every_action_of_the_policy_is_a_row_of_the_matrix(company, new_request):
    for action in policies.CONDITIONS:
        assert policies.code(company.requester, new_request, action) in "YSPFH"


def test_code_for_two_requests_does_not_mix(company, new_request):
    other = file_laptop(company)
    assert policies.code(company.requester, other, "request.cancel") == "S"
