"""Improvement plans of the demo company: what they came to is counted from its year, not told."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.utils import timezone

from metrics.improvement.due import tell_what_is_due
from metrics.improvement.models import Improvement
from metrics.improvement.services import add_action, finish_action, plan_improvement, take_move
from metrics.improvement.states import Plan
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def improve_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    for spec in read("improvements")["improvement"]:
        _plan(company, spec, now)


def judge_all(company: Company, now: datetime) -> None:
    """Call after the figures are counted: what the weeks say, and what a head makes of it where there is a word."""
    import_module("metrics.improvement.counting").recount_all(now=now)  # loads scipy, which only this needs
    for spec in read("improvements")["improvement"]:
        if "judgement" in spec:
            unit = company.units[spec["department"]]
            row = Improvement.objects.get(department=unit.row, name=spec["name"])
            at = now - timedelta(days=2)
            take_move(by=unit.head, improvement=row, name="judge", note=spec["judgement"], at=at)
    tell_what_is_due(today=timezone.localdate(now))


def _plan(company: Company, spec: dict[str, Any], now: datetime) -> None:
    unit = company.units[spec["department"]]
    begins = now - timedelta(days=spec["ago"])
    planned_at = min(begins - timedelta(days=21), now - timedelta(days=3))
    since = (now - timedelta(days=spec["since"])).date() if "since" in spec else None
    plan = Plan(
        side=spec["side"], figure=spec["figure"], name=spec["name"], goal=spec["goal"], expected=spec["expected"],
        effective_on=begins.date(), triggered_from=since, owner=unit.agents[0],
        other=company.units[spec["other"]].row if "other" in spec else None,
    )  # fmt: skip
    row = plan_improvement(by=unit.head, department=unit.row, plan=plan, at=planned_at)
    for given in spec["actions"]:
        action = add_action(
            by=unit.head, improvement=row, what=given["what"], owner=unit.agents[-1],
            due_on=(begins + timedelta(days=given["due"])).date(), at=planned_at,
        )  # fmt: skip
        if "done" in given:
            finish_action(by=unit.head, action=action, at=begins + timedelta(days=given["done"]))
    if spec.get("start", True):
        take_move(by=unit.head, improvement=row, name="start", at=begins)
