"""The past is loaded as it stands now, and nobody is mailed because of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.ratings import services
from feedback.ratings.history import Past, remember_ratings
from feedback.ratings.models import Invitation, Rating
from feedback.ratings.states import Answer
from requests_app.events.models import Event
from requests_app.kernel.errors import WrongInput
from requests_app.messaging.models import OutgoingMail
from tests.factories import close, file_laptop


@pytest.fixture
def past(company):
    """past(days, answer, after=1) → a delivery so many days ago, answered some days later, or not at all."""

    def delivered(days: int, answer: Answer | None = None, after: int = 1) -> Past:
        service_request = close(company, file_laptop(company))
        at = timezone.now() - timedelta(days=days)
        given_at = at + timedelta(days=after) if answer else None
        return Past(service_request.pk, company.requester.pk, company.it.pk, at, given_at, answer)

    return delivered


def test_what_was_said_is_there_with_its_answer_and_its_events(company, past, full_answer):
    loaded = past(100, full_answer)

    invited, given = remember_ratings([loaded], now=timezone.now())

    rating = Rating.objects.get()
    assert (rating.answer, rating.given_at, rating.supplier) == (full_answer, loaded.given_at, company.it)
    assert rating.versions.get().answer == full_answer
    assert (invited.kind, invited.at, invited.actor_id) == ("rating.invited", loaded.delivered_at, None)
    assert invited.data["invitation"] == Invitation.objects.get().pk
    assert (given.kind, given.at, given.actor_id) == ("rating.given", loaded.given_at, company.requester.pk)
    assert given.data == services.told(rating) | {"supplier": company.it.pk, "department": company.it.pk}
    assert Event.objects.filter(kind__startswith="rating.").count() == 0


def test_invitations_stand_as_their_days_say(past):
    remember_ratings([past(100), past(10), past(1), past(100, Answer(3))], now=timezone.now())

    rows = list(Invitation.objects.order_by("service_request_id"))
    assert [row.state for row in rows] == ["expired", "open", "open", "rated"]
    assert [row.reminded_at is None for row in rows] == [False, False, True, False]


def test_the_past_reminds_nobody_and_invites_nobody_twice(past):
    remember_ratings([past(100), past(10), past(10, Answer(3))], now=timezone.now())

    assert services.sweep_invitations() == (0, 0)
    for row in Invitation.objects.all():
        services.invite_to_rate(request_id=row.service_request_id)
    assert OutgoingMail.objects.count() == 0
    assert Invitation.objects.count() == 3


def test_a_wrong_answer_of_the_past_is_refused_whole(past):
    with pytest.raises(WrongInput):
        remember_ratings([past(10, Answer(3)), past(10, Answer(9))], now=timezone.now())

    assert Invitation.objects.count() == 0
