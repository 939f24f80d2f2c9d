"""The comparison as a page: of one figure, over a stretch of time, for whom the figures of the company are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil, exp, floor
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.benchmark.states import Comparison, LeftOut, Place, Sums, compared, letter
from metrics.dashboards.states import Stretch, stretch_of
from metrics.rollups import engine, policies, selectors
from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit
from metrics.rollups.selectors.conditions import counted
from metrics.rollups.selectors.exact import add_open_misses, exact_tallies
from metrics.rollups.states import ENOUGH_PEOPLE, Period, Scope, Side, Tally
from requests_app.catalogue.states import NeedType
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for
from requests_app.org.states import CustomerKind

FIGURES = (
    "resolution_kept", "response_kept", "first_response_time", "resolution_time", "accepted_first_time", "bounce_rate",
    "round_trips", "rating_mean",
)  # fmt: skip
APART = ("supplier_id", "need_type", "priority", "customer_kind")
HOUR = 3600
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
REASONS = {
    LeftOut.FEW: gettext_lazy("fewer than ten"),
    LeftOut.PEOPLE: gettext_lazy("fewer than five people answered, or one could be worked out"),
    LeftOut.MIX: gettext_lazy("asked for other things than the company"),
}


@dataclass(frozen=True)
class Row:
    """A department in the figure's own unit; `low` and `high` are its 95 % interval."""

    department: Department
    n: int
    raw: float
    value: float
    low: float
    high: float
    covered: float
    groups: str


@dataclass(frozen=True)
class Benchmark:
    """`together` are the groups, by letter, whose members cannot be told apart; the best first."""

    definition: Definition
    choices: list[Definition]
    need_type: str
    customer_kind: str
    may_narrow: bool
    company: float | None
    rows: list[Row]
    together: list[tuple[str, list[Department]]]
    all_alike: bool
    left_out: list[tuple[Department, int, str | Promise]]
    as_of: datetime

    @property
    def is_geometric(self) -> bool:
        return self.definition.is_duration


@dataclass(frozen=True)
class BenchmarkPage:
    stretch: Stretch
    found: Benchmark
    need_types: list[tuple[str, str | Promise]]
    customer_kinds: list[tuple[str, str | Promise]]
    chart: dict[str, Any] | None
    size: str

    @property
    def as_of(self) -> datetime:
        return self.found.as_of


def benchmark_page(
    *,
    person: Person,
    asked: dict[str, str],
    choice: str = "",
    start: str = "",
    end: str = "",
    now: datetime | None = None,
) -> BenchmarkPage:
    """NotAllowed for whom the figures of the company are not; WrongInput names the field."""
    policies.require_company(person)
    now = now or timezone.now()
    today = now.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
    stretch = stretch_of(choice or ("" if start or end else "year"), start, end, today=today)
    found = benchmark_of(person=person, period=stretch.period, now=now, **asked)
    return BenchmarkPage(
        stretch=stretch,
        found=found,
        need_types=list(NeedType.choices),
        customer_kinds=list(CustomerKind.choices),
        chart=_drawn(found) if found.rows else None,
        size=next((size for most, size in ((5, "h220"), (8, "h260"), (12, "h360")) if len(found.rows) <= most), "h420"),
    )


def benchmark_of(
    *, person: Person, period: Period, figure: str = "", need_type: str = "", customer_kind: str = "",
    now: datetime | None = None,
) -> Benchmark:  # fmt: skip
    """One figure of every department on the company's mix of need types and priorities, what people answered as
    counted. At most five queries.
    """
    sight = policies.require_company(person)
    definition = _chosen(figure, full=sight == policies.Sight.FULL)
    _check("need_type", need_type, NeedType.values, definition)
    _check("customer_kind", customer_kind, CustomerKind.values, definition)
    policies.require_narrowing(person, sight, None, finer=bool(need_type or customer_kind))
    now, zone = now or timezone.now(), ZoneInfo(settings.COMPANY_TIME_ZONE)
    scope = Scope(Side.SUPPLIER, None, period, now, zone)
    cells, hidden = _cells(scope, definition, need_type, customer_kind)
    departments = {department.pk: department for department in departments_for(person)}
    found = compared(
        {pk: strata for pk, strata in cells.items() if pk in departments},
        shares=definition.unit == Unit.SHARE,
        higher=definition.direction == Direction.HIGHER,
        hidden=hidden,
    )
    return Benchmark(
        definition=definition,
        choices=[DEFINITIONS[key] for key in FIGURES if sight == policies.Sight.FULL or not DEFINITIONS[key].personal],
        need_type=need_type,
        customer_kind=customer_kind,
        may_narrow=sight == policies.Sight.FULL,
        company=None if found.company is None else _told(definition, found.company),
        rows=[_row(definition, departments[place.key], place) for place in found.places],
        together=[(letter(at), [departments[key] for key in group]) for at, group in enumerate(found.groups)],
        all_alike=found.all_alike,
        left_out=_left_out(found, departments),
        as_of=selectors.as_of(now),
    )


def _chosen(figure: str, *, full: bool) -> Definition:
    if figure and figure not in FIGURES:
        raise WrongInput({"figure": [_("Choose one of: %(c)s.") % {"c": ", ".join(FIGURES)}]})
    definition = DEFINITIONS[figure or FIGURES[0]]
    if definition.personal and not full:
        raise NotAllowed(
            _("What people answered is told to the department itself, executives and auditors."),
            needed=_("Choose another figure."),
        )
    return definition


def _check(name: str, value: str, known: Iterable[str], definition: Definition) -> None:
    if value and value not in known:
        raise WrongInput({name: [_("Choose one of: %(c)s.") % {"c": ", ".join(known)}]})
    if value and definition.personal:
        raise WrongInput({name: [_("What people answered is compared over all requests only. Leave this out.")]})


# ── Counting ─────────────────────────────────────────────────────────────────

Strata = dict[int, dict[tuple[str, int], Sums]]


def _cells(scope: Scope, definition: Definition, need_type: str, kind: str) -> tuple[Strata, set[int]]:
    """(department → stratum → sums, departments of whom too few people answered).

    SECURITY: what people answered is one stratum. Beside the mean as counted, one weighted by needs and priorities
    would be a second equation about five people, and tell what the only one with an urgent request said.
    """
    rows = _logs(scope, definition) if definition.is_duration else _plain(scope, definition)
    cells: Strata = {}
    people: dict[int, set[int]] = {}
    for (supplier, need, priority, customer_kind), sums, who in rows:
        if need_type in ("", need) and kind in ("", customer_kind) and sums.n:
            stratum = ("", 0) if definition.personal else (need, priority)
            cells.setdefault(supplier, {}).setdefault(stratum, Sums()).add(sums)
            people.setdefault(supplier, set()).update(who)
    if not definition.personal:
        return cells, set()
    hidden = {supplier for supplier in cells if len(people[supplier]) < ENOUGH_PEOPLE}
    told = sorted(cells.keys() - hidden, key=lambda pk: sum(sums.n for sums in cells[pk].values()))
    return cells, hidden | set(told[:1] if len(hidden) == 1 else [])


def _plain(scope: Scope, definition: Definition) -> Iterable[tuple[tuple, Sums, set[int]]]:
    found: dict[tuple, Tally] = exact_tallies(scope, [definition.key], apart=APART)
    add_open_misses(found, scope, [definition.key], APART)
    for (*key, _figure), tally in found.items():
        yield tuple(key), Sums(tally.n, tally.total, tally.squares), tally.people


def _logs(scope: Scope, definition: Definition) -> Iterable[tuple[tuple, Sums, set[int]]]:
    """Durations by their logarithms: a few very long ones would decide every mean. Less than a second counts as one."""
    source, where = engine.source_of(definition.anchor), counted(scope, definition.anchor)
    columns = ", ".join(f"f.{source.supplier if name == 'supplier_id' else name}" for name in APART)
    log = "ln(greatest(v.x, 1)::float8)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {columns}, count(*), sum({log}), sum({log} * {log})
            FROM {source.table} AS f CROSS JOIN LATERAL {engine.values([definition])}
            WHERE {where} AND {engine.APPLIES} GROUP BY {columns}
            """,  # noqa: S608
            where.params,
        )
        for *key, n, total, squares in cursor:
            yield tuple(key), Sums(n, total, squares), set()


# ── Telling ──────────────────────────────────────────────────────────────────


def _told(definition: Definition, value: float) -> float:
    """In the figure's own unit, inside the ends of its scale."""
    if definition.is_duration:
        return exp(value)
    if definition.unit == Unit.SHARE:
        return min(max(value, 0.0), 1.0)
    return min(max(value, 1.0), 5.0) if definition.unit == Unit.SCORE else max(value, 0.0)


def _row(definition: Definition, department: Department, place: Place) -> Row:
    low, high = place.shrunk.interval
    return Row(
        department=department,
        n=place.adjusted.n,
        raw=_told(definition, place.adjusted.raw),
        value=_told(definition, place.shrunk.value),
        low=_told(definition, low),
        high=_told(definition, high),
        covered=place.adjusted.covered,
        groups=place.groups,
    )


def _left_out(found: Comparison, departments: dict[int, Department]) -> list[tuple[Department, int, str | Promise]]:
    rows = [(departments[key], n, REASONS[reason]) for key, (n, reason) in found.left_out.items()]
    return sorted(rows, key=lambda row: row[0].name)


def _drawn(found: Benchmark) -> dict[str, Any]:
    definition, words = found.definition, _("%(figure)s by department, on the company's mix")
    if definition.personal:
        words = _("%(figure)s by department")
    scale, unit = {Unit.SHARE: (100.0, " %"), Unit.SECONDS: (1 / HOUR, " h")}.get(definition.unit, (1.0, ""))
    lows, highs = ([getattr(row, end) * scale for row in found.rows] for end in ("low", "high"))
    company = (found.company or 0.0) * scale
    lowest, highest = min(*lows, company), max(*highs, company)
    step = next((step for step in STEPS if (highest - lowest) / step <= 8), STEPS[-1])
    return {
        "label": words % {"figure": definition.label},
        "rows": [
            {
                "name": row.department.name, "v": round(row.value * scale, 2), "lo": round(row.low * scale, 2),
                "hi": round(row.high * scale, 2), "n": row.n, "open": row.n < 30,
            }
            for row in found.rows
        ],
        "mean": round(company, 2), "mean_label": _("company"), "unit": unit, "step": step,
        "min": round(floor(lowest / step) * step, 2), "max": round(ceil(highest / step) * step, 2),
    }  # fmt: skip
