"""A low rating with words to it asks for a corrective action: proposed to the head of the supplier, until one is open.

SECURITY: only of ratings that were shared with the team; of others a head must not learn that they were low.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import OF_REQUESTS, SourceKind
from feedback.ratings.models import Rating, RatingRules
from feedback.ratings.states import LOW
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever

PROPOSE_DAYS = 30
MOST_PROPOSED = 5


@dataclass(frozen=True)
class Proposals:
    """The block of my desk with low ratings that nobody follows up yet."""

    rows: list[Rating]

    @property
    def count(self) -> int:
        return len(self.rows)


def proposals_for(person: Person, *, now: datetime | None = None) -> list[Rating]:
    """Shared low ratings with a comment of the departments this person leads; one query, none for who leads nothing."""
    hats = standing(person)
    if not hats.head_of:
        return []
    since = (now or timezone.now()) - timedelta(days=PROPOSE_DAYS)
    return list(_proposed(hats.shape, person=hats.person_id, since=since.replace(minute=0, second=0, microsecond=0)))


@written_once
def _proposed(hats: Standing, *, person: int, since: datetime) -> QuerySet[Rating]:
    followed = CorrectiveAction.objects.filter(
        source_kind__in=OF_REQUESTS, source_id=OuterRef("service_request_id"), supplier=OuterRef("supplier_id")
    )
    silent = RatingRules.objects.filter(propose_actions=False)
    rows = Rating.objects.visible_to(whoever(hats, person)).filter(
        supplier_id__in=hats.head_of, share_with_team=True, overall__lte=LOW, given_at__gt=since
    )
    rows = rows.exclude(comment="").exclude(service_request__customer_id=F("supplier_id"))
    rows = rows.filter(~Exists(followed), ~Exists(silent)).select_related("service_request", "supplier")
    return rows.order_by("-given_at", "-pk")[:MOST_PROPOSED]


def low_rating_of(person: Person, service_request: ServiceRequest) -> Rating | None:
    """The rating that makes this request one that was rated low, if the reader may read it."""
    rows = Rating.objects.visible_to(person).filter(service_request=service_request, overall__lte=LOW)
    return rows.filter(share_with_team=True).first()


def source_of_rating(rating: Rating) -> dict[str, Any]:
    """Where an action about it comes of; the kind says that it was a rating, the number which request."""
    return {"source_kind": SourceKind.RATING, "source_id": rating.service_request_id}
