"""Requests that took given ways, written straight into the log: "filed 0, accepted 30, delivered 120" in minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from metrics.facts.states import Happening
from metrics.rollups.services import recount_stale, refresh_figures
from tests.factories import Company
from tests.metrics.conftest import append

KINDS = {
    "offered": "handoff.offered", "taken over": "handoff.accepted", "given back": "handoff.declined",
    "withdrawn": "handoff.withdrawn",
}  # fmt: skip
STRAIGHT = "filed 0, accepted 30, delivered 120, confirmed 180"
HELD = "filed 0, accepted 60, held 90, resumed 300, held 330, resumed 390, delivered 420, closed 900"
BOUNCED = "filed 0, accepted 10, offered 20, given back 80, delivered 200, rejected 260, delivered 300, confirmed 310"


def way(company: Company, text: str, start: datetime, **more) -> list[Happening]:
    """The events of one request of Sales with IT; a hold is for the customer. Round the clock, without a calendar."""
    filed = {
        "customer": company.sales.pk, "supplier": company.it.pk, "department": company.it.pk,
        "service": company.laptop.pk, "requester": company.requester.pk, "priority": 3, "channel": "web",
        "need_type": "technical", "customer_kind": "employee", "privacy": "department", "calendar": None,
        "targets": {},
    }  # fmt: skip
    found = []
    for step in text.split(", "):
        name, minutes = step.rsplit(" ", 1)
        data = filed | more if name == "filed" else {"department": company.it.pk}
        if name == "held":
            data |= {"reason": "customer", "pauses": True}
        if name in KINDS:
            data |= {"handoff": 1, "from": company.it.pk, "to": company.facilities.pk}
        found.append(Happening(KINDS.get(name, f"request.{name}"), start + timedelta(minutes=int(minutes)), None, data))
    return found


def walk(company: Company, texts: Iterable[str], start: datetime, *, first_id: int = 900_001, **more) -> None:
    """One request a text, an hour after each other, folded and counted."""
    ids = []
    for place, text in enumerate(texts):
        append(first_id + place, way(company, text, start + timedelta(hours=place), **more))
        ids.append(first_id + place)
    refresh_figures(request_ids=ids)
    recount_stale()
