"""Who may rate, and until when; each condition from both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.ratings import policies
from feedback.ratings.policies import Refusal
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.assignment import assign_request
from requests_app.desk.services.conversation import add_watcher, post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, NotAllowed
from requests_app.org.models import Membership
from tests.factories import accept, close, deliver, file_laptop


def why_not(person, service_request, rating=None, *, days=0):
    service_request = ServiceRequest.objects.get(pk=service_request.pk)
    person.__dict__.pop("_standing", None)
    return policies.refusal(person, service_request, rating, timezone.now() + timedelta(days=days))


def test_only_the_requester_rates(company, closed_request):
    add_watcher(by=company.requester, service_request=closed_request, person=company.watcher)

    allowed = {letters for letters, person in company.by_context.items() if why_not(person, closed_request) is None}

    assert allowed == {"RQ"}


def test_who_filed_for_somebody_does_not_rate_in_their_place(company):
    filing = Filing(title="A laptop", answers={"model": "13 inch"})
    filed = file_request(
        by=company.customer_head, service=company.laptop, filing=filing, on_behalf_of=company.requester
    )
    close(company, filed)

    assert why_not(company.requester, filed) is None
    assert why_not(company.customer_head, filed) == Refusal.NOT_REQUESTER
    assert "RQ" not in policies.rating_contexts(company.customer_head, filed)
    assert policies.rating_contexts(company.customer_head, filed) >= {"WT", "CC", "CH"}


def test_nobody_rates_the_work_of_a_department_they_belong_to(company, closed_request):
    Membership.objects.create(person=company.requester, department=company.it, role="member")

    assert why_not(company.requester, closed_request) == Refusal.OWN_DEPARTMENT


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("new", Refusal.NOT_DELIVERED),
        ("accepted", Refusal.NOT_DELIVERED),
        ("in_progress", Refusal.NOT_DELIVERED),
        ("delivered", None),
        ("closed", None),
        ("declined", Refusal.NOT_DELIVERED),
        ("cancelled", Refusal.NOT_DELIVERED),
    ],
)
def test_only_a_delivery_is_rated(company, closed_request, status, refusal):
    ended = status in ("closed", "declined", "cancelled")
    ServiceRequest.objects.update(status=status, closed_at=timezone.now() if ended else None)

    assert why_not(company.requester, closed_request) == refusal


def test_a_delivery_is_rated_for_30_days_to_the_moment(company, closed_request):
    end = closed_request.delivered_at + timedelta(days=30)

    def at(now):
        return policies.refusal(company.requester, closed_request, None, now)

    assert (at(end - timedelta(microseconds=1)), at(end)) == (None, Refusal.OVER)


def test_a_rating_is_changed_for_7_days_whatever_became_of_the_request(company, closed_request, rate):
    rating = rate(closed_request)
    move_request(by=company.requester, service_request=closed_request, action="reopen", words=Words(reason="It broke."))
    end = rating.given_at + timedelta(days=7)

    def at(now):
        return policies.refusal(company.requester, closed_request, rating, now)

    assert (at(end - timedelta(microseconds=1)), at(end)) == (None, Refusal.LOCKED)


# ── Who worked on it ─────────────────────────────────────────────────────────


def test_who_asked_and_answered_has_not_worked_on_it(company, closed_request):
    assert policies.worked_on(company.requester, closed_request) is False
    assert policies.worked_on(company.assigned, closed_request) is True
    assert policies.worked_on(company.agent, closed_request) is False


def test_a_reply_that_ends_the_waiting_is_not_work(company, accepted_request):
    hold = Words(hold_reason="customer", reason="Which colour?")
    move_request(by=company.assigned, service_request=accepted_request, action="hold", words=hold)
    post_message(by=company.requester, service_request=accepted_request, body="Blue.")

    assert policies.worked_on(company.requester, accepted_request) is False


def test_a_word_as_supplier_a_resumption_and_a_note_are_work(company, accepted_request):
    post_message(by=company.agent, service_request=accepted_request, body="Which colour?")
    post_message(by=company.supplier_head, service_request=accepted_request, body="Tight.", internal=True)

    assert policies.worked_on(company.agent, accepted_request) is True
    assert policies.worked_on(company.supplier_head, accepted_request) is True

    record(
        kind="request.resumed", subject_kind="request", subject_id=accepted_request.pk, by=company.other_agent,
        data={"by_reply": False},
    )  # fmt: skip
    assert policies.worked_on(company.other_agent, accepted_request) is True


def test_being_given_the_work_is_enough(company, accepted_request):
    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.agent)

    assert policies.worked_on(company.agent, accepted_request) is True


def test_an_agent_who_passed_it_on_does_not_rate_what_became_of_it(company):
    filed = accept(company, file_laptop(company))
    ServiceRequest.objects.filter(pk=filed.pk).update(requester=company.assigned)
    handoff = offer_handoff(by=company.assigned, service_request=filed, to=company.facilities, reason="A door.")
    accept_handoff(by=company.other_agent, handoff=handoff)
    move_request(by=company.other_agent, service_request=filed, action="deliver")

    assert why_not(company.assigned, filed) == Refusal.WORKED_ON_IT


# ── How it is said ───────────────────────────────────────────────────────────


def test_what_one_is_not_is_not_allowed_and_what_is_too_late_is_illegal(company, closed_request, accepted_request):
    with pytest.raises(NotAllowed, match="Only the person who asked rates the delivery"):
        policies.require_may_rate(company.agent, closed_request, None, timezone.now())

    late = timezone.now() + timedelta(days=31)
    with pytest.raises(IllegalMove, match="The 30 days") as refused:
        policies.require_may_rate(company.requester, closed_request, None, late)
    assert refused.value.code == "over"

    policies.require_may_rate(company.requester, closed_request, None, timezone.now())


def test_what_is_being_worked_on_says_so(company, accepted_request):
    assert why_not(company.requester, accepted_request) == Refusal.NOT_DELIVERED
    assert why_not(company.requester, deliver(company, accepted_request)) is None
