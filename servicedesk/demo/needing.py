"""What departments of the demo company need of each other: the boards, in every state of their life."""

from datetime import datetime, timedelta
from typing import Any

from feedback.needs.services import add_source, propose, rate, take_step
from feedback.needs.sources import Found
from feedback.needs.states import Words
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def need_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    for spec in read("needs")["need"]:
        _need(company, spec, now)


def _need(company: Company, spec: dict[str, Any], now: datetime) -> None:
    department, side = company.units[spec["department"]], company.units[spec["by"]]
    at = now - timedelta(days=spec["ago"])
    need = propose(
        by=side.members[-1], department=department.row, title=spec["title"], text=spec["text"], at=at,
    )  # fmt: skip
    if talk := spec.get("talk"):
        add_source(by=side.members[-1], need=need, source=Found("talk", words=talk))
    if rating := spec.get("rating"):
        importance, satisfaction = rating
        rate(by=side.members[-1], need=need, importance=importance, satisfaction=satisfaction, at=at)
    for step, days in spec.get("steps", {}).items():
        more: dict[str, Any] = {}
        if step == "analyse":
            more["urgency"], more["importance"] = spec["weight"]
        if step == "decide":
            more |= {"owner": department.head, "due_on": (now + timedelta(days=spec["due"])).date()}
        words = Words(note=spec[step], **more)
        take_step(by=department.head, need=need, name=step, words=words, at=at + timedelta(days=days))
