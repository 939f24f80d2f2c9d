"""Who says how it was asked: people of the supplying department who worked on it, never about their own department."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.asking.states import RATE_DAYS
from feedback.ratings.policies import worked_on
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import CLOSED, DELIVERED
from requests_app.kernel.errors import IllegalMove, NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


class Refusal(models.TextChoices):
    """Why somebody cannot say it now; the label is the sentence for them."""

    NOT_SUPPLIER = "not_supplier", _("Only the department that did the work says how it was asked.")
    OWN_DEPARTMENT = "own_department", _("Nobody rates the asking of their own department.")
    NOT_WORKED = "not_worked", _("Only who worked on this request says how it was asked.")
    NOT_DELIVERED = "not_delivered", _("How it was asked is said once it is delivered.")
    OVER = "over", _("The 30 days in which this could be said are over.")
    TAKEN = "taken", _("How it was asked has been said already. It stays as it is.")


BY_STANDING = frozenset({Refusal.NOT_SUPPLIER, Refusal.OWN_DEPARTMENT, Refusal.NOT_WORKED})


def rate_until(delivered_at: datetime) -> datetime:
    """The end (exclusive) of the time in which it may be said."""
    return delivered_at + timedelta(days=RATE_DAYS)


def refusal(person: Person, service_request: ServiceRequest, *, taken: bool, now: datetime) -> Refusal | None:
    """Why this person cannot say how it was asked; None when they can."""
    hats, row = standing(person), service_request
    if row.supplier_id not in hats.supplies_for:
        return Refusal.NOT_SUPPLIER
    if row.customer_id == row.supplier_id or row.customer_id in hats.member_of:
        return Refusal.OWN_DEPARTMENT
    if taken:
        return Refusal.TAKEN
    if row.delivered_at is None or row.status not in (DELIVERED, CLOSED):
        return Refusal.NOT_DELIVERED
    if now >= rate_until(row.delivered_at):
        return Refusal.OVER
    return None if worked_on(person, row) else Refusal.NOT_WORKED


def require_may_say(person: Person, service_request: ServiceRequest, *, taken: bool, now: datetime) -> None:
    found = refusal(person, service_request, taken=taken, now=now)
    if found in BY_STANDING:
        raise NotAllowed(str(found.label), needed=_t("Whoever of the supplying department worked on it could."))
    if found:
        raise IllegalMove(str(found.label), code=str(found.value))
