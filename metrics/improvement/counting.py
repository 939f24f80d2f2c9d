"""Counting what improvements came to: their weekly points, and a verdict for each quarter. For workers: loads scipy."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from metrics.improvement import statistics
from metrics.improvement.models import Improvement, ImprovementEffect
from metrics.improvement.states import (
    CANCELLED,
    FIGURES,
    METHOD,
    PLANNED,
    WEEK,
    WINDOW_WEEKS,
    Horizon,
    Scale,
    Sides,
    Verdict,
    Week,
    begins_on,
    from_scale,
    held,
    scale_of,
    sides_of,
    to_scale,
    verdict_of,
    weeks_between,
)
from metrics.rollups import selectors
from metrics.rollups.definitions import Direction
from metrics.rollups.states import Period, Scope
from requests_app.org.models import Department
from requests_app.org.selectors import below

SEED = 20_260_000
GRACE = 8 * WEEK  # late ratings and reopened requests still change the last quarter
Found = dict[str, Any]


def recount_all(*, now: datetime | None = None) -> int:
    """Count every improvement that can still change anew; how many. Run twice, it writes the same."""
    now = now or timezone.now()
    oldest = timezone.localdate(now) - (len(Horizon) * WINDOW_WEEKS + 1) * WEEK - GRACE
    rows = Improvement.objects.exclude(state=CANCELLED).filter(effective_on__gte=oldest)
    return _recount_groups(set(rows.values_list("department_id", "effective_on")), now)


def recount(pks: Iterable[int], *, now: datetime | None = None) -> int:
    """The same for these, and those that are judged together with them."""
    rows = Improvement.objects.filter(pk__in=list(pks))
    return _recount_groups(set(rows.values_list("department_id", "effective_on")), now or timezone.now())


def _recount_groups(groups: Iterable[tuple[int, date]], now: datetime) -> int:
    return sum(_recount_group(*group, now) for group in sorted(groups))


@transaction.atomic
def _recount_group(department_id: int, effective_on: date, now: datetime) -> int:
    """The figures of one action, said to act from one day, are looked at together: their p are corrected together."""
    rows = Improvement.objects.select_for_update(of=("self",)).exclude(state=CANCELLED)
    plans = list(
        rows.filter(department_id=department_id, effective_on=effective_on)
        .select_related("department", "other", "comparison")
        .order_by("pk")
    )
    for plan in plans:
        _count_weeks(plan, now)
    judge([plan for plan in plans if plan.state != PLANNED], now)
    return len(plans)


def judge(acting: Sequence[Improvement], now: datetime) -> None:
    """Keep a verdict for each quarter of these plans, from the weeks they hold. They are looked at together."""
    firsts: dict[int, Found] = {}
    for horizon in Horizon.values:
        found = [_counted(plan, horizon) for plan in acting]
        known = [one for one in found if "p" in one]
        for one, p in zip(known, statistics.adjusted([one["p"] for one in known]), strict=True):
            one["p_adjusted"] = p
        for plan, one in zip(acting, found, strict=True):
            first = firsts.setdefault(plan.pk, one) if horizon == Horizon.FIRST else firsts[plan.pk]
            _keep(plan, horizon, one, first, now)


def _count_weeks(plan: Improvement, now: datetime) -> None:
    plan.weeks = _points(plan, plan.department, now)
    plan.compared_weeks = _points(plan, plan.comparison, now) if plan.comparison else []
    plan.counted_at = now
    Improvement.objects.filter(pk=plan.pk).update(
        weeks=plan.weeks, compared_weeks=plan.compared_weeks, counted_at=plan.counted_at
    )


def _points(plan: Improvement, department: Department, now: datetime) -> list[list[Any]]:
    zone = ZoneInfo(department.time_zone)
    pieces = weeks_between(plan.effective_on, plan.triggered_from, now.astimezone(zone).date())
    scope = Scope(
        side=plan.side,
        department_ids=tuple(below(department)),
        period=Period(pieces[0].start, pieces[-1].end),
        now=now,
        zone=zone,
        other_ids=tuple(below(plan.other)) if plan.other else None,
        service_id=plan.service_id,
    )
    figures = selectors.series(scope, [plan.figure], pieces)[plan.figure]
    found = zip(pieces, figures, strict=True)
    return [Week(piece.start, figure.value, figure.n).as_json() for piece, figure in found]


def _counted(plan: Improvement, horizon: str) -> Found:
    """The numbers of one quarter; without "p" where the weeks are too few."""
    definition = FIGURES[plan.figure]
    scale = scale_of(definition)
    sides = _sides(plan, plan.weeks, horizon, definition.fewest)
    others = _values(_sides(plan, plan.compared_weeks, horizon, definition.fewest), scale) if plan.comparison else None
    if others is not None:
        sides = Sides(*([week for week in side if week.monday in others] for side in (sides.before, sides.after)))
    found: Found = {"weeks_before": len(sides.before), "weeks_after": len(sides.after)}
    if not sides.is_enough:
        return found
    values = _values(sides, scale)
    points = {day: value - others[day] if others is not None else value for day, value in values.items()}
    before, after = ([points[week.monday] for week in side] for side in (sides.before, sides.after))
    days = [week.monday for week in (*sides.before, *sides.after)]
    times = [(day - days[0]).days / WEEK.days for day in days]
    found |= _measured(before, after, times, scale, _sign(plan), _seed(plan, horizon))
    if others is None:
        medians = (
            median(week.value for week in side if week.value is not None) for side in (sides.before, sides.after)
        )
        found["details"] |= dict(zip(("median_before", "median_after"), medians, strict=True))
    return found


def _sides(plan: Improvement, weeks: Sequence[Sequence[Any]], horizon: str, fewest: int) -> Sides:
    rows = [Week.from_json(week) for week in weeks]
    return sides_of(rows, plan.effective_on, plan.triggered_from, horizon, fewest)


def _values(sides: Sides, scale: str) -> dict[date, float]:
    weeks = (*sides.before, *sides.after)
    return {week.monday: to_scale(scale, week.value) for week in weeks if week.value is not None}


def _sign(plan: Improvement) -> int:
    return -1 if FIGURES[plan.figure].direction == Direction.LOWER else 1


def _seed(plan: Improvement, horizon: str) -> int:
    return SEED + plan.pk * len(Horizon) + Horizon.values.index(horizon)


def _measured(
    before: Sequence[float], after: Sequence[float], times: Sequence[float], scale: Scale, sign: int, seed: int
) -> Found:
    """The verdict's numbers on the figure's scale, and in `details` what they were made of."""
    told = statistics.judged(before, after, times)
    two, line = told.two, told.line
    effect, low, high = (from_scale(scale, value) for value in (told.effect, told.low, told.high))
    return {
        "effect": effect, "low": low, "high": high, "p": told.p, "by_trend": told.by_trend,
        "detectable": from_scale(scale, sign * told.detectable),
        "details": {
            "shift": from_scale(scale, two.shift), "u": two.u, "p": two.p, "lower_after": two.lower_after,
            "bootstrap": [from_scale(scale, end) for end in statistics.bootstrap(before, after, seed=seed)],
            "trend_effect": from_scale(scale, line.effect), "trend_p": line.p, "slope_p": told.slope_p,
            "durbin_watson": line.durbin_watson, "carry": line.carry, "coefficients": line.coefficients, "se": line.se,
        },
    }  # fmt: skip


def _keep(plan: Improvement, horizon: str, found: Found, first: Found, now: datetime) -> None:
    """Only what there is to tell of: a quarter that has not begun has no row."""
    if not found["weeks_after"] and begins_on(plan.effective_on, horizon) > _last(plan):
        ImprovementEffect.objects.filter(improvement=plan, horizon=horizon).delete()
        return
    verdict = Verdict.TOO_EARLY
    if "p" in found:
        verdict = verdict_of(FIGURES[plan.figure].direction, found["low"], found["high"], found["p_adjusted"])
    found["verdict"] = verdict
    later = horizon != Horizon.FIRST
    lasting = held(first["verdict"], verdict, first.get("effect"), found.get("low"), found.get("high"))
    ImprovementEffect.objects.update_or_create(
        improvement=plan,
        horizon=horizon,
        defaults={
            "counted_at": now, "seed": _seed(plan, horizon), "method": METHOD, "verdict": verdict,
            "held": lasting if later else None, "by_trend": found.get("by_trend", False),
            "details": found.get("details", {}),
            **{name: found[name] for name in ("weeks_before", "weeks_after")},
            **{name: found.get(name) for name in ("effect", "low", "high", "p", "p_adjusted", "detectable")},
        },
    )  # fmt: skip


def _last(plan: Improvement) -> date:
    return date.fromisoformat(plan.weeks[-1][0])
