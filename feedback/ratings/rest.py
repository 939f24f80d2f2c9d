"""How often people are asked: the share of deliveries by service, and the days in which somebody is left in peace."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from feedback.ratings.models import Invitation, RatingRules, RatingShare
from feedback.ratings.states import is_sampled
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Person

AskedSince = Callable[[int, datetime], bool]
_others: list[AskedSince] = []


def also_asked_by(asked: AskedSince) -> None:
    """Whoever else asks people says here whether it asked somebody since an instant; called while the apps start."""
    if asked not in _others:
        _others.append(asked)


def rules() -> RatingRules:
    """Those that stand; not saved yet, with the days of the installation, where nobody set any."""
    return RatingRules.objects.first() or RatingRules(
        rest_days=settings.ASK_AGAIN_AFTER_DAYS, campaign_rest_days=settings.CAMPAIGN_AGAIN_AFTER_DAYS
    )


def rest_days() -> int:
    """Days within which one person is asked once at most, by whatever asks; 0 for no limit."""
    return rules().rest_days


def days_between_campaigns() -> int:
    """Days within which one person is asked by one campaign at most; 0 for no limit."""
    found = rules()
    return max(found.rest_days, found.campaign_rest_days)


def left_in_peace(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether nobody is asked about this delivery: it is not in the sample, or its requester was asked of late.

    Call in a transaction: with a limit the person is locked, so of two deliveries at once one asks.
    """
    percent = RatingShare.objects.filter(service=service_request.service_id).values_list("percent", flat=True).first()
    if percent is not None and not is_sampled(service_request.pk, percent):
        return True
    days = rest_days()
    if not days:
        return False
    person_id, since = service_request.requester_id, now - timedelta(days=days)
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    if Invitation.objects.filter(person_id=person_id, delivered_at__gt=since).exists():
        return True
    return any(asked(person_id, since) for asked in _others)
