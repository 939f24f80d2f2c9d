"""Asking once, keeping every answer, reminding once, and what happens when many act at once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from feedback.ratings import services
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Delivery, Event
from requests_app.events.services import deliver as work_off
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import Department, Membership, Person
from tests.factories import build_company, close, deliver, file_laptop

REJECTION = Words(agreed="A new one.", received="A used one.", remedy="A new one.")


def log(service_request, *fields):
    rows = Event.objects.filter(subject_id=service_request.pk, kind__startswith="rating.").order_by("id")
    return list(rows.values_list(*fields)) if fields else list(rows)


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


# ── Inviting ─────────────────────────────────────────────────────────────────


def test_a_delivery_invites_its_requester(company, delivered_request, work_through):
    work_through()

    invitation = Invitation.objects.get()
    assert (invitation.service_request, invitation.person) == (delivered_request, company.requester)
    assert (invitation.supplier, invitation.state) == (company.it, "open")
    assert invitation.expires_at == delivered_request.delivered_at + timedelta(days=30)
    assert log(delivered_request, "kind", "actor_id", "data") == [
        (
            "rating.invited",
            None,
            {
                "invitation": invitation.pk,
                "person": company.requester.pk,
                "supplier": company.it.pk,
                "department": company.it.pk,
            },
        )
    ]


def test_delivery_and_acceptance_and_every_repetition_invite_once(company, closed_request, work_through):
    events = list(Event.objects.filter(subject_id=closed_request.pk))
    work_through()
    for _ in range(2):
        services.invite_after(events)

    assert Invitation.objects.count() == 1
    assert log(closed_request, "kind") == [("rating.invited",)]


def test_a_worker_killed_between_claim_and_effect_leads_to_one_invitation(delivered_request, monkeypatch):
    record = services.record

    def dies(**event):
        record(**event)
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        work_off("feedback.invitations")
    assert Invitation.objects.count() == 0

    monkeypatch.undo()
    Delivery.objects.update(next_attempt_at=days_ago(1))
    work_off("feedback.invitations")

    assert Invitation.objects.count() == 1
    assert log(delivered_request, "kind") == [("rating.invited",)]


def test_nobody_is_invited_to_rate_their_own_department_or_an_import(company, delivered_request):
    ServiceRequest.objects.update(channel="import")
    assert services.invite_to_rate(request_id=delivered_request.pk) is None

    ServiceRequest.objects.update(channel="web")
    Membership.objects.create(person=company.requester, department=company.it, role="member")
    assert services.invite_to_rate(request_id=delivered_request.pk) is None
    assert Invitation.objects.count() == 0


def test_who_has_left_is_not_invited(company, delivered_request):
    Person.objects.filter(pk=company.requester.pk).update(is_active=False)

    assert services.invite_to_rate(request_id=delivered_request.pk) is None


def test_a_new_delivery_opens_an_unanswered_invitation_anew(company, delivered_request, work_through):
    work_through()
    Invitation.objects.update(state="expired", reminded_at=timezone.now())
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=REJECTION)
    handoff = offer_handoff(
        by=company.assigned, service_request=delivered_request, to=company.facilities, reason="A door."
    )
    accept_handoff(by=company.other_agent, handoff=handoff)
    again = move_request(by=company.other_agent, service_request=delivered_request, action="deliver")
    work_through()

    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.supplier, invitation.reminded_at) == ("open", company.facilities, None)
    assert invitation.expires_at == again.delivered_at + timedelta(days=30)
    assert log(delivered_request, "kind") == [("rating.invited",)]


def test_an_answered_invitation_stays_answered_at_a_new_delivery(company, delivered_request, rate, work_through):
    rate(delivered_request)
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=REJECTION)
    move_request(by=company.assigned, service_request=delivered_request, action="deliver")
    work_through()

    assert Invitation.objects.get().state == "rated"


def test_the_reminder_waits_three_working_days_of_the_customer(company, delivered_request, work_through):
    office = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    Department.objects.filter(pk=company.sales.pk).update(calendar_id=office.pk)
    friday = datetime.fromisoformat("2026-03-06T11:00:00+00:00")
    ServiceRequest.objects.update(delivered_at=friday)

    services.invite_to_rate(request_id=delivered_request.pk, now=friday)

    assert Invitation.objects.get().remind_at == datetime.fromisoformat("2026-03-11T11:00:00+00:00")


def test_a_customer_without_working_days_is_reminded_by_the_calendar(company, delivered_request):
    never = create_calendar(by=company.admin, name="Never", zone="Europe/Berlin", weekly=[[]] * 7)
    Department.objects.filter(pk=company.sales.pk).update(calendar_id=never.pk)

    services.invite_to_rate(request_id=delivered_request.pk)

    assert Invitation.objects.get().remind_at == delivered_request.delivered_at + timedelta(days=3)


# ── Giving ───────────────────────────────────────────────────────────────────


def test_a_rating_is_kept_with_its_first_answer_and_told_to_the_log(company, delivered_request, full_answer):
    rating = give_rating(by=company.requester, service_request=delivered_request, answer=full_answer)

    assert rating.answer == full_answer
    assert (rating.person, rating.supplier, rating.number) == (company.requester, company.it, 1)
    assert [version.answer for version in rating.versions.all()] == [full_answer]
    assert Invitation.objects.get().state == "rated"
    told = {
        "rating": rating.pk,
        "overall": 4,
        "dimensions": full_answer.dimensions,
        "effort": 5,
        "person": company.requester.pk,
        "shared": True,
        "supplier": company.it.pk,
        "department": company.it.pk,
    }
    assert log(delivered_request, "kind", "actor_id") == [
        ("rating.invited", None),
        ("rating.given", company.requester.pk),
    ]
    assert log(delivered_request)[1].data == told


def test_what_is_said_in_words_never_enters_the_log(delivered_request, rate):
    rate(delivered_request, comment="canary-91")

    assert "canary-91" not in str([event.data for event in log(delivered_request)])


def test_a_changed_rating_keeps_every_answer_before(company, delivered_request, rate):
    rate(delivered_request, 2, comment="Slow.", dimensions={"empathy": 1})
    rating = rate(delivered_request, 4)

    assert rating.answer == Answer(4)
    assert [(version.number, version.answer) for version in rating.versions.order_by("number")] == [
        (1, Answer(2, {"empathy": 1}, None, "Slow.")),
        (2, Answer(4)),
    ]
    assert Rating.objects.count() == 1
    assert log(delivered_request, "kind")[1:] == [("rating.given",), ("rating.changed",)]
    assert log(delivered_request)[2].data["overall"] == 4


def test_the_same_answer_again_changes_nothing(delivered_request, rate):
    first = rate(delivered_request, 3, comment="Fair.")
    again = rate(delivered_request, 3, comment=" Fair. ")

    assert (again.number, again.changed_at) == (1, first.changed_at)
    assert RatingVersion.objects.count() == 1
    assert log(delivered_request, "kind")[1:] == [("rating.given",)]


def test_a_click_on_a_score_alone_keeps_what_was_said_before(company, delivered_request, full_answer):
    give_rating(by=company.requester, service_request=delivered_request, answer=full_answer)

    rating = give_rating(
        by=company.requester, service_request=delivered_request, answer=Answer(1), keep_blanks=True, by_link=True
    )

    assert (rating.overall, rating.comment, rating.dimensions) == (1, full_answer.comment, full_answer.dimensions)
    assert list(rating.versions.order_by("number").values_list("by_link", flat=True)) == [False, True]


def test_a_rating_counts_for_who_delivered_even_after_a_handoff(company, closed_request, rate):
    rating = rate(closed_request)
    ServiceRequest.objects.update(supplier=company.facilities)

    rate(closed_request, 1)

    rating.refresh_from_db()
    assert rating.supplier == company.it
    assert [event.data["supplier"] for event in log(closed_request)] == [company.it.pk] * 3


def test_a_wrong_or_untimely_answer_changes_nothing(company, closed_request, new_request, rate):
    with pytest.raises(WrongInput):
        rate(closed_request, 6)
    with pytest.raises(NotAllowed):
        give_rating(by=company.agent, service_request=closed_request, answer=Answer(5))
    other = file_laptop(company)
    with pytest.raises(IllegalMove, match="There is nothing to rate yet"):
        rate(other)

    assert (Rating.objects.count(), RatingVersion.objects.count()) == (0, 0)


def test_who_looked_before_somebody_changed_it_is_told(company, delivered_request, rate):
    rate(delivered_request, 3)
    same = {"by": company.requester, "service_request": delivered_request}

    with pytest.raises(StaleVersion):
        give_rating(**same, answer=Answer(4), expected_number=0)
    assert give_rating(**same, answer=Answer(4), expected_number=1).number == 2


def test_the_first_answer_can_expect_that_there_is_none(company, delivered_request):
    same = {"by": company.requester, "service_request": delivered_request, "answer": Answer(4)}

    with pytest.raises(StaleVersion):
        give_rating(**same, expected_number=1)
    assert give_rating(**same, expected_number=0).number == 1


# ── Links ────────────────────────────────────────────────────────────────────


def test_of_a_token_only_the_digest_is_kept(delivered_request):
    invitation = services.invite_to_rate(request_id=delivered_request.pk)

    tokens = {services.new_token(invitation) for _ in range(3)}

    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}
    kept = " ".join(str(row) for row in RatingLink.objects.values_list())
    assert [token for token in tokens if token in kept] == []


# ── The sweep ────────────────────────────────────────────────────────────────


@pytest.fixture
def waiting(delivered_request, work_through):
    work_through()
    OutgoingMail.objects.all().delete()
    return Invitation.objects.get()


def reminders() -> int:
    return OutgoingMail.objects.filter(kind=services.REMINDER).count()


def test_one_reminder_is_sent_when_its_time_has_come(waiting):
    assert services.sweep_invitations(now=waiting.remind_at - timedelta(seconds=1)) == (0, 0)
    assert services.sweep_invitations(now=waiting.remind_at) == (0, 1)
    assert services.sweep_invitations(now=waiting.remind_at + timedelta(days=20)) == (0, 0)
    assert reminders() == 1


def test_nobody_is_reminded_of_what_is_rated_or_being_reworked(company, waiting, delivered_request, rate):
    later = waiting.remind_at + timedelta(days=1)
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=REJECTION)
    assert services.sweep_invitations(now=later) == (0, 0)

    move_request(by=company.assigned, service_request=delivered_request, action="deliver")
    rate(delivered_request)
    assert services.sweep_invitations(now=later) == (0, 0)
    assert reminders() == 0


def test_an_invitation_answered_while_the_sweep_waited_is_left_alone(waiting):
    Invitation.objects.update(reminded_at=timezone.now())

    assert services._remind_one(waiting.service_request_id, waiting.remind_at) is False


def test_an_unanswered_invitation_ends_after_30_days_and_its_links_60_days_later(waiting):
    services.new_token(waiting)
    end = waiting.expires_at
    Invitation.objects.update(reminded_at=timezone.now())

    assert services.sweep_invitations(now=end - timedelta(seconds=1)) == (0, 0)
    assert services.sweep_invitations(now=end) == (1, 0)
    assert services.sweep_invitations(now=end) == (0, 0)
    assert (Invitation.objects.get().state, RatingLink.objects.count()) == ("expired", 1)

    services.sweep_invitations(now=end + timedelta(days=60))
    assert RatingLink.objects.count() == 0


# ── Many at once ─────────────────────────────────────────────────────────────


def at_once(works) -> list:
    """Every work in a thread and connection of its own, begun together; what they raised."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work):
        try:
            gate.wait()
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_at_once_make_one_rating_and_keep_every_answer():
    company = build_company()
    service_request = deliver(company, file_laptop(company))
    people = [Person.objects.get(pk=company.requester.pk) for _ in range(50)]
    answers = [Answer(1 + place % 5, comment=f"click {place}") for place in range(50)]

    errors = at_once(
        [
            lambda by=by, answer=answer: give_rating(by=by, service_request=service_request, answer=answer)
            for by, answer in zip(people, answers, strict=True)
        ]
    )

    assert errors == []
    assert (Rating.objects.count(), Invitation.objects.count()) == (1, 1)
    assert sorted(RatingVersion.objects.values_list("number", flat=True)) == list(range(1, 51))
    kinds = [kind for (kind,) in log(service_request, "kind")]
    assert (kinds.count("rating.given"), kinds.count("rating.changed")) == (1, 49)
    last = RatingVersion.objects.get(number=50)
    assert Rating.objects.get().answer == last.answer


@pytest.mark.django_db(transaction=True)
def test_invitations_ratings_and_reminders_at_once_do_not_block_each_other():
    company = build_company()
    service_requests = [close(company, file_laptop(company)) for _ in range(4)]
    for service_request in service_requests[:2]:
        services.invite_to_rate(request_id=service_request.pk)
    later = timezone.now() + timedelta(days=10)

    errors = at_once(
        [
            *(lambda pk=row.pk: services.invite_to_rate(request_id=pk) for row in service_requests),
            *(
                lambda row=row: give_rating(
                    by=Person.objects.get(pk=company.requester.pk), service_request=row, answer=Answer(5)
                )
                for row in service_requests
            ),
            *(lambda: services.sweep_invitations(now=later) for _ in range(4)),
        ]
    )

    assert errors == []
    assert (Invitation.objects.filter(state="rated").count(), Rating.objects.count()) == (4, 4)
    keys = OutgoingMail.objects.filter(kind=services.REMINDER).values_list("service_request_id", flat=True)
    assert len(keys) == len(set(keys))
