"""Who may rate what, and until when."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.ratings.models import Rating
from feedback.ratings.states import Side, change_until, open_until
from requests_app.desk.models import ServiceRequest
from requests_app.desk.policies import contexts
from requests_app.desk.states import CLOSED, DELIVERED
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing


class Refusal(models.TextChoices):
    """Why somebody cannot rate now; the label is the sentence for them."""

    NOT_REQUESTER = "not_requester", _("Only the person who asked rates the delivery.")
    OWN_DEPARTMENT = "own_department", _("Nobody rates the work of their own department.")
    WORKED_ON_IT = "worked_on_it", _("You worked on this request yourself, so you do not rate it.")
    NOT_DELIVERED = "not_delivered", _("There is nothing to rate yet. You can rate once it is delivered.")
    OVER = "over", _("The 30 days in which this delivery could be rated are over.")
    LOCKED = "locked", _("Your rating is older than 7 days, so it stays as it is.")


BY_STANDING = frozenset({Refusal.NOT_REQUESTER, Refusal.OWN_DEPARTMENT, Refusal.WORKED_ON_IT})

# What only the supplying side does to a request.
_WORK = (
    "request.accepted", "request.started", "request.held", "request.delivered", "request.declined",
    "handoff.offered", "handoff.accepted", "message.internal", "work.logged",
)  # fmt: skip


def rating_contexts(person: Person, service_request: ServiceRequest) -> frozenset[str]:
    """The contexts of the matrix. RQ is who asked, not who filed it for them: that one only reads along."""
    here = contexts(person, service_request)
    if person.pk == service_request.requester_id or "RQ" not in here:
        return here
    return (here - {"RQ"}) | {"WT"}


def refusal(person: Person, service_request: ServiceRequest, rating: Rating | None, now: datetime) -> Refusal | None:
    """Why this person cannot give (or change) the rating now; None when they can."""
    if best_code("feedback.submit_once", rating_contexts(person, service_request)) not in ALLOWED_CODES:
        return Refusal.NOT_REQUESTER
    if rating is not None:
        return Refusal.LOCKED if now >= change_until(rating.given_at) else None
    if service_request.supplier_id in standing(person).member_of:
        return Refusal.OWN_DEPARTMENT
    delivered_at = service_request.delivered_at
    if delivered_at is None or service_request.status not in (DELIVERED, CLOSED):
        return Refusal.NOT_DELIVERED
    if now >= open_until(delivered_at):
        return Refusal.OVER
    return Refusal.WORKED_ON_IT if worked_on(person, service_request) else None


def worked_on(person: Person, service_request: ServiceRequest) -> bool:
    """Has this person ever acted for the supplying side here, or been given the work?"""
    acted = Q(kind__in=_WORK) | Q(kind="request.resumed", data__by_reply=False)
    acted |= Q(kind="message.public", data__side="supplier")
    given = Q(kind__in=["request.assigned", "request.accepted", "handoff.accepted"], data__assignee=person.pk)
    log = Event.objects.filter(subject_kind="request", subject_id=service_request.pk)
    return log.filter((Q(actor_id=person.pk) & acted) | given).exists()


def refused(why: Refusal) -> NotAllowed | IllegalMove:
    """The error that says so: NotAllowed by who one is, IllegalMove by when it is."""
    if why in BY_STANDING:
        return NotAllowed(str(why.label), needed=_t("It could be rated by: the requester."))
    return IllegalMove(str(why.label), code=str(why.value))


def require_may_rate(person: Person, service_request: ServiceRequest, rating: Rating | None, now: datetime) -> None:
    found = refusal(person, service_request, rating, now)
    if found:
        raise refused(found)


def require_set_rules(person: Person) -> None:
    """How often people are asked is the company's to say; a head would choose how much is heard of the own work."""
    if not standing(person).is_admin:
        raise NotAllowed(
            _t("Administrators say how often people are asked."), needed=_t("Ask one of the administrators.")
        )


def reply_side(person: Person, rating: Rating) -> Side:
    """As which side this person speaks about a rating that they can read; NotAllowed for who only reads."""
    if person.pk == rating.person_id:
        return Side.CUSTOMER
    if rating.supplier_id in standing(person).supplies_for:
        return Side.SUPPLIER
    raise NotAllowed(_t("This is between who rated and who was rated."))
