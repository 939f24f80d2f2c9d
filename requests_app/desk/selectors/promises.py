"""What a supplier promises a customer for a service, before anything is filed: for one priority and for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from requests_app.agreements.selectors import Promised, PromiseTable, gauge_of, matrix_of, promise_table
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, Measure, Time
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import current_version_id
from requests_app.catalogue.models import Service

USUAL = 3  # the priority by which services are compared in lists


@dataclass(frozen=True)
class Promise:
    """What one priority gets: working time or working days, and the instants if it were filed now."""

    priority: int
    words: str
    response: Time | None
    resolution: Time | None
    response_due: datetime | None
    resolution_due: datetime | None
    rule: str
    version: int | None


@dataclass(frozen=True)
class Promises:
    """The promises of all priorities for one reader; `matrix` is urgency → impact → priority."""

    by_priority: dict[int, Promise]
    matrix: dict[int, dict[int, int]]
    calendar: str
    zone: str

    def chosen(self, urgency: int, impact: int) -> Promise:
        return self.by_priority[self.matrix[urgency][impact]]

    @property
    def rows(self) -> list[Promise]:
        return list(self.by_priority.values())

    @property
    def grid(self) -> list[tuple[str, list[str]]]:
        """The matrix in words: (urgency, [priority for each impact])."""
        return [
            (str(words), [str(PRIORITY[self.matrix[urgency][impact]]) for impact in IMPACT])
            for urgency, words in URGENCY.items()
        ]

    @property
    def impacts(self) -> list[str]:
        return [str(words) for words in IMPACT.values()]


def promises_for(*, service: Service, customer_id: int | None) -> Promises:
    """What this customer would be promised if it filed now. Three queries."""
    now = timezone.now()
    table = promise_table(customer_id=customer_id, services={service.pk: service.department_id}, at=now)[service.pk]
    calendar_id = service.department.calendar_id
    wanted = {"is_default": True} if calendar_id is None else {"pk": calendar_id}
    calendar = Calendar.objects.select_related("current").get(**wanted)
    return Promises(
        by_priority={priority: _promise(priority, found, calendar, now) for priority, found in table.items()},
        matrix=matrix_of(service.department_id),
        calendar=calendar.name,
        zone=calendar.current.zone if calendar.current else "",
    )


def _promise(priority: int, found: dict[str, Promised], calendar: Calendar, now: datetime) -> Promise:
    response, resolution = found.get(Measure.RESPONSE), found.get(Measure.RESOLUTION)
    known = resolution or response
    return Promise(
        priority=priority,
        words=str(PRIORITY[priority]),
        response=response.time if response else None,
        resolution=resolution.time if resolution else None,
        response_due=_due(calendar, now, response),
        resolution_due=_due(calendar, now, resolution),
        rule=known.rule if known else "",
        version=known.version if known else None,
    )


def _due(calendar: Calendar, now: datetime, promised: Promised | None) -> datetime | None:
    if promised is None or calendar.current_id is None:
        return None
    version_id = current_version_id(promised.calendar_id) if promised.calendar_id else calendar.current_id
    return gauge_of(version_id).due(now, [], promised.time)


def usual_promises(services: Iterable[Service], customer_id: int | None) -> dict[int, Time]:
    """service → time until it is delivered at the usual priority, for a list. One query."""
    suppliers = {service.pk: service.department_id for service in services}
    if not suppliers:
        return {}
    table: PromiseTable = promise_table(customer_id=customer_id, services=suppliers, at=timezone.now())
    found = {service: by_priority[USUAL].get(Measure.RESOLUTION) for service, by_priority in table.items()}
    return {service: promised.time for service, promised in found.items() if promised}
