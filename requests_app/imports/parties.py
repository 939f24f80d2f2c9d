"""The departments, people, services and the calendar that a history speaks of: found by name, or made."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.states import ALWAYS, ROUND_THE_CLOCK, Hours
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.states import FormField
from requests_app.events.models import Event
from requests_app.events.services import record_history
from requests_app.imports.mapping import HistoryMapping
from requests_app.imports.states import Draft, Place
from requests_app.imports.values import BadMapping
from requests_app.kernel.bulk import reserve_numbers
from requests_app.org.models import Department, Person

ROUND_THE_CLOCK_SLUG = "24x7"
ServiceKey = tuple[Place, str, str]  # who owns it, its name, its need type


class Parties:
    """Names to numbers. `make_missing` and the services belong into the transaction of the chunk that needs them."""

    def __init__(self, mapping: HistoryMapping, *, now: datetime) -> None:
        self.mapping, self.now = mapping, now
        self.calendar = _calendar_version(mapping.calendar)
        self.departments = _known_departments()
        self.people: dict[str, int] = {}
        self.services: dict[ServiceKey, tuple[int, int | None]] = {}
        self.made = {"departments": 0, "people": 0, "services": 0}

    # ── Finding and making ───────────────────────────────────────────────────

    def make_missing(self, drafts: Sequence[Draft]) -> None:
        """Everything these cases speak of is there afterwards."""
        self._make_departments({place for draft in drafts for place in _places(draft)})
        self._make_people({name for draft in drafts for name in (draft.requester, *draft.actors)} | {""})
        self._make_services({_service_key(draft) for draft in drafts})

    def settle(self, draft: Draft) -> None:
        """Write the numbers into the case."""
        case = draft.case
        case.customer, case.supplier = self.departments[draft.customer], self.departments[draft.supplier]
        case.service, case.form = self.services[_service_key(draft)]
        case.requester = self.people[draft.requester]
        case.calendar, case.answers = self.calendar.pk, dict(case.attributes)
        for step, place, actor in zip(case.steps, draft.places, draft.actors, strict=True):
            step.department = self.departments[place] if place else None
            step.actor = self.people[actor] if actor else None

    @property
    def nobody(self) -> int:
        """Who signs where the source names no one."""
        return self.people[""]

    # ── Departments ──────────────────────────────────────────────────────────

    def _make_departments(self, places: Iterable[Place]) -> None:
        absent = {place[:depth] for place in places for depth in range(1, len(place) + 1)} - self.departments.keys()
        ordered = sorted(absent, key=lambda place: (len(place), place))
        if not ordered:
            return
        taken = set(Department.objects.values_list("slug", flat=True))
        paths = dict(Department.objects.values_list("pk", "path"))
        rows = []
        for place, number in zip(ordered, reserve_numbers(Department, len(ordered)), strict=True):
            parent = self.departments.get(place[:-1])
            self.departments[place] = number
            paths[number] = f"{paths.get(parent, '/') if parent else '/'}{number}/"
            rows.append(
                Department(
                    pk=number, slug=_free_slug(place[-1], taken, 60), name=place[-1], parent_id=parent,
                    path=paths[number], calendar_id=self.calendar.calendar_id, time_zone=self.calendar.zone,
                    is_active=self.mapping.active,
                )
            )  # fmt: skip
        Department.objects.bulk_create(rows, batch_size=1000)
        self.made["departments"] += len(rows)
        self._note("department", [(row.pk, row.name) for row in rows])

    # ── People ───────────────────────────────────────────────────────────────

    def _make_people(self, names: Iterable[str]) -> None:
        absent = {name: self._address(name) for name in names if name not in self.people}
        known = dict(Person.objects.filter(email__in=set(absent.values())).values_list("email", "pk"))
        fresh = {address: name for name, address in absent.items() if address not in known}
        password = make_password(None)  # nobody signs in as somebody of the past
        rows = [
            Person(email=address, name=name or f"History of {self.mapping.source}", password=password, is_active=False)
            for address, name in sorted(fresh.items())
        ]
        for row in Person.objects.bulk_create(rows, batch_size=1000):
            known[row.email] = row.pk
        self.people |= {name: known[address] for name, address in absent.items()}
        self.made["people"] += len(rows)

    def _address(self, name: str) -> str:
        """Somebody's real address, or one that nobody has, the same in every run."""
        if "@" in name and " " not in name:
            return name.lower()
        digest = hashlib.sha256(f"{self.mapping.source}|{name}".encode()).hexdigest()[:10]
        return f"{slugify(name)[:40] or 'history'}.{digest}@{self.mapping.domain}"

    # ── Services ─────────────────────────────────────────────────────────────

    def _make_services(self, keys: Iterable[ServiceKey]) -> None:
        absent = sorted(set(keys) - self.services.keys())
        owners = {self.departments[owner] for owner, _name, _need in absent}
        known: dict[tuple[int, str], tuple[int, int | None]] = {
            (department, name): (pk, form)
            for department, name, pk, form in Service.objects.filter(department_id__in=owners).values_list(
                "department_id", "name", "pk", "form_id"
            )
        }
        fresh: dict[tuple[int, str], str] = {}
        for owner, name, need in absent:
            if (self.departments[owner], name) not in known:
                fresh.setdefault((self.departments[owner], name), need)
        known |= self._create_services(fresh)
        for key in absent:
            self.services[key] = known[self.departments[key[0]], key[1]]

    def _create_services(self, fresh: dict[tuple[int, str], str]) -> dict[tuple[int, str], tuple[int, int | None]]:
        if not fresh:
            return {}
        taken = set(Service.objects.values_list("slug", flat=True))
        services = [
            Service(
                pk=number, slug=_free_slug(name, taken, 80), department_id=department, name=name, need_type=need,
                is_published=False,
            )
            for number, ((department, name), need) in zip(
                reserve_numbers(Service, len(fresh)), fresh.items(), strict=True
            )
        ]  # fmt: skip
        Service.objects.bulk_create(services, batch_size=1000)
        questions = [
            FormField(key=name, label=name.replace("_", " ").capitalize()).as_json() for name in self.mapping.attributes
        ]
        forms = [ServiceForm(service_id=service.pk, number=1, fields=questions) for service in services]
        for service, form in zip(services, ServiceForm.objects.bulk_create(forms, batch_size=1000), strict=True):
            service.form = form
        Service.objects.bulk_update(services, ["form"], batch_size=1000)
        self.made["services"] += len(services)
        self._note("service", [(service.pk, service.name) for service in services])
        return {(service.department_id, service.name): (service.pk, service.form_id) for service in services}

    def _note(self, what: str, made: Iterable[tuple[int, str]]) -> None:
        """What an import adds to the settings is in the log like what a person adds."""
        record_history(
            (
                Event(
                    kind="config.changed", subject_kind=what, subject_id=pk, at=self.now,
                    data={"what": what, "before": {}, "after": {"name": name}, "imported": self.mapping.source},
                )
                for pk, name in made
            ),
            subscribers=(),
        )  # fmt: skip


def _places(draft: Draft) -> Iterable[Place]:
    return {draft.customer, draft.supplier, draft.service_owner, *(place for place in draft.places if place)}


def _service_key(draft: Draft) -> ServiceKey:
    return draft.service_owner, draft.service, draft.case.need_type


def _known_departments() -> dict[Place, int]:
    """Every department by the names from the top down to it; of two that are named alike the older one."""
    rows: dict[int, Any] = {row.pk: row for row in Department.objects.order_by("pk")}
    known: dict[Place, int] = {}
    for row in rows.values():
        place: Place = (row.name,)
        above = rows.get(row.parent_id)
        while above is not None:
            place, above = (above.name, *place), rows.get(above.parent_id)
        known.setdefault(place, row.pk)
    return known


def _free_slug(name: str, taken: set[str], longest: int) -> str:
    base = slugify(name)[: longest - 6] or "unit"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def _calendar_version(slug: str) -> CalendarVersion:
    """The version in force of the calendar the mapping names, of the default, or round the clock."""
    wanted = {"current_of__slug": slug} if slug else {"current_of__is_default": True}
    found = CalendarVersion.objects.filter(**wanted).first()
    if found is not None:
        return found
    if slug != ROUND_THE_CLOCK_SLUG:
        raise BadMapping(
            f"case.calendar: there is no calendar {f'“{slug}”' if slug else 'that is the default'}; "
            f"name one, or {ROUND_THE_CLOCK_SLUG}"
        )
    calendar = Calendar.objects.create(slug=slug, name="Round the clock")
    hours = Hours("UTC", ROUND_THE_CLOCK).columns()
    calendar.current = CalendarVersion.objects.create(calendar=calendar, number=1, effective_from=ALWAYS, **hours)
    calendar.save(update_fields=["current"])
    return calendar.current
