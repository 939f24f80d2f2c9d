"""Queueing with the event, sending once: what waits, what is tried again, what is given up."""

import threading
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import move_request
from requests_app.events.models import Delivery, Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.messaging import services, states
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.states import MailState
from requests_app.org.models import Membership, Person
from tests.factories import build_company, file_laptop
from tests.requests_app.messaging.mailservers import PoweredOff

HERE = "tests.requests_app.messaging.mailservers"


def rows(*fields):
    return list(OutgoingMail.objects.order_by("pk").values_list(*fields))


# ── Queueing ─────────────────────────────────────────────────────────────────


def test_the_same_key_twice_is_one_mail(company):
    for _ in range(2):
        services.queue_mail(kind="request.filed", person_id=company.agent.pk, dedupe_key="once")

    assert rows("dedupe_key", "state", "attempts") == [("once", "queued", 0)]
    assert str(OutgoingMail.objects.get()) == f"request.filed to person {company.agent.pk}"


def test_an_event_delivered_twice_is_one_mail(company, new_request):
    events = list(Event.objects.filter(subject_id=new_request.pk))

    services.queue_notices(events)
    services.queue_notices(events)

    assert rows("kind", "person_id", "service_request_id") == [("request.filed", company.requester.pk, new_request.pk)]


def test_a_worker_killed_between_claim_and_effect_leads_to_one_mail(company, new_request, monkeypatch):
    queue_all = services.queue_all

    def dies(mails):
        queue_all(mails)
        raise PoweredOff

    monkeypatch.setattr(services, "queue_all", dies)
    with pytest.raises(PoweredOff):
        deliver("messaging.notices")
    assert rows("kind") == []

    monkeypatch.undo()
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(days=1))
    deliver("messaging.notices")
    deliver("messaging.notices")

    assert rows("kind") == [("request.filed",)]


def test_what_happened_days_ago_is_no_news(company, new_request):
    events = list(Event.objects.filter(subject_id=new_request.pk))

    services.queue_notices(events, now=timezone.now() + timedelta(days=states.NEWS_DAYS, minutes=1))

    assert rows("kind") == []


def test_imported_requests_and_unknown_ones_are_no_news(company, new_request):
    events = list(Event.objects.filter(subject_id=new_request.pk))
    ServiceRequest.objects.update(channel="import")
    unknown = Event(kind="request.filed", subject_kind="request", subject_id=0, at=timezone.now(), data={})

    services.queue_notices([*events, unknown])

    assert rows("kind") == []


def test_the_database_holds_that_only_sent_mail_says_when(company):
    services.queue_mail(kind="request.filed", person_id=company.agent.pk, dedupe_key="once")

    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(sent_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(state="lost")


# ── Sending ──────────────────────────────────────────────────────────────────


def test_mail_is_sent_once_and_recorded_as_sent(company, new_request, post):
    sent = post()

    assert [(mail.to, mail.subject) for mail in sent] == [
        (["rita.requester@example.test"], f"[{new_request.number}] Filed: A laptop for the new colleague")
    ]
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts, row.address) == (MailState.SENT, 1, "rita.requester@example.test")
    assert row.subject == sent[0].subject
    assert row.sent_at is not None
    assert post() == []


def test_nothing_is_sent_before_its_time(company, new_request, post):
    deliver("messaging.notices")
    OutgoingMail.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=1))

    assert post() == []


def test_only_so_many_are_sent_at_a_time(company):
    for _ in range(3):
        file_laptop(company)
    deliver("messaging.notices")

    assert [services.send_waiting(most=2), services.send_waiting(most=2)] == [2, 1]


def test_who_has_left_or_may_not_read_it_any_more_is_sent_nothing(company, accepted_request, post, told):
    told()
    move_request(by=company.requester, service_request=accepted_request, action="cancel")
    told()
    Membership.objects.filter(person=company.assigned).delete()
    ServiceRequest.objects.update(assignee=company.agent)
    Person.objects.filter(pk=company.requester.pk).update(is_active=False)

    assert post() == []
    assert rows("kind", "state") == [("request.filed", "withheld"), ("request.cancelled", "withheld")]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@x.test,b@x.test", "a@x.test\nBcc: b@x.test", "Group: a@x.test;", "<a@x.test>"]
)
def test_an_address_that_is_not_exactly_one_is_given_up_at_once(company, new_request, post, address):
    Person.objects.filter(pk=company.requester.pk).update(email=address)

    assert post() == []
    assert rows("state", "last_error") == [("failed", "The address is not one that mail can be sent to.")]


def test_a_mail_that_cannot_be_written_is_tried_later_and_stops_no_other(company, new_request, post):
    services.queue_mail(kind="no.such.kind", person_id=company.agent.pk, dedupe_key="broken")

    assert len(post()) == 1
    broken = OutgoingMail.objects.get(kind="no.such.kind")
    assert (broken.state, broken.attempts, broken.last_error) == ("queued", 1, "KeyError: 'no.such.kind'")
    assert broken.next_attempt_at > timezone.now() + timedelta(seconds=50)


def test_a_mail_is_given_up_after_the_last_step_of_the_ladder(company, due_now):
    services.queue_mail(kind="no.such.kind", person_id=company.agent.pk, dedupe_key="broken")
    for _ in range(states.MOST_ATTEMPTS):
        due_now()
        services.send_waiting()

    assert rows("state", "attempts") == [("failed", states.MOST_ATTEMPTS)]


def test_a_mail_that_ends_its_worker_at_every_try_is_given_up(company, new_request, post, due_now, settings):
    settings.EMAIL_BACKEND = f"{HERE}.DiesBeforeSending"
    for _ in range(states.MOST_ATTEMPTS):
        with pytest.raises(PoweredOff):
            post()
        due_now()
    post()

    assert rows("state", "last_error") == [("failed", "The worker ended at every try.")]


def test_a_worker_killed_after_sending_leads_to_one_more_mail_with_the_same_id(
    company, new_request, post, due_now, settings
):
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{HERE}.DiesAfterSending"
    with pytest.raises(PoweredOff):
        post()
    assert rows("state", "attempts") == [("queued", 1)]
    settings.EMAIL_BACKEND = usual
    assert post() == []

    due_now()
    post()

    assert rows("state", "attempts") == [("sent", 2)]
    first, second = django_mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


# ── A real mail server ───────────────────────────────────────────────────────


def test_mail_goes_over_the_wire(company, new_request, mail_server, post):
    post()

    assert rows("state") == [("sent",)]
    (wire,) = mail_server.taken
    assert f"Subject: [{new_request.number}] Filed: A laptop for the new colleague\r\n" in wire
    assert "To: rita.requester@example.test\r\n" in wire


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ({"RCPT": "450 later"}, "queued"),
        ({"RCPT": "550 no such user"}, "failed"),
        ({"END OF DATA": "451 greylisted"}, "queued"),
        ({"END OF DATA": "554 looks like spam"}, "failed"),
        ({"MAIL": "552 too much"}, "failed"),
    ],
    ids=str,
)
def test_a_mail_that_is_refused_stops_no_other(company, mail_server, post, says, state):
    for _ in range(2):
        file_laptop(company)
    mail_server.says = says

    post()

    assert rows("state", "attempts") == [(state, 1), (state, 1)]


def test_a_refusal_for_good_is_not_tried_again(company, new_request, mail_server, post, due_now):
    mail_server.says = {"RCPT": "550 no such user"}
    post()
    mail_server.says = {}
    due_now()
    post()

    assert rows("state", "attempts") == [("failed", 1)]
    assert "550" in OutgoingMail.objects.get().last_error


def test_a_refusal_for_now_is_tried_again_after_a_pause(company, new_request, mail_server, post, due_now):
    mail_server.says = {"RCPT": "450 later"}
    post()
    mail_server.says = {}
    assert timedelta(seconds=50) < OutgoingMail.objects.get().next_attempt_at - timezone.now() < timedelta(seconds=61)
    post()
    assert rows("state", "attempts") == [("queued", 1)]

    due_now()
    post()

    assert rows("state", "attempts") == [("sent", 2)]


@pytest.mark.parametrize("says", [{"CONNECT": "554 go away"}, {"MAIL": "HANG UP"}], ids=str)
def test_a_server_that_is_in_trouble_is_not_asked_again_for_the_next_mail(company, mail_server, post, says):
    for _ in range(2):
        file_laptop(company)
    mail_server.says = says

    post()

    assert rows("state", "attempts") == [("queued", 1), ("queued", 0)]


def test_no_server_at_all_leaves_the_mail_waiting(company, new_request, mail_server, post):
    mail_server.shutdown()
    mail_server.server_close()

    post()

    assert rows("state", "attempts") == [("queued", 1)]
    assert "refused" in OutgoingMail.objects.get().last_error.lower()


def test_a_server_that_hangs_up_at_the_end_has_still_taken_the_mail(company, new_request, post, settings):
    settings.EMAIL_BACKEND = f"{HERE}.HangsUpRudely"

    post()

    assert rows("state") == [("sent",)]


# ── Several workers, and a second chance ─────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once():
    company = build_company()
    for _ in range(6):
        file_laptop(company)
    deliver("messaging.notices")

    def work():
        services.send_waiting()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert OutgoingMail.objects.filter(state="sent", attempts=1).count() == 6
    assert len({mail.extra_headers["Message-ID"] for mail in django_mail.outbox}) == 6
    assert len(django_mail.outbox) == 6


def test_an_admin_gives_a_mail_a_second_chance(company, new_request, mail_server, post):
    mail_server.says = {"RCPT": "550 no such user"}
    post()
    mail_server.says = {}
    row = OutgoingMail.objects.get()

    services.retry_mail(by=company.admin, mail_id=row.pk)
    post()

    assert rows("state", "attempts", "last_error") == [("sent", 1, "")]
    with pytest.raises(DomainError, match="not waiting for anybody"):
        services.retry_mail(by=company.admin, mail_id=row.pk)
    with pytest.raises(NotAllowed):
        services.retry_mail(by=company.agent, mail_id=row.pk)
