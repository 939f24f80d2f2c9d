"""The forum of the demo company: questions and discussions, some with an answer."""

from datetime import datetime, timedelta
from typing import Any

from feedback.forum.services import ask, hide, mark_answer, reply
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read


def ask_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    for spec in read("forum")["topic"]:
        _topic(company, spec, now)


def _topic(company: Company, spec: dict[str, Any], now: datetime) -> None:
    at, asker = now - timedelta(days=spec["ago"]), company.units[spec["by"]].members[-1]
    department = company.units[spec["department"]].row if "department" in spec else None
    topic = ask(
        by=asker, title=spec["title"], body=spec.get("body", ""), kind=spec["kind"], subject=spec["subject"],
        department=department, at=at,
    )  # fmt: skip
    for told in spec.get("reply", []):
        at += timedelta(hours=told["after"])
        made = reply(by=company.units[told["by"]].members[told.get("nth", 1)], topic=topic, body=told["body"], at=at)
        if told.get("answer"):
            mark_answer(by=asker, topic=topic, reply=made, at=at + timedelta(hours=2))
        if why := told.get("hidden"):
            moderator = company.units[spec["department"]].head
            hide(by=moderator, topic=topic, reply=made, reason=why, at=at + timedelta(hours=1))
