"""Durations of what was filed in a period, open requests included: who leaves work open does not look faster for it.

What has ended comes from cells by the day of filing. What is open is counted by calendar and hour of filing (day, for
more than a month), so the answer is bounded however much is open, and each group is measured to now once.
"""

from collections import Counter
from datetime import datetime

from django.db import connection

from metrics.rollups.definitions import COUNTED
from metrics.rollups.selectors import conditions
from metrics.rollups.selectors.figures import sketch_of
from metrics.rollups.sketch import estimate
from metrics.rollups.states import OpenAware, Scope
from metrics.rollups.statistics import percentile_with_open
from requests_app.calendars.selectors import worktime_of

# The figure that tells the same by the day of filing, and what its open requests lack.
FILED = {
    "resolution_time": ("filed_resolution", "f.first_delivered_at IS NULL"),
    "first_response_time": ("filed_first_response", "f.responded_at IS NULL"),
}
BY_THE_HOUR = 31  # days


def open_aware_times(scope: Scope, key: str) -> OpenAware:
    """Kaplan-Meier median and p90 in seconds of working time, within 1 %. Two queries, whatever is open.

    `key`: resolution_time or first_response_time. Requests cancelled or declined before that are left out. Requests
    count as open if they are so now, even where the period is over.
    """
    figure, lacks = FILED[key]
    ended, still_open = _ended(scope, figure), _open_ages(scope, lacks)
    return OpenAware(
        key,
        n=ended.total() + still_open.total(),
        open=still_open.total(),
        median=percentile_with_open(ended, still_open, 0.5),
        p90=percentile_with_open(ended, still_open, 0.9),
    )


def told_with_open(scope: Scope) -> list[OpenAware]:
    """The durations of which so much is open that those of ended requests alone flatter. Four queries."""
    return [times for times in (open_aware_times(scope, key) for key in FILED) if times.many_open]


def _ended(scope: Scope, figure: str) -> Counter[float]:
    sketch = sketch_of(scope, figure)
    if sketch is not None:
        return Counter({estimate(bucket): n for bucket, n in sketch.counts.items()})
    where = conditions.counted(scope, "created")
    value = COUNTED[figure].value
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {value}, count(*) FROM metrics_requestfact AS f WHERE {where} AND {value} IS NOT NULL GROUP BY 1",  # noqa: S608
            where.params,
        )
        return Counter(dict(cursor.fetchall()))


def _open_ages(scope: Scope, lacks: str) -> Counter[float]:
    where = conditions.counted(scope, "created")
    where.add(f"f.left_at IS NULL AND {lacks}")
    piece = "hour" if scope.period.days <= BY_THE_HOUR else "day"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT f.calendar_version_id, to_timestamp(avg(extract(epoch FROM f.created_at))), count(*)
            FROM metrics_requestfact AS f WHERE {where}
            GROUP BY f.calendar_version_id, date_trunc('{piece}', f.created_at)
            """,  # noqa: S608
            where.params,
        )
        groups = cursor.fetchall()
    ages = Counter[float]()
    for calendar, filed, n in groups:
        ages[_age(calendar, filed, scope.now)] += n
    return ages


def _age(calendar: int | None, filed: datetime, now: datetime) -> float:
    if filed >= now:
        return 0
    if calendar is None:
        return (now - filed).total_seconds()
    return worktime_of(calendar).micros_between(filed, now) / 1_000_000
