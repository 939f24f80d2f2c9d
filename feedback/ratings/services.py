"""Asking for a rating, giving and changing it, reminding once, and closing the book."""

import secrets
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.ratings import policies
from feedback.ratings.models import HeldBack, Invitation, Rating, RatingLink, RatingVersion, columns
from feedback.ratings.rest import left_in_peace, rules
from feedback.ratings.selectors import rating_of
from feedback.ratings.states import (
    REMIND_AFTER_WORKDAYS,
    Answer,
    InvitationState,
    checked,
    completed,
    open_until,
)
from requests_app.calendars.selectors import current_version, day_rule_of
from requests_app.calendars.workdays import add_days
from requests_app.calendars.worktime import NoWorkingTime
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import lock_request
from requests_app.desk.states import CLOSED, DELIVERED, Channel
from requests_app.events.models import Event
from requests_app.events.services import record
from requests_app.kernel.errors import StaleVersion
from requests_app.messaging.services import queue_mail
from requests_app.org.models import Person
from requests_app.org.services import digest_of

REMINDER = "rating.reminder"
KEEP_LINK_DAYS = 60


def invite_after(events: list[Event], *, now: datetime | None = None) -> None:
    """What follows a delivery or its acceptance: its requester is asked to rate it. Safe to run twice."""
    for request_id in sorted({event.subject_id for event in events}):
        invite_to_rate(request_id=request_id, now=now)


@transaction.atomic
def invite_to_rate(*, request_id: int, now: datetime | None = None) -> Invitation | None:
    """Ask the requester to rate, once; None when there is nothing to rate or nobody to do it.

    An invitation nobody answered is opened anew by a new delivery.
    """
    service_request = lock_request(request_id)
    now = now or timezone.now()
    if service_request.channel == Channel.IMPORT:
        return None
    if policies.refusal(service_request.requester, service_request, None, now):
        return None
    if not Invitation.objects.filter(service_request=service_request).exists() and left_in_peace(service_request, now):
        _hold_back(service_request, now)
        return None
    return _invitation(service_request, now)


def _hold_back(service_request: ServiceRequest, now: datetime) -> None:
    """Remember that nobody is asked, once; told beside the share of answers."""
    supplier = service_request.supplier_id
    row, made = HeldBack.objects.get_or_create(
        service_request=service_request,
        defaults={"supplier_id": supplier, "delivered_at": cast(datetime, service_request.delivered_at)},
    )
    if made:
        _record("rating.held_back", row, None, now, {})


def _invitation(service_request: ServiceRequest, now: datetime) -> Invitation:
    """The invitation of a locked request that may be rated."""
    invitation = Invitation.objects.filter(service_request=service_request).first()
    if invitation is None:
        invitation = Invitation(service_request=service_request, person_id=service_request.requester_id)
        _open(invitation, service_request)
        HeldBack.objects.filter(service_request=service_request).delete()
        data = {"invitation": invitation.pk, "person": invitation.person_id}
        _record("rating.invited", invitation, None, now, data)
    elif invitation.state != InvitationState.RATED and invitation.delivered_at != service_request.delivered_at:
        _open(invitation, service_request)
    return invitation


def _open(invitation: Invitation, service_request: ServiceRequest) -> None:
    delivered_at = cast(datetime, service_request.delivered_at)  # only deliveries are rated
    invitation.supplier_id = service_request.supplier_id
    invitation.state, invitation.reminded_at = InvitationState.OPEN, None
    invitation.delivered_at, invitation.expires_at = delivered_at, open_until(delivered_at)
    invitation.remind_at = _remind_at(service_request, delivered_at)
    invitation.save()


def _remind_at(service_request: ServiceRequest, delivered_at: datetime) -> datetime:
    """After some working days of the one who is asked."""
    version = current_version(service_request.customer.calendar_id)
    try:
        return add_days(delivered_at, REMIND_AFTER_WORKDAYS, day_rule_of(version.pk))
    except NoWorkingTime:
        return delivered_at + timedelta(days=REMIND_AFTER_WORKDAYS)


def new_token(invitation: Invitation) -> str:
    """A token for one more link of this invitation: 256 bits of chance, of which only the digest is kept."""
    token = secrets.token_urlsafe(32)
    RatingLink.objects.create(invitation=invitation, digest=digest_of(token))
    return token


@transaction.atomic
def give_rating(
    *,
    by: Person,
    service_request: ServiceRequest,
    answer: Answer,
    keep_blanks: bool = False,
    by_link: bool = False,
    expected_number: int | None = None,
    at: datetime | None = None,
) -> Rating:
    """Give the rating, or change it while that is possible; or raise a DomainError and change nothing.

    The request is locked first, so of many clicks at once one gives and the others change. The same answer
    again changes nothing. `keep_blanks`: what is left blank stays as it was (a click on a score alone).
    """
    service_request = lock_request(service_request.pk)
    now = at or timezone.now()  # after the lock: whoever comes later is later
    rating = rating_of(service_request)
    policies.require_may_rate(by, service_request, rating, now)
    if expected_number is not None and expected_number != (rating.number if rating else 0):
        raise StaleVersion(_("This rating was changed since you opened it. Look at it again, then decide."))
    answer = checked(answer)
    if rating is None:
        return _give(by, service_request, answer, by_link, now)
    if keep_blanks:
        answer = completed(answer, rating.answer)
    return rating if answer == rating.answer else _change(by, rating, answer, by_link, now)


def _give(by: Person, service_request: ServiceRequest, answer: Answer, by_link: bool, now: datetime) -> Rating:
    invitation = _invitation(service_request, now)
    rating = Rating.objects.create(
        service_request=service_request,
        person=by,
        supplier_id=service_request.supplier_id,
        given_at=now,
        changed_at=now,
        counted_at=now if answer.share_with_team else None,
        **columns(answer),
    )
    Invitation.objects.filter(pk=invitation.pk).update(state=InvitationState.RATED)
    _keep(rating, answer, by_link, now)
    _record("rating.given", rating, by, now, told(rating))
    return rating


def _change(by: Person, rating: Rating, answer: Answer, by_link: bool, now: datetime) -> Rating:
    rating.number, rating.changed_at = rating.number + 1, max(now, rating.changed_at)
    rating.counted_at = (rating.counted_at or now) if answer.share_with_team else None
    for name, value in columns(answer).items():
        setattr(rating, name, value)
    rating.save()
    _keep(rating, answer, by_link, now)
    _record("rating.changed", rating, by, now, told(rating))
    return rating


def _keep(rating: Rating, answer: Answer, by_link: bool, now: datetime) -> None:
    RatingVersion.objects.create(rating=rating, number=rating.number, at=now, by_link=by_link, **columns(answer))


def told(rating: Rating) -> dict:
    """What the figures need. The comment stays out of the log: it is the requester's, and the log is kept."""
    return {
        "rating": rating.pk,
        "overall": rating.overall,
        "dimensions": rating.dimensions,
        "effort": rating.effort,
        "person": rating.person_id,
        "shared": rating.share_with_team,
    }


def _record(kind: str, about: Invitation | Rating | HeldBack, by: Person | None, at: datetime, data: dict) -> None:
    """The event counts for the department whose delivery it is about, whoever holds the request by now."""
    record(
        kind=kind,
        subject_kind="request",
        subject_id=about.service_request_id,
        by=by,
        at=at,
        data=data | {"supplier": about.supplier_id, "department": about.supplier_id},
    )


def sweep_invitations(*, now: datetime | None = None) -> tuple[int, int]:
    """Expire what was not answered in time, remind once of what waits; how many of each."""
    now = now or timezone.now()
    return _expire(now), _remind(now)


def _expire(now: datetime) -> int:
    """Links of long ago go; until then they open a page that says the time is over."""
    RatingLink.objects.filter(invitation__expires_at__lte=now - timedelta(days=KEEP_LINK_DAYS)).delete()
    over = Q(state=InvitationState.OPEN, expires_at__lte=now)
    return Invitation.objects.filter(over).update(state=InvitationState.EXPIRED)


def _remind(now: datetime) -> int:
    if not rules().remind:
        return 0
    due = Q(reminded_at=None, remind_at__lte=now, service_request__status__in=[DELIVERED, CLOSED])
    rows = Invitation.objects.filter(due, state=InvitationState.OPEN).order_by("service_request_id")
    return sum(_remind_one(request_id, now) for request_id in rows.values_list("service_request_id", flat=True))


@transaction.atomic
def _remind_one(request_id: int, now: datetime) -> bool:
    """The mark and the mail row commit together, so nobody is reminded twice."""
    lock_request(request_id)
    due = Q(reminded_at=None, remind_at__lte=now, state=InvitationState.OPEN)
    invitation = Invitation.objects.filter(due, service_request_id=request_id).first()
    if invitation is None:
        return False
    Invitation.objects.filter(pk=invitation.pk).update(reminded_at=now)
    queue_mail(
        kind=REMINDER,
        person_id=invitation.person_id,
        dedupe_key=f"{REMINDER}:{invitation.pk}:{invitation.delivered_at.isoformat()}",
        service_request_id=request_id,
        data={"invitation": invitation.pk},
    )
    return True
