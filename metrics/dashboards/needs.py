"""What is asked for more and less than before: services and types of need."""

from dataclasses import replace

from metrics.dashboards.states import Need, needs_of
from metrics.facts.models import RequestFact
from metrics.rollups import selectors
from metrics.rollups.states import Scope, Side
from requests_app.calendars.selectors import current_version_id, worktime_of
from requests_app.calendars.worktime import Worktime
from requests_app.catalogue.models import Service
from requests_app.catalogue.states import NeedType
from requests_app.org.models import Department


def needs_for(department: Department, scope: Scope) -> tuple[list[Need], list[Need]] | None:
    """Services and types of need, against the rate of the period before by the department's own working time.

    None where the log begins within that period or later: everything would seem to rise.
    """
    earlier = replace(scope, period=scope.period.before())
    if not _known_since(earlier):
        return None
    pieces = [earlier.period, scope.period]
    before, now = (
        _by_service(found) for found in selectors.totals_in_pieces(scope, ["created"], pieces, by_service=True)
    )
    services = now.keys() | before.keys()
    types = selectors.totals_in_pieces(scope, [f"need_{kind}" for kind in NeedType.values], pieces)
    before, now = before | _by_type(types[0]), now | _by_type(types[1])
    names: dict[int | str, str] = dict(Service.objects.filter(pk__in=services).values_list("pk", "name"))
    names |= {value: str(label) for value, label in NeedType.choices}
    worktime = worktime_of(current_version_id(department.calendar_id))
    open_now, open_before = (_working_time(worktime, when) for when in (scope, earlier))
    return needs_of(now, before, names, open_now=open_now, open_before=open_before)


def _known_since(scope: Scope) -> bool:
    """Whether anybody had asked by the time this period began."""
    column = "supplier_id__in" if scope.side == Side.SUPPLIER else "customer_id__in"
    rows = RequestFact.objects.filter(**{column: scope.department_ids or ()}, created_day__lte=scope.period.start)
    return rows.exists()


def _working_time(worktime: Worktime, scope: Scope) -> float:
    """Seconds of the period so far; of a department that is never open, all of them."""
    start, _end = scope.period.bounds(scope.zone)
    worked = worktime.between(start, scope.until)
    return max(worked, 0.0) or max((scope.until - start).total_seconds(), 1.0)


def _by_service(found: dict[tuple, int]) -> dict[int | str, int]:
    return {service: n for (service, _figure), n in found.items() if service}


def _by_type(found: dict[tuple, int]) -> dict[int | str, int]:
    return {figure.removeprefix("need_"): n for (figure,), n in found.items() if n}
