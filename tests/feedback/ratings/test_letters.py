"""What ratings put into the mail: five links for the requester alone, and one reminder."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.ratings import letters, services
from feedback.ratings.models import Invitation, RatingLink
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import Words, close_all_unanswered, move_request
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import Membership, Person
from tests.factories import deliver, file_laptop

LINK = re.compile(r"http://localhost:8000/rate/([\w-]{43})/\?score=(\d)")


def of_kind(sent, headline):
    return [mail for mail in sent if headline in mail.subject]


def test_the_mail_about_a_delivery_asks_for_a_score_with_one_link_each(company, delivered_request, post):
    (mail,) = of_kind(post(), "Delivered")

    found = LINK.findall(mail.body)
    assert [score for _token, score in found] == ["1", "2", "3", "4", "5"]
    assert len({token for token, _score in found}) == 1
    assert LINK.findall(mail.alternatives[0].content) == found
    assert "How was it? Choose, without signing in:" in mail.body
    assert "1 poor: http" in mail.body
    assert "5 excellent: http" in mail.body


def test_each_mail_has_a_token_of_its_own(company, delivered_request, post):
    (first,) = of_kind(post(), "Delivered")
    ServiceRequest.objects.update(acceptance_due_at="2020-01-01T00:00Z")
    close_all_unanswered()
    (second,) = of_kind(post(), "Closed")

    assert {token for token, _ in LINK.findall(first.body)} & {token for token, _ in LINK.findall(second.body)} == set()
    assert RatingLink.objects.count() == 2


def test_the_mail_invites_by_itself_when_the_invitation_has_not_come_yet(company, delivered_request, post):
    Invitation.objects.all().delete()
    row = OutgoingMail(service_request=delivered_request, person=company.requester)

    assert letters.score_links(row).links[4][1].endswith("?score=5")
    assert Invitation.objects.get().state == "open"


def test_who_is_not_to_rate_is_not_asked(company, delivered_request, rate):
    def asked(person, service_request=delivered_request):
        return letters.score_links(OutgoingMail(service_request=service_request, person=person)) is not None

    assert asked(company.requester) is True
    assert asked(company.colleague) is False
    assert asked(company.requester, None) is False
    Membership.objects.create(person=company.requester, department=company.it, role="member")
    assert asked(company.requester) is False
    Membership.objects.filter(department=company.it, person=company.requester).delete()
    rate(ServiceRequest.objects.get(pk=delivered_request.pk))
    assert asked(company.requester) is False


# ── The reminder ─────────────────────────────────────────────────────────────


@pytest.fixture
def remind(post):
    """remind() → the reminders that go out once their time has come."""

    def when_due() -> list:
        post()
        services.sweep_invitations(now=timezone.now() + timedelta(days=4))
        return of_kind(post(), "How was it?")

    return when_due


def test_the_reminder_names_who_delivered_and_asks_again(company, delivered_request, remind):
    (mail,) = remind()

    assert mail.to == ["rita.requester@example.test"]
    assert mail.subject == f"[{delivered_request.number}] How was it? A laptop for the new colleague"
    assert "IT Services delivered this on " in mail.body
    assert "Accept or send back:" in mail.body
    assert len(LINK.findall(mail.body)) == 5


def test_the_reminder_of_something_accepted_only_links_to_it(company, closed_request, remind):
    (mail,) = remind()

    assert "Open the request:" in mail.body


def test_a_reminder_that_was_overtaken_by_the_rating_is_not_sent(company, delivered_request, post, rate):
    post()
    services.sweep_invitations(now=timezone.now() + timedelta(days=4))
    rate(delivered_request)

    assert of_kind(post(), "How was it?") == []
    assert OutgoingMail.objects.get(kind=services.REMINDER).state == "withheld"


def test_a_reminder_about_a_confidential_request_tells_no_title(company, remind):
    filed = deliver(company, file_laptop(company, title="canary-3b"))
    ServiceRequest.objects.update(privacy="confidential")

    (mail,) = remind()

    assert mail.subject == f"[{filed.number}] How was it?"
    assert "canary-3b" not in mail.message().as_string()


def test_the_reminder_speaks_the_readers_language_and_zone(company, delivered_request, remind):
    Person.objects.filter(pk=company.requester.pk).update(time_zone="Asia/Tokyo")

    (mail,) = remind()

    assert mail.body.count("JST") == 2


def test_a_delivery_after_a_rejection_is_asked_about_again(company, delivered_request, post):
    post()
    rejection = Words(agreed="A new one.", received="A used one.", remedy="A new one.")
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=rejection)
    move_request(by=company.assigned, service_request=delivered_request, action="deliver")

    (mail,) = of_kind(post(), "Delivered")

    assert len(LINK.findall(mail.body)) == 5
