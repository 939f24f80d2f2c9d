"""Everything the page of handoffs and holders shows, as one finished object, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.memory import PAGES, Key, moment
from metrics.dashboards.states import Stretch, Tile, stretch_of, tile_of
from metrics.passing.live import bouncing_now, unowned_now
from metrics.passing.states import (
    HELD,
    Bars,
    Cause,
    Live,
    Pair,
    Service,
    Waited,
    bars_of,
    enough,
    held_of,
    longest,
    waits_of,
)
from metrics.rollups import policies, selectors
from metrics.rollups.definitions import DEFINITIONS, FEWEST_IN_A_CELL, Unit
from metrics.rollups.links import rows_link
from metrics.rollups.states import Figure, Scope, Side
from requests_app.catalogue.models import Service as Offered
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

TILES = (
    "handoffs_mean", "bounce_rate", "ping_pong", "unowned_time", "handoff_declined_rate", "handoff_bounce_rate",
    "passed_on_untouched", "wrongly_declined", "late_pauses",
)  # fmt: skip
COLUMNS = ("created", "handoffs_mean", "bounce_rate", "ping_pong")
MOST_PAIRS, MOST_SERVICES, MOST_CAUSES = 10, 15, 8
FEWEST_OF_A_REASON = 3  # a reason given once may tell of one person or one request


@dataclass(frozen=True)
class Counted:
    """What only depends on the figures and on how much of them somebody may see."""

    tiles: list[Tile]
    late: Tile  # paused at the last moment
    pairs: list[Pair]
    services: list[Service]
    handed: list[Cause]
    given_back: list[Cause]
    by_service: Bars
    by_pair: Bars
    waits: list[Waited]
    figures: Mapping[str, Figure]
    as_of: datetime


@dataclass(frozen=True)
class PassingPage:
    """`department` is None for the company. `unowned` and `bouncing` are as of now, for this reader."""

    department: Department | None
    stretch: Stretch
    counted: Counted
    unowned: Live
    bouncing: Live
    in_full: bool

    @property
    def as_of(self) -> datetime:
        return self.counted.as_of


@dataclass(frozen=True)
class View:
    department: Department | None
    scope: Scope
    stretch: Stretch
    in_full: bool
    opens: bool

    @property
    def key(self) -> Key:
        department = self.department and (self.department.pk, self.department.name)
        return ("passing", department, self.stretch.choice, self.stretch.period, self.in_full, self.opens)


def passing_of_department(
    *, person: Person, slug: str, choice: str = "", start: str = "", end: str = "", now: datetime | None = None
) -> PassingPage:
    """404 for an unknown department, NotAllowed for whom its figures are not, WrongInput for odd dates."""
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    sight = policies.require_sight(person, department)
    zone = ZoneInfo(department.time_zone)
    stretch = stretch_of(choice, start, end, today=now.astimezone(zone).date())
    scope = Scope(Side.SUPPLIER, tuple(below(department)), stretch.period, now, zone)
    full, opens = sight == policies.Sight.FULL, policies.may_open_rows(person, department)
    return _page(person, View(department, scope, stretch, full, opens))


def passing_of_company(
    *, person: Person, choice: str = "", start: str = "", end: str = "", now: datetime | None = None
) -> PassingPage:
    """NotAllowed for whom the company's figures are not, WrongInput for odd dates."""
    sight = policies.require_company(person)
    now, zone = now or timezone.now(), ZoneInfo(settings.COMPANY_TIME_ZONE)
    stretch = stretch_of(choice or ("" if start or end else "year"), start, end, today=now.astimezone(zone).date())
    scope = Scope(Side.SUPPLIER, None, stretch.period, now, zone)
    return _page(person, View(None, scope, stretch, sight == policies.Sight.FULL, False))


def _page(person: Person, view: View) -> PassingPage:
    counted = PAGES.of((*moment(view.scope.now), *view.key), lambda: _counted(view))
    return PassingPage(
        department=view.department,
        stretch=view.stretch,
        counted=counted,
        unowned=unowned_now(person, view.scope.department_ids),
        bouncing=bouncing_now(person, view.scope.department_ids),
        in_full=view.in_full,
    )


def _counted(view: View) -> Counted:
    scope, full = view.scope, view.in_full
    names = dict(Department.objects.values_list("pk", "name"))
    found, tiles = _tiles(view)
    services = _by_service(scope, names) if full else {}
    handed, given_back = _causes(scope) if full else ([], [])
    called = _names_of(services)
    return Counted(
        tiles=tiles[:-1],
        late=tiles[-1],
        pairs=_pairs(scope, names) if full else [],
        services=_services(services, called),
        handed=handed,
        given_back=given_back,
        by_service=bars_of(
            longest([held_of(called.get(pk, _("No service")), row) for pk, row in services.items()], _("All others")),
            first=_("Service"), label=_("Mean working hours of a delivered request by holder, for each service."),
        ),
        by_pair=_by_pair(view, names),
        waits=_waits(scope, names),
        figures=found,
        as_of=selectors.as_of(scope.now),
    )  # fmt: skip


def _tiles(view: View) -> tuple[dict[str, Figure], list[Tile]]:
    scope, department = view.scope, view.department
    targets = selectors.targets_for(department.pk if department else None)
    found, before = selectors.figures_with_before(scope, TILES, TILES, targets=targets)
    tiles = []
    for key in TILES:
        share = DEFINITIONS[key].unit == Unit.SHARE
        now, then = (enough(found[key]), enough(before[key])) if share else (found[key], before[key])
        url = ""
        if department and view.opens:
            url = rows_link(figure=key, side=scope.side, department=department.slug, period=scope.period)
        tiles.append(tile_of(now, then, url=url))
    return found, tiles


# ── Ping-pong and reasons ────────────────────────────────────────────────────


def _pairs(scope: Scope, names: Mapping[int, str]) -> list[Pair]:
    """Between whom requests went there and straight back, the most frequent first. One query, by a partial index."""
    ids = scope.department_ids
    mine = "" if ids is None else "AND f.route && %(ids)s::bigint[] AND (way.a = ANY(%(ids)s) OR way.b = ANY(%(ids)s))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT way.a, way.b, count(*), count(DISTINCT f.request_id), sum(way.lost)
            FROM metrics_requestfact AS f CROSS JOIN LATERAL (
                SELECT (step ->> 0)::bigint AS a, (step ->> 1)::bigint AS b, (step ->> 2)::bigint AS lost
                FROM jsonb_array_elements(f.detours) AS step) AS way
            WHERE f.aba > 0 AND f.created_day >= %(start)s AND f.created_day < %(end)s {mine}
            GROUP BY way.a, way.b ORDER BY 3 DESC, 5 DESC, 1, 2 LIMIT {MOST_PAIRS}
            """,  # noqa: S608  # texts are our own
            {"start": scope.period.start, "end": scope.period.end, "ids": list(ids or ())},
        )
        rows = cursor.fetchall()
    return [
        Pair(names.get(a, "?"), names.get(b, "?"), n, requests, int(lost) if n >= FEWEST_IN_A_CELL else None)
        for a, b, n, requests, lost in rows
    ]


def _causes(scope: Scope) -> tuple[list[Cause], list[Cause]]:
    """(reasons of handoffs to and from the departments, of giving them back), given at least three times. One query."""
    mine = "" if scope.department_ids is None else "AND (receiver_id = ANY(%(ids)s) OR sender_id = ANY(%(ids)s))"
    part = f"""
        (SELECT '{{column}}', {{column}}, count(*) FROM metrics_offerfact
        WHERE offered_day >= %(start)s AND offered_day < %(end)s AND {{column}} <> '' {mine}
        GROUP BY {{column}} HAVING count(*) >= {FEWEST_OF_A_REASON} ORDER BY 3 DESC, 2 LIMIT {MOST_CAUSES})
    """  # noqa: S608
    sql = " UNION ALL ".join(part.format(column=column) for column in ("reason", "answer_reason"))
    ids = list(scope.department_ids or ())
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": scope.period.start, "end": scope.period.end, "ids": ids})
        rows = cursor.fetchall()
    one, other = (
        [Cause(words, n) for kind, words, n in rows if kind == column] for column in ("reason", "answer_reason")
    )
    return one, other


# ── Services, pairs, departments ─────────────────────────────────────────────


def _by_service(scope: Scope, names: Mapping[int, str]) -> dict[int, dict[str, Figure]]:
    """From cells: those of services begin with the supplier, so the company names all of them."""
    named = scope if scope.department_ids is not None else replace(scope, department_ids=tuple(names))
    found = selectors.figures_summed(named, [*COLUMNS, *HELD], ("service_id",), grain="service")
    return {service: row for (service,), row in found.items()}


def _names_of(services: Mapping[int, object]) -> dict[int, str]:
    return dict(Offered.objects.filter(pk__in=list(services)).values_list("pk", "name"))


def _services(found: Mapping[int, Mapping[str, Figure]], called: Mapping[int, str]) -> list[Service]:
    """Those whose requests change departments most, the busiest of equals first."""
    rows = [
        Service(
            called.get(pk, _("No service")),
            {key: enough(figure) if figure.definition.unit == Unit.SHARE else figure for key, figure in row.items()},
        )
        for pk, row in found.items()
        if "handoffs_mean" in row
    ]
    passed = lambda row: (-(row.figures["handoffs_mean"].total or 0), -row.figures["handoffs_mean"].n, row.name)  # noqa: E731
    return sorted(rows, key=passed)[:MOST_SERVICES]


def _by_pair(view: View, names: Mapping[int, str]) -> Bars:
    """A department's customers; of the company the pairs with the most time."""
    if not view.in_full:
        return Bars((), None, None)
    alone = view.department is not None
    apart = ("customer_id",) if alone else ("customer_id", "supplier_id")
    first = _("Customer") if alone else _("Customer → supplier")
    cells = selectors.figures_summed(view.scope, HELD, apart, grain="pair")
    rows = [held_of(" → ".join(names.get(pk, "?") for pk in key), row) for key, row in cells.items()]
    label = _("Mean working hours of a delivered request by holder, for each pair of departments.")
    return bars_of(longest(rows, _("All others")), first=first, label=label)


def _waits(scope: Scope, names: Mapping[int, str]) -> list[Waited]:
    """Of all departments, or of those asked for: compared with the company either way."""
    whole = Scope(Side.CUSTOMER, None, scope.period, scope.now, scope.zone)
    found = selectors.figures_summed(whole, HELD, ("supplier_id",), grain="supplier")
    rows = waits_of([held_of(str(pk), row) for (pk,), row in found.items() if pk in names])
    wanted: Sequence[int] = list(names) if scope.department_ids is None else scope.department_ids
    return [replace(row, name=names[int(row.name)]) for row in rows if int(row.name) in wanted]
