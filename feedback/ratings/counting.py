"""From when a rating counts in figures: what was not shared waits until it can be told of nobody (docs/adr/0014)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feedback.ratings.models import Rating
from feedback.ratings.states import CHANGE_DAYS, PEOPLE_TOGETHER, change_until
from requests_app.events.services import record

Pair = tuple[int, int]


@dataclass(frozen=True)
class Waiting:
    """An answer that was not shared. `pair`: supplier and customer."""

    pk: int
    pair: Pair
    person_id: int
    given_at: datetime


def count_ratings(*, now: datetime | None = None) -> int:
    """Let count what waits where five people of a customer have waiting answers of one supplier; how many do now.

    Only answers that can no longer be changed: of what counts, nothing moves by itself afterwards.
    """
    now = now or timezone.now()
    waiting = list(_waiting(now))
    return sum(_count(pks, now) for pks in _ready(waiting))


def _waiting(now: datetime) -> Iterator[Waiting]:
    rows = Rating.objects.filter(counted_at=None, given_at__lte=now - timedelta(days=CHANGE_DAYS))
    found = rows.order_by("pk").values_list(
        "pk", "supplier_id", "service_request__customer_id", "person_id", "given_at"
    )
    return (Waiting(pk, (supplier, customer), person, at) for pk, supplier, customer, person, at in found)


def _ready(waiting: Iterable[Waiting]) -> Iterator[list[int]]:
    """The answers of each pair that may be told together."""
    of_pair: dict[Pair, list[Waiting]] = defaultdict(list)
    for one in waiting:
        of_pair[one.pair].append(one)
    for ones in of_pair.values():
        if len({one.person_id for one in ones}) >= PEOPLE_TOGETHER:
            yield [one.pk for one in ones]


@transaction.atomic
def _count(pks: list[int], now: datetime) -> int:
    """All of them or none: who comes second finds them counted and does nothing."""
    rows = list(Rating.objects.select_for_update().filter(pk__in=pks, counted_at=None).order_by("pk"))
    if len(rows) < len(pks):
        return 0
    Rating.objects.filter(pk__in=pks).update(counted_at=now)
    for row in rows:
        words = {"rating": row.pk, "supplier": row.supplier_id, "department": row.supplier_id}
        record(kind="rating.counted", subject_kind="request", subject_id=row.service_request_id, by=None, at=now,
               data=words)  # fmt: skip
    return len(rows)


def counted_in_the_past(answers: Iterable[Waiting], *, now: datetime) -> dict[int, datetime]:
    """pk → when it would have been counted, had `count_ratings` run every midnight (UTC); those that wait are left
    out. For histories that are written at once."""
    nights: dict[datetime, list[Waiting]] = defaultdict(list)
    for answer in answers:
        nights[_night_after(change_until(answer.given_at))].append(answer)
    waiting: dict[int, Waiting] = {}
    found: dict[int, datetime] = {}
    for night in sorted(night for night in nights if night <= now):
        waiting |= {answer.pk: answer for answer in nights[night]}
        for pks in _ready(waiting.values()):
            found |= dict.fromkeys(pks, night)
            for pk in pks:
                del waiting[pk]
    return found


def _night_after(moment: datetime) -> datetime:
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == moment else midnight + timedelta(days=1)
