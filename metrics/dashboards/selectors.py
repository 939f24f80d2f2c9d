"""Everything a department's page of figures shows, as one finished object, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise

from feedback.ratings.selectors import held_back
from metrics.capacity.selectors import load_of
from metrics.capacity.states import RESOURCES, Load, Resource
from metrics.dashboards.memory import PAGES, Key, moment
from metrics.dashboards.needs import needs_for
from metrics.dashboards.states import Need, Stretch, Tile, stretch_of, tile_of
from metrics.facts.models import RequestFact
from metrics.rollups import policies, selectors
from metrics.rollups.ages import AgeGroup
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.links import passing_link, relation_link, rows_link
from metrics.rollups.states import Figure, Scope, Side
from metrics.rollups.suppression import shown_cells
from requests_app.agreements.states import HoldReason
from requests_app.desk.states import number_of
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

TILES = {
    Side.SUPPLIER: [
        "first_response_time", "resolution_time", "resolution_kept", "rating_mean",
        "accepted_first_time", "bounce_rate", "backlog", "load_per_agent",
    ],
    Side.CUSTOMER: [
        "created", "resolution_time", "resolution_kept", "rating_mean",
        "answer_delay", "acceptance_delay", "asking_quality", "backlog",
    ],
}  # fmt: skip
BESIDE = ["response_kept", "throughput", "rating_response_rate", "backlog_age", "overdue_open", "stale_open", "created"]
COLUMNS = [
    "created", "resolution_time", "resolution_kept", "rating_mean", "rating_response_rate", "accepted_first_time",
]  # fmt: skip
ASKED = ["asked_well", "asked_completely", "asked_in_time", "asked_in_the_right_place"]
HELD = {
    "held_by_supplier": "us", "held_by_customer": "cust", "held_by_others": "other", "held_by_third_party": "third",
    "held_by_nobody": "nobody",
}  # fmt: skip
MOST_DUE = 5


@dataclass(frozen=True)
class Other:
    """A department on the other side: its figures with us, and how many requests more or less than before."""

    department: Department
    figures: dict[str, Figure]
    change: int
    url: str


@dataclass(frozen=True)
class Due:
    """An open request past its time; only its number is told here."""

    number: str
    other: str
    since: datetime


@dataclass(frozen=True)
class Aged:
    """Open work of one age with the lists of it, and its share of the fullest age in percent."""

    group: AgeGroup
    url: str
    overdue_url: str
    width: int


@dataclass(frozen=True)
class Held:
    """Mean working seconds of a delivered request with one holder."""

    kind: str
    name: str | Promise
    seconds: float


@dataclass(frozen=True)
class Hurt:
    """How often something was the reason, and its share of the most frequent one in percent."""

    name: str
    n: int
    width: int


@dataclass(frozen=True)
class DepartmentPage:
    """A department as supplier or as customer."""

    department: Department
    side: str
    stretch: Stretch
    tiles: list[Tile]
    figures: dict[str, Figure]
    due: list[Due]
    aged: list[Aged]
    others: list[Other]
    rising: list[Need]
    falling: list[Need]
    needs_known: bool  # whether there is a period before to compare with
    held: list[Held]
    holds: list[Hurt]
    load: Load | None
    resources: list[Resource]
    asking: list[Resource]
    not_asked: int  # deliveries of the period about which nobody was invited to rate
    overdue_url: str
    in_full: bool
    reads_answers: bool
    as_of: datetime
    key: Key


def department_page(
    *,
    person: Person,
    slug: str,
    side: str,
    choice: str = "",
    start: str = "",
    end: str = "",
    now: datetime | None = None,
) -> DepartmentPage:
    """The page as this reader may see it: 404 for an unknown department, NotAllowed for whom its figures are not."""
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    sight = policies.require_sight(person, department)
    stretch = stretch_of(choice, start, end, today=now.astimezone(ZoneInfo(department.time_zone)).date())
    view = View(
        department,
        side,
        stretch,
        in_full=sight == policies.Sight.FULL,
        opens=policies.may_open_rows(person, department),
        answers=policies.may_read_answers(person, department),
    )
    key = (*moment(now), *view.key)
    return PAGES.of(key, lambda: _computed(view, now, key))


@dataclass(frozen=True)
class View:
    """A department's figures as somebody may see them: all that the page depends on besides the figures."""

    department: Department
    side: str
    stretch: Stretch
    in_full: bool
    opens: bool
    answers: bool

    @property
    def key(self) -> Key:
        stretch = (self.stretch.choice, self.stretch.period)
        return (self.department.pk, self.department.name, self.side, *stretch, self.in_full, self.opens, self.answers)

    def readable(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if self.answers or not DEFINITIONS[key].personal]


def _computed(view: View, now: datetime, key: Key) -> DepartmentPage:
    department, side, stretch = view.department, view.side, view.stretch
    scope = Scope(side, tuple(below(department)), stretch.period, now, ZoneInfo(department.time_zone))
    found, tiles = _tiles(view, scope)
    needs = needs_for(department, scope) if view.in_full else ([], [])
    rising, falling = needs or ([], [])
    return DepartmentPage(
        department=department,
        side=side,
        stretch=stretch,
        tiles=tiles,
        figures=found,
        due=_due(scope) if view.opens else [],
        aged=_aged(view, scope),
        others=_others(view, scope) if view.in_full else [],
        rising=rising,
        falling=falling,
        needs_known=needs is not None,
        held=_held(found),
        holds=_holds(scope) if view.in_full else [],
        load=load_of(scope) if side == Side.SUPPLIER else None,
        resources=_resources(view, scope, found, RESOURCES) if side == Side.SUPPLIER else [],
        asking=_resources(view, scope, found, ASKED) if side == Side.CUSTOMER else [],
        not_asked=_not_asked(scope) if side == Side.SUPPLIER else 0,
        overdue_url=_link("overdue_open", department, scope, part="good") if view.opens else "",
        in_full=view.in_full,
        reads_answers=view.answers,
        as_of=selectors.as_of(now),
        key=key,
    )


def _link(key: str, department: Department, scope: Scope, **more: str) -> str:
    return rows_link(figure=key, side=scope.side, department=department.slug, period=scope.period, **more)


def _tiles(view: View, scope: Scope) -> tuple[dict[str, Figure], list[Tile]]:
    department = view.department
    more = RESOURCES if scope.side == Side.SUPPLIER else ASKED
    shown, beside = view.readable(TILES[scope.side]), view.readable([*BESIDE, *HELD, *more])
    targets = selectors.targets_for(department.pk)
    found, before = selectors.figures_with_before(scope, dict.fromkeys([*shown, *beside]), shown, targets=targets)
    drawn = [key for key in shown if key == "backlog" or not DEFINITIONS[key].is_snapshot]
    series = selectors.series(scope, drawn, view.stretch.pieces, level=found["backlog"].n)
    tiles = [
        tile_of(
            found[key],
            before[key],
            url=_link(key, department, scope) if view.opens else "",
            series=series.get(key, ()),
            more_url=passing_link(department.slug) if key == "bounce_rate" else "",
        )
        for key in shown
    ]
    if scope.side == Side.SUPPLIER:
        tiles = _with_open_ones(view, scope, tiles, filed=found["created"].n)
    return found, tiles


def _with_open_ones(view: View, scope: Scope, tiles: list[Tile], *, filed: int) -> list[Tile]:
    """Where more than 5 % of what was filed is open, the resolution counts that too; delivered ones alone flatter."""
    times = selectors.open_aware_times(scope, "resolution_time")
    if not times.many_open:
        return tiles
    url = _link("created", view.department, scope, part=selectors.TIMED) if view.opens and filed else ""
    return [replace(tile, filed=times, filed_url=url) if tile.figure.key == times.key else tile for tile in tiles]


def _due(scope: Scope) -> list[Due]:
    """The open requests that are over their time the longest; confidential ones are named nowhere."""
    mine, other = ("supplier_id", "customer_id") if scope.side == Side.SUPPLIER else ("customer_id", "supplier_id")
    late = (
        RequestFact.objects.filter(**{f"{mine}__in": scope.department_ids}, left_at=None, confidential=False)
        .annotate(since=Coalesce("resolution_breached_at", "resolution_due_at"))
        .filter(since__lt=scope.now)
        .order_by("since", "request_id")
        .values_list("request_id", other, "since")[:MOST_DUE]
    )
    rows = list(late)
    names = dict(Department.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", "name"))
    return [Due(number_of(pk), names.get(who, ""), since) for pk, who, since in rows]


def _aged(view: View, scope: Scope) -> list[Aged]:
    """Open work by age, every age; nothing where nothing is open. A number of nothing leads nowhere."""
    groups = selectors.backlog_by_age(scope)
    most = max(group.n for group in groups)
    return [_aged_group(view, scope, group, most) for group in groups] if most else []


def _aged_group(view: View, scope: Scope, group: AgeGroup, most: int) -> Aged:
    def link(key: str, n: int, **more: str) -> str:
        return _link(key, view.department, scope, age=group.age.key, **more) if view.opens and n else ""

    return Aged(
        group,
        url=link("backlog", group.n),
        overdue_url=link("overdue_open", group.overdue, part="good"),
        width=round(100 * group.n / most),
    )


def _others(view: View, scope: Scope) -> list[Other]:
    """The departments on the other side, the busiest first."""
    now = selectors.figures_by_department(scope, COLUMNS)
    before = _filed_before(scope)
    told = {key: _told(now, key) for key in COLUMNS}
    departments = Department.objects.in_bulk(now.keys())
    rows = [
        Other(
            department=departments[pk],
            figures={key: told[key][pk] for key in figures if pk in told[key]},
            change=_count(now, pk) - before.get(pk, 0),
            url=relation_link(view.department.slug, departments[pk].slug),
        )
        for pk, figures in now.items()
        if pk in departments
    ]
    return sorted(rows, key=lambda row: (-_count(now, row.department.pk), row.department.name))


def _filed_before(scope: Scope) -> dict[int, int]:
    """Department on the other side → requests of as many days before."""
    other = "customer_id" if scope.side == Side.SUPPLIER else "supplier_id"
    earlier = replace(scope, period=scope.period.before())
    found = selectors.figures_summed(earlier, ["created"], (other,), grain="pair")
    return {pk: figures["created"].n for (pk,), figures in found.items()}


def _told(by_department: dict[int, dict[str, Figure]], key: str) -> dict[int, Figure]:
    """One column, with what must not be told of small groups left out."""
    return shown_cells({pk: found[key] for pk, found in by_department.items() if key in found}, DEFINITIONS[key])


def _count(by_department: dict[int, dict[str, Figure]], pk: int) -> int:
    figure = by_department.get(pk, {}).get("created")
    return figure.n if figure else 0


def _resources(view: View, scope: Scope, found: dict[str, Figure], keys: Sequence[str]) -> list[Resource]:
    """A figure of nothing leads nowhere."""
    urls = {key: _link(key, view.department, scope) for key in keys if view.opens and found[key].n}
    return [Resource(found[key], urls.get(key, "")) for key in keys]


def _not_asked(scope: Scope) -> int:
    return held_back(scope.department_ids or (), *scope.period.bounds(scope.zone))


def _held(found: dict[str, Figure]) -> list[Held]:
    """Where a delivered request's working time went; parts nobody held are left out."""
    return [
        Held(kind, DEFINITIONS[key].label, found[key].mean or 0)
        for key, kind in HELD.items()
        if key in found and found[key].mean
    ]


def _holds(scope: Scope) -> list[Hurt]:
    """What requests filed in the period waited for, the most frequent first."""
    found = selectors.totals(scope, [f"held_for_{reason}" for reason in HoldReason.values])
    rows = [(reason, found[f"held_for_{reason}"]) for reason in HoldReason.values]
    rows = sorted((row for row in rows if row[1]), key=lambda row: (-row[1], row[0]))
    words = dict(HoldReason.choices)
    most = rows[0][1] if rows else 1
    return [Hurt(str(words.get(key, key)), int(n), round(100 * n / most)) for key, n in rows]
