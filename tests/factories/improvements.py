"""Improvement plans of IT, with weeks as a worker would have counted them."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from metrics.improvement import counting
from metrics.improvement.models import Improvement
from metrics.improvement.services import plan_improvement, take_move
from metrics.improvement.states import Plan, Week, monday_of
from tests.factories.company import Company

HOUR = 3600
NOISE = (0, 3, -2, 1, -3, 2, 4, -1, 0, -4, 2, 1, -1)  # percent, no trend


def midweek(ago: int) -> date:
    """A Wednesday about so many days ago: the week in which it begins is on neither side."""
    return monday_of(timezone.localdate() - timedelta(days=ago)) + timedelta(days=2)


def plan_of(company: Company, **more: Any) -> Plan:
    values = {
        "side": "supplier", "figure": "resolution_time", "name": "Second-level rota", "goal": "Nobody waits.",
        "expected": -0.2, "effective_on": midweek(100), "owner": company.assigned,
    }  # fmt: skip
    return Plan(**(values | more))


def planned(company: Company, **more: Any) -> Improvement:
    """By the head of IT, about its resolution time."""
    return plan_improvement(by=company.supplier_head, department=company.it, plan=plan_of(company, **more))


def running(company: Company, **more: Any) -> Improvement:
    row = planned(company, **more)
    return take_move(by=company.supplier_head, improvement=row, name="start")


def points(first: date, values: list[float | None], n: int = 20) -> list[list[Any]]:
    return [Week(first + timedelta(days=7 * at), value, n).as_json() for at, value in enumerate(values)]


def noisy(level: float, weeks: int) -> list[float]:
    return [level * (1 + NOISE[at % len(NOISE)] / 100) for at in range(weeks)]


def measured(company: Company, before: float = 10 * HOUR, after: float = 8 * HOUR, **more: Any) -> Improvement:
    """Running for 15 weeks, with so much before and after; the effect is counted by the product's own arithmetic."""
    row = running(company, **more)
    monday = monday_of(row.effective_on)
    row.weeks = points(monday - timedelta(weeks=20), noisy(before, 21) + noisy(after, 14))
    row.counted_at = timezone.now()
    row.save()
    counting.judge([row], row.counted_at)
    return row
