"""Logged work against capacity, from facts and the small tables of hours and absences."""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import Sum

from metrics.capacity.states import Load
from metrics.facts.models import WorkFact
from metrics.rollups.states import DAY, Period, Scope
from requests_app.capacity.selectors import capacity_of


def load_of(scope: Scope) -> Load:
    """Of the departments of a scope, its days up to today: days to come have no logs yet."""
    today = scope.now.astimezone(scope.zone).date()
    period = replace(scope.period, end=min(scope.period.end, today + DAY))
    ids = scope.department_ids or ()
    if period.start >= period.end:
        return Load(0, 0, 0.0)
    capacity = capacity_of(ids, period.start, period.end)
    return Load(capacity.people, _logged(ids, period), capacity.seconds)


def _logged(department_ids: Collection[int], period: Period) -> int:
    """By the day of the work, not that of the request."""
    rows = WorkFact.objects.filter(department_id__in=department_ids, day__gte=period.start, day__lt=period.end)
    return rows.aggregate(seconds=Sum("seconds"))["seconds"] or 0
