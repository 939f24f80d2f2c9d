"""Short histories for tests: `story("09:00 filed", "09:40 supplier writes", ..)` as events on one day or several."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from metrics.facts.fold import fold
from metrics.facts.states import Folded, Happening
from requests_app.calendars.worktime import Schedule, Worktime

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE, ALWAYS = 1, 2
WORKTIMES = {
    OFFICE: Worktime(Schedule("Europe/Berlin", tuple((day, "09:00", "17:00") for day in range(5)))),
    ALWAYS: Worktime(Schedule("UTC", tuple((day, "00:00", "24:00") for day in range(7)))),
}
SALES, IT, FINANCE, LEGAL = 10, 20, 30, 40
HOUR = 3600


def at(text: str) -> datetime:
    """ "03-27 15:00" or "15:00" (Wednesday 8 April) of 2026 in Berlin."""
    day, _, clock = text.rpartition(" ")
    wall = datetime.fromisoformat(f"2026-{day or '04-08'}T{clock}:00")
    return wall.replace(tzinfo=BERLIN).astimezone(UTC)


def filed(when: str = "09:00", **more) -> Happening:
    data = {
        "customer": SALES, "supplier": IT, "department": IT, "service": 5, "requester": 7, "priority": 3,
        "channel": "web", "need_type": "technical", "customer_kind": "employee", "privacy": "department",
        "calendar": OFFICE, "targets": {},
    }  # fmt: skip
    return Happening("request.filed", at(when), 7, data | more)


def event(when: str, kind: str, department: int = IT, **more) -> Happening:
    return Happening(kind, at(when), None, {"department": department, **more})


def said(when: str, side: str, *, human: bool = True) -> Happening:
    return event(when, "message.public", side=side, human=human)


def offered(when: str, to: int, handoff: int | None = 1, sender: int = IT) -> Happening:
    return event(when, "handoff.offered", to, handoff=handoff, to=to, **{"from": sender})


def answered(when: str, answer: str, department: int, handoff: int = 1) -> Happening:
    return event(when, f"handoff.{answer}", department, handoff=handoff)


def target(seconds: int, calendar: int = OFFICE) -> dict:
    return {"seconds": seconds, "calendar": calendar, "agreement": None}


def folded(*events: Happening) -> Folded:
    result = fold(events, WORKTIMES.__getitem__)
    assert result is not None
    return result


def facts(*events: Happening):
    return folded(*events).facts
