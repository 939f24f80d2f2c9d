"""What is asked of the process: looked up by name, and allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from metrics.dashboards.memory import Key
from metrics.dashboards.states import Stretch, stretch_of
from metrics.process import policies
from metrics.process.comparing import day_of
from metrics.rollups.policies import Sight, may_open_rows, own_departments
from metrics.rollups.states import Period, Scope, Side
from requests_app.catalogue.models import Service
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, departments_for


@dataclass(frozen=True)
class View:
    """What is asked for, looked up and allowed."""

    department: Department
    stretch: Stretch
    scope: Scope
    service: Service | None
    other: Department | None
    calendar: bool
    split: date | None
    sight: Sight
    opens: bool
    own: frozenset[int]

    @property
    def key(self) -> Key:
        rest = (self.service and self.service.pk, self.other and self.other.pk, self.calendar, self.split, self.sight)
        own = self.own if self.sight != Sight.FULL else None
        place = (self.department.pk, self.department.name, self.scope.side, self.stretch.choice, self.stretch.period)
        return ("process", *place, *rest, self.opens, own)

    @property
    def unit(self) -> str:
        return "calendar" if self.calendar else "seconds"

    @property
    def narrowed(self) -> dict[str, str | None]:
        other = "customer" if self.scope.side == Side.SUPPLIER else "supplier"
        service = self.service.slug if self.service else None
        return {other: self.other.slug if self.other else None, "service": service}


def view_of(person: Person, department: Department, sight: Sight, now: datetime, given: dict[str, str]) -> View:
    zone = ZoneInfo(department.time_zone)
    stretch = stretch_of(
        given.get("choice", "") or "quarter",
        given.get("start", ""),
        given.get("end", ""),
        today=now.astimezone(zone).date(),
    )
    side, time = _one_of(given, "side", Side.ALL), _one_of(given, "time", ("working", "calendar"))
    service, other = service_of(given.get("service", "")), other_of(person, given.get("other", ""))
    policies.require_process(person, department, others=[other.pk] if other else None, finer=service is not None)
    split = day_of(given["split"], stretch.period) if given.get("split") else None
    return View(
        department=department,
        stretch=stretch,
        scope=scope_of(department, side, stretch.period, now, service=service, other=other),
        service=service,
        other=other,
        calendar=time == "calendar",
        split=split,
        sight=sight,
        opens=may_open_rows(person, department),
        own=own_departments(person),
    )


def _one_of(given: dict[str, str], name: str, choices: Sequence[str]) -> str:
    """The first one when nothing is given."""
    found = given.get(name, "") or choices[0]
    if found not in choices:
        raise WrongInput({name: [_("Choose one of: %(c)s.") % {"c": ", ".join(choices)}]})
    return found


def service_of(slug: str) -> Service | None:
    found = Service.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise WrongInput({"service": [_("There is no such service. Give its slug.")]})
    return found


def other_of(person: Person, slug: str, field: str = "other") -> Department | None:
    found = departments_for(person).filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise WrongInput({field: [_("There is no such department. Give its slug.")]})
    return found


def scope_of(
    department: Department, side: str, period: Period, now: datetime, *, service: Service | None = None,
    other: Department | None = None,
) -> Scope:  # fmt: skip
    """The department with those below it; the other side only as the one department that is named."""
    return Scope(
        side,
        tuple(below(department)),
        period,
        now,
        ZoneInfo(department.time_zone),
        other_ids=(other.pk,) if other else None,
        service_id=service.pk if service else None,
    )
