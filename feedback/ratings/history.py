"""Ratings of the past, loaded at once: for the demo company, and for whoever brings history along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from feedback.ratings.models import Invitation, Rating, RatingVersion, columns
from feedback.ratings.services import told
from feedback.ratings.states import REMIND_AFTER_WORKDAYS, Answer, InvitationState, checked, open_until
from requests_app.events.models import Event

BATCH = 1000


@dataclass(frozen=True)
class Past:
    """A delivery of the past, and what its requester said about it, if anything. `delivered_at` is the last one."""

    service_request_id: int
    person_id: int
    supplier_id: int
    delivered_at: datetime
    given_at: datetime | None = None
    answer: Answer | None = None


@transaction.atomic
def remember_ratings(pasts: Iterable[Past], *, now: datetime) -> list[Event]:
    """Write the invitations and ratings as they stand `now`; answers their events, for record_history to append.

    Nobody is mailed, then or later: a reminder whose time has come counts as sent. No request may have one yet.
    """
    pasts = list(pasts)
    invitations = Invitation.objects.bulk_create([_invitation(past, now) for past in pasts], BATCH)
    answered = [(past, checked(past.answer), past.given_at) for past in pasts if past.answer and past.given_at]
    ratings = Rating.objects.bulk_create([_rating(past, answer, at) for past, answer, at in answered], BATCH)
    RatingVersion.objects.bulk_create(
        (
            RatingVersion(rating=rating, number=1, at=at, **columns(answer))
            for rating, (_past, answer, at) in zip(ratings, answered, strict=True)
        ),
        BATCH,
    )
    return [_invited(row) for row in invitations] + [_given(row) for row in ratings]


def _invitation(past: Past, now: datetime) -> Invitation:
    remind_at = past.delivered_at + timedelta(days=REMIND_AFTER_WORKDAYS)
    expires_at = open_until(past.delivered_at)
    state = InvitationState.OPEN if now < expires_at else InvitationState.EXPIRED
    return Invitation(
        service_request_id=past.service_request_id,
        person_id=past.person_id,
        supplier_id=past.supplier_id,
        state=InvitationState.RATED if past.answer else state,
        delivered_at=past.delivered_at,
        remind_at=remind_at,
        reminded_at=remind_at if remind_at <= now else None,
        expires_at=expires_at,
    )


def _rating(past: Past, answer: Answer, at: datetime) -> Rating:
    return Rating(
        service_request_id=past.service_request_id,
        person_id=past.person_id,
        supplier_id=past.supplier_id,
        given_at=at,
        changed_at=at,
        **columns(answer),
    )


def _invited(row: Invitation) -> Event:
    data = {"invitation": row.pk, "person": row.person_id}
    return _event("rating.invited", row, None, row.delivered_at, data)


def _given(row: Rating) -> Event:
    return _event("rating.given", row, row.person_id, row.given_at, told(row))


def _event(kind: str, about: Invitation | Rating, by_id: int | None, at: datetime, data: dict) -> Event:
    return Event(
        kind=kind,
        subject_kind="request",
        subject_id=about.service_request_id,
        actor_id=by_id,
        at=at,
        data=data | {"supplier": about.supplier_id, "department": about.supplier_id},
    )
