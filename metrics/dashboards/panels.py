"""What the figures add to pages of the desk: who held a request, and how a service has really gone."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise

from feedback.ratings.selectors import SharedScore, shared_score
from metrics.facts.selectors import who_held
from metrics.facts.states import Party
from metrics.rollups import selectors
from metrics.rollups.states import Figure, Period, Scope, Side
from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Panel, provide
from requests_app.org.models import Department, Person

DAYS = 90
PERFORMANCE = (
    "first_response_time", "resolution_time", "resolution_kept", "accepted_first_time", "rating_response_rate",
)  # fmt: skip
OUTSIDE = {Party.THIRD_PARTY: "third", Party.NOBODY: "nobody"}


@dataclass(frozen=True)
class Held:
    """A line of the key: `kind` is its colour, seconds are working time."""

    kind: str
    name: str | Promise
    seconds: int


@dataclass(frozen=True)
class WhoHeld:
    parts: list[Held]
    lasts: bool


@dataclass(frozen=True)
class Performance:
    """Figures of one service over the last days; `asked` is how often it was requested in them."""

    days: int
    asked: int
    figures: list[Figure]
    shared: SharedScore

    @property
    def has_any(self) -> bool:
        return bool(self.shared.n) or any(figure.n for figure in self.figures)


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = who_held(service_request.pk, timezone.now())
    if found is None:
        return None
    row = service_request
    names = {row.supplier_id: row.supplier.name, row.customer_id: row.customer.name}
    others = {holder.department_id for holder in found.holders if holder.department_id} - names.keys()
    if others:
        names |= dict(Department.objects.filter(pk__in=others).values_list("pk", "name"))
    parts = []
    for holder in found.holders:
        if holder.party == Party.DEPARTMENT:
            kind = "us" if holder.department_id == row.supplier_id else "other"
            parts.append(Held(kind, names.get(holder.department_id or 0, ""), holder.seconds))
        elif holder.party == Party.CUSTOMER:
            parts.append(Held("cust", row.customer.name, holder.seconds))
        else:
            parts.append(Held(OUTSIDE[Party(holder.party)], Party(holder.party).label, holder.seconds))
    return Panel("metrics/_who_held.html", WhoHeld(parts, found.lasts))


def on_the_service(*, person: Person, service: Service) -> Panel:
    """Promised is one thing; this is how it went, for everybody who reads the catalogue."""
    department, now = service.department, timezone.now()
    zone = ZoneInfo(department.time_zone)
    end = now.astimezone(zone).date() + timedelta(days=1)
    period = Period(end - timedelta(days=DAYS), end)
    scope = Scope(Side.SUPPLIER, (department.pk,), period, now, zone, service_id=service.pk)
    found = selectors.figures(scope, ["created", *PERFORMANCE], targets=selectors.targets_for(department.pk))
    shared = shared_score(service, period.bounds(zone)[0])
    figures = [found[key] for key in PERFORMANCE]
    return Panel("metrics/_performance.html", Performance(DAYS, found["created"].n, figures, shared))


def register() -> None:
    """Called once, while the apps start."""
    provide("request", on_the_request)
    provide("service", on_the_service)
