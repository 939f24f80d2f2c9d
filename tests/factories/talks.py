"""IT and Sales talk to each other: IT as supplier of Sales."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.services import arrange, take_step
from feedback.talks.writing import give_task
from tests.factories.company import Company

WEEKLY = {"every_weeks": 1, "weekday": 1, "at_time": time(10), "zone": "Europe/Berlin"}


def arranged(company: Company, kind: str = "customer", **more: Any) -> TalkSeries:
    """Each Tuesday at ten, by the head of IT."""
    parties = {"by": company.supplier_head, "supplier": company.it, "customer": company.sales}
    return arrange(**(parties | {"kind": kind} | WEEKLY | more))


def planned(company: Company, kind: str = "customer", **more: Any) -> Talk:
    return arranged(company, kind, **more).talks.get()


def begun(company: Company, kind: str = "customer", *, at: datetime | None = None, **more: Any) -> Talk:
    return take_step(by=company.supplier_head, talk=planned(company, kind, **more), name="begin", at=at)


def task_at(company: Company, talk: Talk, **more: Any) -> TalkItem:
    """For the agent of IT, due tomorrow."""
    words = {"text": "Send the list of devices", "owner": company.agent, "due_on": timezone.localdate() + timedelta(1)}
    return give_task(by=company.supplier_head, talk=talk, **(words | more))
