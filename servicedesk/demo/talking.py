"""Talks of the demo company: one pair meets each week, with minutes, tasks and a corrective action."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedback.talks.models import Talk, TalkSeries
from feedback.talks.services import arrange, take_step
from feedback.talks.states import at
from feedback.talks.writing import add_point, begin_correction, decide, finish_task, give_task, write_minutes
from servicedesk.demo.building import Company, Unit
from servicedesk.demo.texts import read


def talk_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after complaints and corrective actions are there."""
    for spec in read("talks")["series"]:
        _series(company, spec, now)


def _series(company: Company, spec: dict[str, Any], now: datetime) -> None:
    supplier, customer = company.units[spec["supplier"]], company.units[spec["customer"]]
    leader = supplier if spec["kind"] == "customer" else customer
    first = now - timedelta(weeks=max([talk["weeks_ago"] for talk in spec.get("talk", [])], default=0) + 2)
    series = arrange(
        by=leader.head, supplier=supplier.row, customer=customer.row, kind=spec["kind"], at=first,
        every_weeks=spec["every_weeks"], weekday=spec["weekday"], at_time=time.fromisoformat(spec["at"]),
        zone=supplier.row.time_zone, place=spec["place"], people=[supplier.agents[0], customer.members[-1]],
    )  # fmt: skip
    for told in spec.get("talk", []):
        _hold(series, told, supplier, customer, now)
    if spec.get("point"):
        add_point(by=customer.members[-1], talk=series.talks.get(state="planned"), text=spec["point"], at=now)


def held_at(now: datetime, *, weeks_ago: int, weekday: int, clock: time, zone: str) -> datetime:
    """When the last talk of this weekday that is over by now began, or one so many weeks before it."""
    over = now - timedelta(hours=1)
    here = over.astimezone(ZoneInfo(zone))
    day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
    if at(day, clock, zone) > over:
        day -= timedelta(days=7)
    return at(day - timedelta(weeks=weeks_ago), clock, zone)


def _hold(series: TalkSeries, told: dict[str, Any], supplier: Unit, customer: Unit, now: datetime) -> None:
    begins = held_at(
        now, weeks_ago=told["weeks_ago"], weekday=series.weekday, clock=series.at_time, zone=series.zone
    )  # fmt: skip
    talk = Talk.objects.get(series=series, state="planned")
    Talk.objects.filter(pk=talk.pk).update(starts_at=begins)
    agent, ends = supplier.agents[0], begins + timedelta(minutes=28)
    talk = take_step(by=supplier.head, talk=talk, name="begin", at=begins)
    write_minutes(by=agent, talk=talk, side="supplier", text=told["supplier"], at=ends)
    write_minutes(by=customer.head, talk=talk, side="customer", text=told["customer"], at=ends)
    for text in told.get("decisions", []):
        decide(by=supplier.head, talk=talk, text=text, at=ends)
    for text in told.get("tasks", []):
        due_on = (begins + timedelta(days=told["due_in"])).date()
        item = give_task(by=supplier.head, talk=talk, text=text, owner=agent, due_on=due_on, at=ends)
        if told.get("done"):
            finish_task(by=agent, item=item, at=ends + timedelta(days=2))
    for text in told.get("corrections", []):
        begin_correction(by=supplier.head, talk=talk, text=text, at=ends)
    take_step(by=supplier.head, talk=talk, name="end", present=[supplier.head, agent, customer.head], at=ends)
