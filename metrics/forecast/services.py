"""Computing every forecast anew. Derived from figures, so it writes no event, and twice is as good as once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from metrics.forecast import counting
from metrics.forecast.counting import Counts, Span
from metrics.forecast.models import ExpectedNeed, Forecast
from metrics.forecast.states import CLOSED, WEEK, YEAR, Outcome, Week, next_count, outcome_of
from metrics.rollups.statistics import discoveries
from requests_app.events.services import claim_slot
from requests_app.kernel.bulk import copy_in
from requests_app.kernel.rates import rate_change

LOCK = 0x464F << 44
DAY = 86400
TOLD = 26  # weeks of history kept beside a forecast
FEWEST_A_YEAR = YEAR  # requests of a service or need type in a year, below which nothing is forecast
LATELY, SOON = 13, 4  # weeks from which an expected need is told, and for which

Finer = Mapping[tuple[int, str], Counts]


@transaction.atomic
def look_ahead_if_due() -> bool:
    """Once a day; a computation that fails gives the day back, since the claim is undone with it."""
    due = claim_slot("metrics.forecast", seconds=DAY)
    if due:
        look_ahead()
    return due


@transaction.atomic
def look_ahead(*, now: datetime | None = None) -> int:
    """Replace every forecast and every expected need; how many forecasts there are."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    spans = counting.spans(now)
    supplied, asked, since = counting.supplied(now), counting.asked(now), counting.first_weeks()
    forecasts = [row for span in spans for row in _forecasts(span, supplied)]
    needs = [row for span in spans for row in _needs(span, asked, since)]
    Forecast.objects.all().delete()
    ExpectedNeed.objects.all().delete()
    copy_in(Forecast, forecasts)
    copy_in(ExpectedNeed, needs)
    return len(forecasts)


def _forecasts(span: Span, supplied: Mapping[int, Finer]) -> Iterator[Forecast]:
    whole = span.weeks(counting.of_department(span))
    if whole:
        yield _row(span, whole)
    for (service, need_type), counts in _below(span.ids, supplied).items():
        weeks = span.weeks(counts)
        if sum(week.n for week in weeks[-YEAR:]) >= FEWEST_A_YEAR:
            yield _row(span, weeks, service_id=service, need_type=need_type)


def _below(ids: Iterable[int], by_department: Mapping[int, Mapping[Any, Counts]]) -> dict[Any, Counts]:
    """The counts of a department and everything under it."""
    found: dict[Any, Counts] = {}
    for pk in ids:
        for key, counts in by_department.get(pk, {}).items():
            found.setdefault(key, Counter()).update(counts)
    return found


def _row(span: Span, weeks: list[Week], **of: Any) -> Forecast:
    outcome = outcome_of(weeks, span.ahead())
    return Forecast(
        department_id=span.department.pk,
        **{"service_id": 0, "need_type": ""} | of,
        verdict=outcome.verdict,
        weeks=outcome.weeks,
        history=[[week.monday.isoformat(), week.n, week.days] for week in weeks[-TOLD:]],
        points=[[at.monday.isoformat(), at.days, round(at.expected, 2), at.low, at.high] for at in outcome.points],
        computed_at=span.now,
        **_tested(outcome),
    )


def _tested(outcome: Outcome) -> dict[str, Any]:
    test, fitted = outcome.test, outcome.fitted
    if test is None or fitted is None:
        return {"checked": 0, "seasonal": False}
    return {
        "alpha": fitted.alpha,
        "seasonal": bool(fitted.profile),
        "origins": test.origins,
        "error": test.error,
        "error_naive": test.naive,
        "error_seasonal": test.seasonal,
        "coverage": test.coverage,
        "checked": test.checked,
    }


# ── What customers will need ─────────────────────────────────────────────────


def _needs(
    span: Span, asked: Mapping[int, Mapping[tuple[int, int], Counts]], since: Mapping[int, date]
) -> list[ExpectedNeed]:
    counted = _below(span.ids, asked)
    first, last_year = span.monday, span.monday - WEEK * YEAR
    began = min((since[pk] for pk in span.ids if pk in since), default=first)
    knows = began <= last_year
    lately, soon = _exposure(span, first - WEEK * LATELY, LATELY), _exposure(span, first, SOON)
    keys = sorted(counted)
    recurring = _recurring(span, [counted[key] for key in keys]) if knows else [False] * len(keys)
    rows = []
    for (supplier, service), recurs in zip(keys, recurring, strict=True):
        counts = counted[supplier, service]
        n, before = _sum(counts, first - WEEK * LATELY, LATELY), _sum(counts, last_year, SOON)
        if n or (knows and before):
            expected, low, high = next_count(n, soon / lately)
            rows.append(
                ExpectedNeed(
                    customer_id=span.department.pk, supplier_id=supplier, service_id=service, first=first, counted=n,
                    expected=expected, low=low, high=high, last_year=before if knows else None, recurs=recurs,
                    computed_at=span.now,
                )
            )  # fmt: skip
    return rows


def _recurring(span: Span, needs: list[Counts]) -> list[bool]:
    """Which needs came clearly more often in these four weeks of last year than in the 48 weeks that followed."""
    start, rest = span.monday - WEEK * YEAR, YEAR - SOON
    then, later = _exposure(span, start, SOON), _exposure(span, start + WEEK * SOON, rest)
    found = [(_sum(counts, start, SOON), _sum(counts, start + WEEK * SOON, rest)) for counts in needs]
    values = [rate_change(n, other, exposure=then, exposure_before=later) for n, other in found]
    clear = discoveries(values)
    return [told and n / then > other / later for told, (n, other) in zip(clear, found, strict=True)]


def _sum(counts: Counts, first: date, weeks: int) -> int:
    return sum(counts[monday] for monday in counting.mondays_between(first, first + timedelta(weeks=weeks)))


def _exposure(span: Span, first: date, weeks: int) -> float:
    """Open days, a closed week counting as half of one."""
    mondays = counting.mondays_between(first, first + timedelta(weeks=weeks))
    return sum(max(span.open.get(monday, 0), CLOSED) for monday in mondays)
