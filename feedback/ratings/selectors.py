"""Reading ratings: the panel on a request, what waits on somebody's desk, what a link from a mail opens."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Avg, Count, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.ratings.models import HeldBack, Invitation, Rating, RatingLink, RatingReply
from feedback.ratings.policies import BY_STANDING, Refusal, refusal, refused
from feedback.ratings.states import (
    CHANGE_DAYS,
    MOST_REPLIES,
    PEOPLE_TOGETHER,
    Dimension,
    InvitationState,
    Side,
    change_until,
    open_until,
)
from requests_app.catalogue.models import Service
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import CLOSED
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.services import digest_of

MOST_WAITING = 20


@dataclass(frozen=True)
class RatingPanel:
    """The rating of one request as one person sees it. `until`: how long it may be given or changed."""

    service_request: ServiceRequest
    rating: Rating | None
    mine: bool
    refusal: Refusal | None
    until: datetime | None
    replies: list[RatingReply] = field(default_factory=list)

    @property
    def change_days(self) -> int:
        """For how long a rating is changed once it is given."""
        return CHANGE_DAYS

    @property
    def may_reply(self) -> bool:
        """The supplier begins; whoever asked answers that."""
        if self.rating is None or len(self.replies) >= MOST_REPLIES:
            return False
        return not self.mine or any(reply.side == Side.SUPPLIER for reply in self.replies)

    @property
    def may_answer(self) -> bool:
        return self.mine and self.refusal is None

    @property
    def kept_words(self) -> str:
        return kept_words(self.rating)

    @property
    def supplier_name(self) -> str:
        """Whose work is rated; after a handoff that is not who holds the request now."""
        return (self.rating or self.service_request).supplier.name

    @property
    def dimensions(self) -> list[tuple[str, int]]:
        """Name and score of the dimensions that were answered."""
        given = self.rating.dimensions if self.rating else {}
        return [(str(Dimension(name).label), score) for name, score in given.items()]


def kept_words(rating: Rating | None) -> str:
    return _("%(score)s of 5 is kept.") % {"score": rating.overall} if rating else ""


def rating_of(service_request: ServiceRequest) -> Rating | None:
    return Rating.objects.filter(service_request=service_request).select_related("supplier").first()


def readable_panel(
    person: Person, service_request: ServiceRequest, *, now: datetime | None = None
) -> RatingPanel | None:
    """The rating as this person may read it; None when it is not theirs to read. They can see the request.

    The requester reads the own answer, given or not; the rated team an answer that was shared with it.
    """
    if person.pk == service_request.requester_id:
        return _own(person, service_request, now)
    rows = Rating.objects.visible_to(person).select_related("supplier")
    rating = rows.filter(service_request=service_request).first()
    if rating is None:
        return None
    return RatingPanel(service_request, rating, mine=False, refusal=None, until=None, replies=_replies(rating))


def _replies(rating: Rating | None) -> list[RatingReply]:
    return list(rating.replies.select_related("person").order_by("at", "pk")) if rating else []


def rating_panel(person: Person, service_request: ServiceRequest, *, now: datetime | None = None) -> RatingPanel | None:
    """The part of the request page about its rating; None when there is nothing in it for this person."""
    if service_request.delivered_at is None:  # nothing was ever there to rate
        return None
    panel = readable_panel(person, service_request, now=now)
    return panel if panel and (panel.rating or panel.may_answer) else None


def own_panel(person: Person, service_request: ServiceRequest, *, now: datetime | None = None) -> RatingPanel:
    """The panel of the page on which the requester rates, which also says why not now; NotAllowed for others."""
    panel = _own(person, service_request, now)
    if panel.refusal in BY_STANDING:
        raise refused(panel.refusal)
    return panel


def _own(person: Person, service_request: ServiceRequest, now: datetime | None) -> RatingPanel:
    rating = rating_of(service_request)
    found = refusal(person, service_request, rating, now or timezone.now())
    until = _until(service_request, rating)
    return RatingPanel(service_request, rating, mine=True, refusal=found, until=until, replies=_replies(rating))


def _until(service_request: ServiceRequest, rating: Rating | None) -> datetime | None:
    if rating:
        return change_until(rating.given_at)
    return open_until(service_request.delivered_at) if service_request.delivered_at else None


@dataclass(frozen=True)
class WaitingRating:
    """One delivery that waits to be rated, for the list on my desk."""

    service_request: ServiceRequest
    supplier: str
    delivered_at: datetime
    until: datetime


@dataclass(frozen=True)
class Waiting:
    """The block of my desk with what waits to be rated."""

    rows: list[WaitingRating]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_ratings(person: Person, *, now: datetime | None = None) -> list[WaitingRating]:
    """What this person has accepted and not yet rated, the longest waiting first; one query.

    What is delivered but not accepted stands on the desk already, to be accepted; its page asks for the rating.
    """
    rows = _unrated(person=person.pk, now=now or timezone.now())
    return [WaitingRating(row.service_request, row.supplier.name, row.delivered_at, row.expires_at) for row in rows]


@written_once
def _unrated(*, person: int, now: datetime) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(
        person_id=person, state=InvitationState.OPEN, expires_at__gt=now, service_request__status=CLOSED
    )
    rows = rows.select_related("service_request__service", "supplier")
    return rows.order_by("delivered_at", "pk")[:MOST_WAITING]


@dataclass(frozen=True)
class LinkPage:
    """What the holder of a link sees, signed in or not: little, because mails are passed on.

    `over` says why the link is of no use any more; empty while it is.
    """

    invitation: Invitation
    rating: Rating | None
    over: str
    title: str

    @property
    def usable(self) -> bool:
        return not self.over

    @property
    def service_request(self) -> ServiceRequest:
        return self.invitation.service_request

    @property
    def supplier_name(self) -> str:
        return self.invitation.supplier.name

    @property
    def kept_words(self) -> str:
        return kept_words(self.rating)


def link_page(token: str, *, now: datetime | None = None) -> LinkPage:
    """What the token opens; 404 when nobody was ever sent it, or its reader has left."""
    now = now or timezone.now()
    rows = RatingLink.objects.filter(digest=digest_of(token), invitation__person__is_active=True)
    link = rows.select_related("invitation__service_request", "invitation__supplier", "invitation__person").first()
    if link is None:
        raise Http404
    invitation = link.invitation
    service_request = invitation.service_request
    rating = rating_of(service_request)
    found = refusal(invitation.person, service_request, rating, now)
    if found is None and now >= invitation.expires_at:
        found = Refusal.OVER
    return LinkPage(
        invitation=invitation,
        rating=rating,
        over=str(found.label) if found else "",
        title="" if service_request.privacy == Privacy.CONFIDENTIAL else service_request.title,
    )


@dataclass(frozen=True)
class SharedScore:
    """What those said who shared their answer with the team: mean overall, how many answers; None below five people."""

    n: int
    mean: float | None


def shared_score(service: Service, since: datetime) -> SharedScore:
    """Of one service, answers given from `since` on; one query.

    Only these are told of a single service: what was not shared counts for supplier and customer as a whole.
    """
    rows = Rating.objects.filter(share_with_team=True, service_request__service=service, given_at__gte=since)
    rows = rows.exclude(service_request__privacy=Privacy.CONFIDENTIAL)
    sums = rows.aggregate(n=Count("pk"), people=Count("person", distinct=True), mean=Avg("overall"))
    return SharedScore(sums["n"], sums["mean"] if sums["people"] >= PEOPLE_TOGETHER else None)


def held_back(suppliers: Collection[int], first: datetime, end: datetime) -> int:
    """About how many deliveries of these departments from `first` until before `end` nobody was asked; one query."""
    rows = HeldBack.objects.filter(supplier__in=suppliers, delivered_at__gte=first, delivered_at__lt=end)
    return rows.count()
