"""What is counted between two departments before a corrective action was opened and after it took effect.

SECURITY: confidential requests are in no count, nor are complaints that are confidential (their customer is not in the
log) and ratings that were not shared with the team. What was shared was shared with the supplier only, so a number of
low ratings is told from five people on, and once: when both windows are over. Told day by day, or for windows of any
length, the difference of two numbers would be one person's rating.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.actions.effect import Counted, Effect, effect_kept
from feedback.actions.models import CARRIED_OUT, CorrectiveAction
from feedback.actions.states import CHECK_DAYS, OF_REQUESTS, Metric, SourceKind
from feedback.ratings.models import Rating
from feedback.ratings.states import LOW
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event

ENOUGH_PEOPLE = 5
Span = tuple[datetime, datetime]


def effect_of(action: CorrectiveAction, now: datetime | None = None) -> Effect | None:
    """The figure of an action that was carried out; None before that, and of one closed when nothing was measured.

    A closed one shows what was known at closing. The window after it lasts from the day it was done to the day of the
    check; the one before it is as long and ends when it was opened: what it came of is not what it is measured by.
    """
    if action.ended_at:
        return effect_kept(action.effect) if action.effect else None
    if action.state not in CARRIED_OUT or action.done_at is None:
        return None
    now = now or timezone.now()
    until = _until(action, action.done_at)
    over = until <= now
    before = (action.opened_at - (until - action.done_at), action.opened_at)
    after = (action.done_at, min(until, max(now, action.done_at)))
    counts = COUNTS[Metric(action.metric)]
    told = (over and action.check_on is not None) or action.metric != Metric.LOW_RATINGS
    found = (counts(action, before), counts(action, after)) if told else (None, None)
    if None in found:
        found = (None, None)
    return Effect(action.metric, action.target_percent, *found, over=over)


def _until(action: CorrectiveAction, done_at: datetime) -> datetime:
    """The beginning of the day of the check on the clocks of the company; before there is one, of the usual day."""
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    day = action.check_on or done_at.astimezone(zone).date() + timedelta(days=CHECK_DAYS)
    return max(datetime.combine(day, time(), zone), done_at)


def _requests(action: CorrectiveAction) -> QuerySet[ServiceRequest]:
    """Those of the two for the service, but the one that the action came of."""
    rows = ServiceRequest.objects.filter(supplier=action.supplier_id, customer=action.customer_id)
    rows = rows.exclude(privacy=Privacy.CONFIDENTIAL)
    if action.service_id:
        rows = rows.filter(service=action.service_id)
    return rows.exclude(pk=action.source_id) if action.source_kind in OF_REQUESTS and action.source_id else rows


def _filed(action: CorrectiveAction, span: Span) -> int:
    return _requests(action).filter(created_at__gte=span[0], created_at__lt=span[1]).count()


def count_requests(action: CorrectiveAction, span: Span) -> Counted:
    """Requests, among days."""
    return Counted(*span, count=_filed(action, span), of=round((span[1] - span[0]) / timedelta(days=1)))


def count_complaints(action: CorrectiveAction, span: Span) -> Counted:
    """Complaints of the customer, among its requests; for one service those about a request of it."""
    told = {"data__voice": "complaint", "data__supplier": action.supplier_id, "data__customer": action.customer_id}
    rows = Event.objects.filter(subject_kind="voice", kind="voice.said", at__gte=span[0], at__lt=span[1], **told)
    if action.source_kind == SourceKind.COMPLAINT and action.source_id:
        rows = rows.exclude(subject_id=action.source_id)
    if action.service_id:
        about = [pk for pk in rows.values_list("data__request", flat=True) if pk]
        return Counted(*span, count=_asked(action, about), of=_filed(action, span))
    return Counted(*span, count=rows.count(), of=_filed(action, span))


def _asked(action: CorrectiveAction, about: list[int]) -> int:
    ours = set(_requests(action).filter(pk__in=about).values_list("pk", flat=True)) if about else set()
    return sum(pk in ours for pk in about)


def count_rejected(action: CorrectiveAction, span: Span) -> Counted:
    """Deliveries sent back, among deliveries."""
    rows = Event.objects.filter(
        subject_kind="request", subject_id__in=_requests(action).values("pk"), at__gte=span[0], at__lt=span[1]
    )
    sent_back, delivered = (rows.filter(kind=f"request.{name}").count() for name in ("rejected", "delivered"))
    return Counted(*span, count=sent_back, of=max(delivered, sent_back))


def count_low_ratings(action: CorrectiveAction, span: Span) -> Counted | None:
    """Low ratings, among ratings that were shared; None of fewer than five people."""
    rows = Rating.objects.filter(
        Q(share_with_team=True, supplier=action.supplier_id, given_at__gte=span[0], given_at__lt=span[1]),
        service_request__in=_requests(action).values("pk"),
    )
    given = list(rows.values_list("person_id", "overall"))
    if len({person for person, _score in given}) < ENOUGH_PEOPLE:
        return None
    return Counted(*span, count=sum(score <= LOW for _person, score in given), of=len(given))


COUNTS: dict[Metric, Callable[[CorrectiveAction, Span], Counted | None]] = {
    Metric.REQUESTS: count_requests,
    Metric.COMPLAINTS: count_complaints,
    Metric.REJECTED: count_rejected,
    Metric.LOW_RATINGS: count_low_ratings,
}
