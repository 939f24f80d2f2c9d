"""The demo company before anybody asks anybody for anything: hours, departments, people, services, promises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from requests_app.agreements.services import ensure_company_default, set_matrix, set_targets
from requests_app.agreements.states import Measure
from requests_app.calendars.models import Calendar
from requests_app.calendars.public_holidays import public_holidays
from requests_app.calendars.selectors import worktime_of
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import WEEKDAYS, parse_week
from requests_app.calendars.worktime import Worktime
from requests_app.catalogue.models import Service
from requests_app.catalogue.services import create_service
from requests_app.catalogue.states import FormField
from requests_app.org.models import Department, Membership, Person
from requests_app.org.services import save_department
from requests_app.org.states import DepartmentKind, Role
from servicedesk.demo.texts import read, services

PASSWORD = "demo"  # noqa: S105 - everybody is meant to know it; the demo runs only where it is asked for
DOMAIN = "demo.example"
HOUR = 3600


@dataclass
class Unit:
    """A department with what the story of its year needs."""

    row: Department
    spec: dict[str, Any]
    calendar: int  # the version of its calendar
    worktime: Worktime
    members: list[Person] = field(default_factory=list)
    agents: list[Person] = field(default_factory=list)  # the head is the first of them

    @property
    def head(self) -> Person:
        return self.members[0]

    @property
    def leaders(self) -> list[Person]:
        """The head, and the deputy where there is one."""
        return self.members[:2] if self.spec["agents"] else self.members[:1]


@dataclass(frozen=True)
class Offered:
    """A service and the texts around it."""

    row: Service
    spec: dict[str, Any]
    supplier: Unit


@dataclass(frozen=True)
class Company:
    units: dict[str, Unit]
    people: dict[str, Person]  # by what stands before the @
    homes: dict[int, Unit]  # of each person
    services: dict[str, Offered]


def build_company(*, now: datetime) -> Company:
    """Everything but the requests. Call inside a transaction."""
    people = {local: person for _slug, local, person in _people()}
    password = make_password(PASSWORD)  # once: a good hash is slow on purpose
    for person in people.values():
        person.password = password
    _crown(people)
    admin = people["admin"]
    Person.objects.bulk_create(people.values())
    calendars = _calendars(admin, now)
    units = {spec["slug"]: _unit(admin, spec, calendars) for spec in read("company")["department"]}
    for slug, local, _person in _people():
        units[slug].members.append(people[local])
    _hats(units)
    offered = {found["slug"]: _service(admin, units[slug], found) for slug, found in services()}
    _promises(admin, units, offered, now)
    homes = {person.pk: unit for unit in units.values() for person in unit.members}
    return Company(units, people, homes, offered)


def _people() -> Iterator[tuple[str, str, Person]]:
    """(department, address before the @, person not yet saved), the head of each department first."""
    for spec in read("company")["department"]:
        for text in spec["people"]:
            name, local, language, *_rest = [*(part.strip() for part in text.split("|")), "", ""]
            local = local or slugify(name).replace("-", ".")
            yield spec["slug"], local, Person(email=f"{local}@{DOMAIN}", name=name, language=language)


def _crown(people: dict[str, Person]) -> None:
    for role, local in read("company")["accounts"].items():
        setattr(people[local], f"is_{role}", True)


def _calendars(admin: Person, now: datetime) -> dict[str, Calendar]:
    years = range(now.year - 1, now.year + 2)
    found = {}
    for slug, spec in read("company")["calendars"].items():
        place = {"country": spec["country"], "region": spec.get("region", "")}
        found[slug] = create_calendar(
            by=admin, name=spec["name"], zone=spec["zone"], slug=slug, is_default=spec.get("default", False),
            weekly=parse_week(dict(zip(WEEKDAYS, spec["hours"], strict=True))),
            special_days=public_holidays(years=years, **place), **place,
        )  # fmt: skip
    return found


def _unit(admin: Person, spec: dict[str, Any], calendars: dict[str, Calendar]) -> Unit:
    calendar = calendars[spec.get("calendar", "berlin")]
    row = save_department(
        by=admin, slug=spec["slug"], name=spec["name"], mission=spec["mission"],
        kind=spec.get("kind", DepartmentKind.INTERNAL), cost_centre=spec.get("cost_centre", ""),
        calendar_id=calendar.pk, time_zone=calendar.current.zone,
    )  # fmt: skip
    return Unit(row, spec, calendar.current_id, worktime_of(calendar.current_id))


def _hats(units: dict[str, Unit]) -> None:
    """The first leads, the second is deputy, the next are agents, and all are members at home there."""
    hats = []
    for unit in units.values():
        supplying = unit.spec["agents"]
        unit.agents = unit.members[: supplying or 1]
        for place, person in enumerate(unit.members):
            role = {0: Role.HEAD, 1: Role.DEPUTY}.get(place, Role.AGENT if place < supplying else Role.MEMBER)
            if role == Role.DEPUTY and not supplying:
                role = Role.MEMBER
            hats.append(Membership(person=person, department=unit.row, role=role, home=True))
            person.position = _position(role, unit.row.name)
    Membership.objects.bulk_create(hats)
    Person.objects.bulk_update([person for unit in units.values() for person in unit.members], ["position"])


def _position(role: str, department: str) -> str:
    return {Role.HEAD: f"Head of {department}", Role.DEPUTY: f"Deputy head of {department}"}.get(role, department)


def _service(admin: Person, unit: Unit, spec: dict[str, Any]) -> Offered:
    questions = [
        FormField(
            key=given["key"], label=given["label"], type=given.get("type", "text"), help=given.get("help", ""),
            required=given.get("required", False), choices=tuple(given.get("choices", ())),
        )
        for given in spec["fields"]
    ]  # fmt: skip
    row = create_service(
        by=admin, department=unit.row, name=spec["name"], fields=questions, slug=spec["slug"],
        summary=spec["summary"], description=spec["description"], quality="\n".join(spec["quality"]),
        keywords=spec["keywords"], need_type=spec["need"], privacy=spec.get("privacy", "department"),
        open_to_partners=spec.get("open_to_partners", False), owner_id=unit.head.pk,
    )  # fmt: skip
    return Offered(row, spec, unit)


def _promises(admin: Person, units: dict[str, Unit], offered: dict[str, Offered], now: datetime) -> None:
    """In force since before the year that is told."""
    ensure_company_default()
    since = now - timedelta(days=500)
    for spec in read("company")["agreement"]:
        customer, service = spec.get("customer"), spec.get("service")
        set_targets(
            by=admin, supplier=units[spec["supplier"]].row, customer=units[customer].row if customer else None,
            service=offered[service].row if service else None, valid_from=since,
            targets={
                measure.value: {
                    priority: round(pair[place] * HOUR) for priority, pair in enumerate(spec["targets"], start=1)
                }
                for place, measure in enumerate((Measure.RESPONSE, Measure.RESOLUTION))
            },
        )  # fmt: skip
    for spec in read("company")["matrix"]:
        cells = {urgency: dict(enumerate(row, start=1)) for urgency, row in enumerate(spec["cells"], start=1)}
        set_matrix(by=admin, cells=cells, department=units[spec["department"]].row)
