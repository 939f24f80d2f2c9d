"""Which promise holds, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.models import Agreement, PriorityMatrix, Target
from requests_app.agreements.policies import visible
from requests_app.agreements.states import (
    DEFAULT_MATRIX,
    DEFAULT_PAUSING,
    PRIORITY,
    Days,
    Escalation,
    Life,
    Measure,
    Reopening,
    Stage,
    Targets,
    Time,
)
from requests_app.calendars.selectors import current_version_id, day_rule_of, worktime_of
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import get_service
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for


@dataclass(frozen=True)
class Promised:
    """One target as it holds for one request."""

    measure: str
    time: Time
    agreement_id: int
    version: int
    pausing: tuple[str, ...]
    acceptance_days: int
    calendar_id: int | None
    customer_id: int | None
    supplier_id: int | None
    service_id: int | None

    @property
    def rule(self) -> str:
        return rule_of(customer_id=self.customer_id, supplier_id=self.supplier_id, service_id=self.service_id)


def rule_of(*, customer_id: int | None, supplier_id: int | None, service_id: int | None) -> str:
    """Why this target, in words; the order of the lines is the order in which the more specific wins."""
    if service_id and customer_id:
        return _("agreed between these two departments for this service")
    if service_id:
        return _("agreed with all customers for this service")
    if customer_id and supplier_id:
        return _("agreed between these two departments")
    if supplier_id:
        return _("the supplier's own default")
    return _("the company's default")


def specificity(*, customer_id: int | None, supplier_id: int | None, service_id: int | None) -> int:
    """Service beats customer beats supplier beats company: 7 service and customer … 0 company default."""
    return 4 * bool(service_id) + 2 * bool(customer_id) + bool(supplier_id)


def promise_for(
    *, customer_id: int, supplier_id: int, service_id: int, priority: int, at: datetime
) -> dict[str, Promised]:
    """measure → the most specific target in force at `at`; a measure nobody promised is absent. One query."""
    parties = {"customer_id": customer_id, "supplier_id": supplier_id, "service_id": service_id}
    best: dict[str, Promised] = {}
    for _priority, found in _told(_for_one(**parties, priority=priority, at=at)):
        _keep_best(best, found)
    return best


@written_once
def _for_one(*, customer_id: int, supplier_id: int, service_id: int, priority: int, at: datetime) -> QuerySet:
    supplier, service = Q(agreement__supplier_id=supplier_id), Q(agreement__service_id=service_id)
    return _in_force(customer_id, supplier, service, at).filter(priority=priority).values_list(*COLUMNS)


PromiseTable = dict[int, dict[int, dict[str, Promised]]]


def promise_table(*, customer_id: int | None, services: Mapping[int, int], at: datetime) -> PromiseTable:
    """service → priority → measure → the target this customer would get. `services`: service → supplier. One query."""
    table: PromiseTable = {service: {priority: {} for priority in PRIORITY} for service in services}
    suppliers = Q(agreement__supplier_id__in=list(services.values()))
    rows = list(_promised(_in_force(customer_id, suppliers, Q(agreement__service_id__in=list(services)), at)))
    for priority, found in rows:
        for service, supplier in services.items():
            if found.supplier_id in (None, supplier) and found.service_id in (None, service):
                _keep_best(table[service][priority], found)
    return table


def _in_force(customer_id: int | None, supplier: Q, service: Q, at: datetime) -> QuerySet[Target]:
    return Target.objects.filter(
        Q(agreement__customer_id=customer_id) | Q(agreement__customer_id=None),
        supplier | Q(agreement__supplier_id=None),
        service | Q(agreement__service_id=None),
        Q(agreement__valid_to__gt=at) | Q(agreement__valid_to=None),
        agreement__valid_from__lte=at,
        agreement__life=Life.SIGNED,
    )


COLUMNS = (
    "priority", "measure", "seconds", "days", "agreement_id", "agreement__version", "agreement__pausing",
    "agreement__acceptance_days", "agreement__calendar_id", "agreement__customer_id", "agreement__supplier_id",
    "agreement__service_id",
)  # fmt: skip


def _promised(rows: QuerySet[Target]) -> Iterator[tuple[int, Promised]]:
    return _told(rows.values_list(*COLUMNS))


def _told(rows: Iterable[tuple]) -> Iterator[tuple[int, Promised]]:
    for priority, measure, seconds, days, agreement_id, version, pausing, *more in rows:
        time = Days(days) if days else seconds
        yield priority, Promised(measure, time, agreement_id, version, tuple(pausing), *more)


def _keep_best(best: dict[str, Promised], found: Promised) -> None:
    held = best.get(found.measure)
    if held is None or _rank(found) > _rank(held):
        best[found.measure] = found


def _rank(found: Promised) -> int:
    return specificity(customer_id=found.customer_id, supplier_id=found.supplier_id, service_id=found.service_id)


def pausing_reasons(promise: dict[str, Promised]) -> tuple[str, ...]:
    resolution = promise.get(Measure.RESOLUTION)
    return resolution.pausing if resolution else DEFAULT_PAUSING


def priority_of(*, supplier_id: int, urgency: int, impact: int) -> int:
    """Looked up in the supplier's own matrix, else the company's, else the usual one."""
    return matrix_of(supplier_id)[urgency][impact]


def matrix_of(supplier_id: int | None) -> dict[int, dict[int, int]]:
    """urgency → impact → priority, as it holds for this supplier; None asks for the company's."""
    cells = {row.department_id: row.cells for row in _matrices(supplier_id=supplier_id)}
    matrix = cells.get(supplier_id) or cells.get(None)
    if matrix is None:
        return DEFAULT_MATRIX
    return {
        int(urgency): {int(impact): int(priority) for impact, priority in row.items()}
        for urgency, row in matrix.items()
    }


@written_once
def _matrices(*, supplier_id: int | None) -> QuerySet[PriorityMatrix]:
    return PriorityMatrix.objects.filter(Q(department_id=supplier_id) | Q(department_id=None))


def agreements_in_force(*, at: datetime) -> QuerySet[Agreement]:
    """For the settings page and the API: what holds now, company default first."""
    return (
        Agreement.objects.filter(Q(valid_to__gt=at) | Q(valid_to=None), valid_from__lte=at, life=Life.SIGNED)
        .select_related("customer", "supplier", "service")
        .prefetch_related("targets")
        .order_by(
            F("supplier__name").asc(nulls_first=True), F("customer__name").asc(nulls_first=True), "service__name", "pk"
        )
    )


def agreements_to_edit(person: Person) -> QuerySet[Agreement]:
    """What holds now and this person may change: administrators all, heads what their departments promise."""
    rows = agreements_in_force(at=timezone.now())
    hats = standing(person)
    return rows if hats.is_admin else rows.filter(supplier__in=hats.head_of)


def agreements_for(person: Person, *, at: datetime | None = None) -> QuerySet[Agreement]:
    """What this person may read: promises are no secret inside; partners read the company's and their own.

    With `at` only what was or is in force then.
    """
    rows = Agreement.objects.select_related("customer", "supplier", "service", "calendar")
    rows = visible(person, rows).prefetch_related("targets", "signatures__person")
    if at is not None:
        rows = rows.filter(Q(valid_to__gt=at) | Q(valid_to=None), valid_from__lte=at, life=Life.SIGNED)
    return rows.order_by("pk")


def get_agreement(*, person: Person, pk: int) -> Agreement:
    """One version, in force or past; requests point at the one they were filed under."""
    found = agreements_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def latest_version(agreement: Agreement) -> Agreement:
    """The newest version between the same parties; that is the one that can be followed by another."""
    parties = {"customer": agreement.customer, "supplier": agreement.supplier, "service": agreement.service}
    return Agreement.objects.filter(**parties, life=Life.SIGNED).latest("version")


def stage_of(agreement: Agreement, now: datetime | None = None) -> Stage:
    """The stored life together with the dates."""
    now = now or timezone.now()
    if agreement.life == Life.PROPOSED:
        return Stage.PROPOSED if agreement.round <= 1 else Stage.COUNTERED
    if agreement.life != Life.SIGNED:
        return Stage(agreement.life)
    if agreement.valid_from > now:
        return Stage.SIGNED
    if agreement.valid_to is None or agreement.valid_to > now:
        return Stage.IN_FORCE
    return Stage.ENDED if agreement.end_reason or not _followed(agreement) else Stage.SUPERSEDED


def _followed(agreement: Agreement) -> bool:
    """Whether a later version began where this one ended."""
    parties = {f"{name}_id": getattr(agreement, f"{name}_id") for name in ("customer", "supplier", "service")}
    later = Agreement.objects.filter(**parties, life=Life.SIGNED, version__gt=agreement.version)
    return agreement.valid_to is not None and later.filter(valid_from=agreement.valid_to).exists()


@dataclass(frozen=True)
class Parties:
    """Between whom, for what; None is everybody and everything."""

    supplier: Department | None = None
    customer: Department | None = None
    service: Service | None = None

    @property
    def is_company(self) -> bool:
        return not (self.supplier or self.customer or self.service)

    @property
    def by_name(self) -> dict[str, Any]:
        """As the services take them."""
        return {"supplier": self.supplier, "customer": self.customer, "service": self.service}

    @property
    def ids(self) -> dict[str, int | None]:
        return {f"{name}_id": row.pk if row else None for name, row in self.by_name.items()}


def get_parties(*, person: Person, supplier: str = "", customer: str = "", service: str = "") -> Parties:
    """By short names; 404 for what the person does not see, and for a service of another department."""
    if "\x00" in f"{supplier}{customer}{service}":  # no name, and nothing that the database could be asked
        raise Http404
    departments = departments_for(person)
    found = Parties(
        supplier=get_object_or_404(departments, slug=supplier) if supplier else None,
        customer=get_object_or_404(departments, slug=customer) if customer else None,
        service=get_service(person=person, slug=service) if service else None,
    )
    if found.service and (found.supplier is None or found.service.department_id != found.supplier.pk):
        raise Http404
    return found


def targets_of(agreement: Agreement) -> Targets:
    """In the order of measures and priorities; reads the prefetched rows."""
    found: Targets = {}
    for measure in Measure.values:
        rows = sorted(row.priority for row in agreement.targets.all() if row.measure == measure)
        times = {row.priority: row.time for row in agreement.targets.all() if row.measure == measure}
        if rows:
            found[measure] = {priority: times[priority] for priority in rows}
    return found


def versions_between(parties: Parties) -> list[Agreement]:
    """Every version of what holds between these, newest first."""
    rows = Agreement.objects.filter(**parties.by_name, life=Life.SIGNED)
    rows = rows.select_related("supplier", "customer", "service", "created_by")
    return list(rows.prefetch_related("targets").order_by("-version"))


def holds_otherwise(parties: Parties, *, at: datetime) -> dict[int, dict[str, Promised]]:
    """priority → measure → what the less specific rules promise, so what holds where these parties agree nothing."""
    found: dict[int, dict[str, Promised]] = {priority: {} for priority in PRIORITY}
    if parties.is_company:
        return found
    ids = parties.ids
    supplier, service = Q(agreement__supplier_id=ids["supplier_id"]), Q(agreement__service_id=ids["service_id"])
    for priority, promised in _promised(_in_force(ids["customer_id"], supplier, service, at)):
        if (promised.customer_id, promised.supplier_id, promised.service_id) != tuple(
            ids[name] for name in ("customer_id", "supplier_id", "service_id")
        ):
            _keep_best(found[priority], promised)
    return found


def own_matrix(department: Department | None) -> PriorityMatrix | None:
    """The company's matrix, or the one that a supplier has made its own."""
    return PriorityMatrix.objects.filter(department=department).first()


@dataclass(frozen=True)
class Outlook:
    """One priority as a customer would be told: the promise, and when it would be due for a request filed now."""

    words: str
    response: Time | None
    resolution: Time | None
    response_due: datetime | None
    resolution_due: datetime | None

    @property
    def is_odd(self) -> bool:
        """Done before answered: possible, and hardly meant."""
        due = self.response_due, self.resolution_due
        return bool(due[0] and due[1] and due[1] < due[0])


def outlook(supplier: Department | None, promised: Mapping[int, Mapping[str, Time]], *, at: datetime) -> list[Outlook]:
    """What the promises (priority → measure → target) come to by the supplier's calendar."""
    gauge = gauge_of(current_version_id(supplier.calendar_id if supplier else None))
    rows = []
    for priority, words in PRIORITY.items():
        times = [promised[priority].get(measure) for measure in (Measure.RESPONSE, Measure.RESOLUTION)]
        response, resolution = times
        due = [gauge.due(at, [], time) if time else None for time in times]
        rows.append(Outlook(str(words), response, resolution, *due))
    return rows


@lru_cache(maxsize=4096)
def escalations_of(agreement_id: int | None) -> tuple[Escalation, ...]:
    """The steps of a signed agreement, in order. It never changes, so after the first call no query."""
    rows = Agreement.objects.filter(pk=agreement_id or 0).values_list("escalations", flat=True)
    return tuple(sorted(Escalation(**step) for steps in rows for step in steps))


@lru_cache(maxsize=4096)
def pausing_of(agreement_id: int | None) -> tuple[str, ...]:
    """The reasons for waiting that stop the clock; those of a signed agreement never change."""
    rows = Agreement.objects.filter(pk=agreement_id or 0).values_list("pausing", flat=True)
    return tuple(rows[0]) if rows else DEFAULT_PAUSING


@lru_cache(maxsize=4096)
def reopening_of(agreement_id: int | None) -> str:
    """What a reopening does to the clock."""
    rows = Agreement.objects.filter(pk=agreement_id or 0).values_list("reopening", flat=True)
    return rows[0] if rows else Reopening.CONTINUE


@lru_cache(maxsize=4096)
def own_calendar_of(agreement_id: int | None) -> int | None:
    """The calendar that the agreement names instead of its supplier's."""
    return Agreement.objects.filter(pk=agreement_id or 0).values_list("calendar_id", flat=True).first()


def gauge_of(version_id: int) -> Gauge:
    """The calendar version as clocks use it; after the first call no query."""
    return Gauge(worktime_of(version_id), day_rule_of(version_id))
