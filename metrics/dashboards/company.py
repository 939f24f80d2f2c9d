"""The whole company on one page: who keeps what with whom, how the departments compare, where a talk would help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.groups.models import WallCheck
from feedback.surveys.models import Campaign
from metrics.dashboards.asked_walls import AskedCheck, asked_walls, checks_for
from metrics.dashboards.drawings import Drawing, Rank, flows_of, ranking_of, whiskers_of
from metrics.dashboards.group_walls import GroupWall, group_checks_for, group_walls
from metrics.dashboards.memory import PAGES, Key, moment
from metrics.dashboards.states import Cell, Step, Stretch, bin_of, edges_of, scale_of, stretch_of
from metrics.dashboards.walls import SIGNS, Seen, pairs_looked_at, walls_of
from metrics.rollups import policies, selectors
from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit
from metrics.rollups.links import relation_link, rows_link
from metrics.rollups.states import Figure, Scope, Side
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for

CHOICES = ["resolution_kept", "created", "resolution_time", "rating_mean", "accepted_first_time", "bounce_rate"]
BASE = ["created", *SIGNS]  # read for every choice of a figure
# Every figure that makes sense of a pair; agents, who are nobody's customers, do not.
GROUPS: list[tuple[str | Promise, list[str]]] = [
    (gettext_lazy("Requests"), [
        "created", "throughput", "response_kept", "first_response_time", "acceptance_time", "resolution_kept",
        "resolution_time", "full_resolution_time", "solved_by_first_department", "one_touch",
    ]),
    (gettext_lazy("Quality"), ["accepted_first_time", "reopen_rate", "rework_rate"]),
    (gettext_lazy("What people answered"), [
        "csat", "rating_mean", "dimension_reliability", "dimension_assurance", "dimension_tangibles",
        "dimension_empathy", "dimension_responsiveness", "effort", "rating_response_rate",
    ]),
    (gettext_lazy("Communication"), [
        "round_trips", "answer_delay", "acceptance_delay", "asking_quality", "asked_well", "asked_completely",
        "asked_in_time", "asked_in_the_right_place", "customer_holds_mean", "chaser_rate",
    ]),
    (gettext_lazy("Passing on"), [
        "handoffs_mean", "bounce_rate", "ping_pong", "bounces_mean", "returns_mean", "handoffs_offered",
        "handoff_accept_rate", "handoff_declined_rate", "handoff_bounce_rate", "handoff_accept_time",
        "passed_on_untouched", "wrongly_declined",
    ]),
    (gettext_lazy("Who held the time"), [
        "customer_wait_time", "supplier_work_time", "waiting_for_customer_time", "unowned_time", "held_by_supplier",
        "held_by_others", "held_by_customer", "held_by_third_party", "held_by_nobody", "late_pauses", "work_coverage",
        "logged_per_request",
    ]),
    (gettext_lazy("Open work"), ["backlog", "backlog_age", "overdue_open", "stale_open"]),
]  # fmt: skip
FIGURES = {key for _heading, keys in GROUPS for key in keys}


@dataclass(frozen=True)
class Row:
    """One customer of the matrix, a cell for each supplier, and what they add up to."""

    department: Department
    cells: list[Cell]
    all: Cell


@dataclass(frozen=True)
class ShownWall:
    customer: Department
    supplier: Department
    url: str
    requests: int
    signs: list[str]
    measured: int


@dataclass(frozen=True)
class CompanyPage:
    stretch: Stretch
    definition: Definition
    choices: list[Definition]
    groups: list[tuple[str | Promise, list[Definition]]]
    departments: list[Department]
    busy: int  # departments with any request in the period
    rows: list[Row]
    bottom: list[Cell]  # of each supplier with all its customers, then of the whole company
    scale: list[Step]
    ranked: Definition
    ranking: list[Rank]
    whiskers: Drawing | None
    flows: Drawing | None
    walls: list[ShownWall]
    asked_walls: list[AskedCheck]
    group_walls: list[GroupWall]
    looked_at: int
    in_full: bool
    figures: dict[str, Figure]
    as_of: datetime
    key: Key

    @property
    def wall_count(self) -> int:
        """From figures, from those who were asked, and from joint groups."""
        return len(self.walls) + len(self.asked_walls) + len(self.group_walls)

    @property
    def darker_is_better(self) -> bool:
        return self.definition.direction != Direction.NEITHER


@dataclass(frozen=True)
class View:
    """What the page depends on besides the figures. `own`: whose pairs may be read in full; None for all."""

    scope: Scope
    stretch: Stretch
    definition: Definition
    own: frozenset[int] | None
    checks: list[Campaign]
    group_checks: list[WallCheck]
    key: Key

    def may_see(self, pair: tuple[int, int]) -> bool:
        return self.own is None or bool(self.own & set(pair))


def company_page(
    *,
    person: Person,
    figure: str = "",
    choice: str = "",
    start: str = "",
    end: str = "",
    now: datetime | None = None,
) -> CompanyPage:
    """The page as this reader may see it; NotAllowed for whom the company's figures are not."""
    sight = policies.require_company(person)
    full = sight == policies.Sight.FULL
    now = now or timezone.now()
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    stretch = stretch_of(choice or ("" if start or end else "year"), start, end, today=now.astimezone(zone).date())
    definition = _chosen(figure)
    own = None if full else policies.own_departments(person)
    checks = checks_for(person, stretch.period)  # closed, so what came of them never changes
    of_groups = group_checks_for(person, stretch.period)
    told_of = (tuple(check.pk for check in checks), tuple(check.pk for check in of_groups))
    key = (*moment(now), definition.key, stretch.choice, stretch.period, own, told_of)
    view = View(Scope(Side.SUPPLIER, None, stretch.period, now, zone), stretch, definition, own, checks, of_groups, key)
    return PAGES.of(key, lambda: _computed(person, view))


def _chosen(figure: str) -> Definition:
    if figure and figure not in FIGURES:
        raise WrongInput({"figure": [_("Choose one of: %(c)s.") % {"c": ", ".join([*CHOICES, "…"])}]})
    return DEFINITIONS[figure or CHOICES[0]]


def _told(view: View) -> dict[str, selectors.Told]:
    """Figures of all pairs. Those that every choice shows are read once for all choices, whoever reads."""
    base_key = (*moment(view.scope.now), "pairs", view.stretch.period)
    base = PAGES.of(base_key, lambda: selectors.figures_of_pairs(view.scope, BASE))
    key = view.definition.key
    return base if key in base else base | selectors.figures_of_pairs(view.scope, [key])


def _computed(person: Person, view: View) -> CompanyPage:
    told = _told(view)
    shown = told[view.definition.key]
    cells = dict(shown.cells)
    if view.definition.personal:
        cells = {pair: figure for pair, figure in cells.items() if view.may_see(pair)}
    busy = {pk for pair in cells for pk in pair}
    departments = {department.pk: department for department in departments_for(person)}
    listed = [department for department in departments.values() if department.pk in busy]
    edges = edges_of(cells.values())
    matrix = Matrix(view, shown, cells, edges, listed)
    ranked = _ranked(view)
    ranking, mean = ranking_of(told[ranked.key].suppliers, departments)
    walls, looked_at = _walls(view, told, departments)
    asked = asked_walls(view.checks)
    return CompanyPage(
        stretch=view.stretch,
        definition=view.definition,
        choices=[DEFINITIONS[choice] for choice in CHOICES],
        groups=[(heading, [DEFINITIONS[key] for key in keys]) for heading, keys in GROUPS],
        departments=listed,
        busy=len(departments.keys() & {pk for pair in told["created"].cells for pk in pair}),
        rows=matrix.rows(),
        bottom=matrix.bottom(),
        scale=scale_of(view.definition, edges),
        ranked=ranked,
        ranking=ranking,
        whiskers=whiskers_of(ranked, ranking, mean),
        flows=_flows(told, departments, walls, asked),
        walls=walls,
        asked_walls=asked,
        group_walls=group_walls(view.group_checks),
        looked_at=looked_at,
        in_full=view.own is None,
        figures={key: told[key].whole or selectors.no_figure(key) for key in ("created", "resolution_kept")},
        as_of=selectors.as_of(view.scope.now),
        key=view.key,
    )


def _ranked(view: View) -> Definition:
    """Shares are ranked as chosen; of anything else, and of answers for whom they are not, the agreement kept."""
    chosen = view.definition
    if chosen.unit != Unit.SHARE or chosen.is_snapshot or (chosen.personal and view.own is not None):
        return DEFINITIONS["resolution_kept"]
    return chosen


def _flows(
    told: Mapping[str, selectors.Told], departments: Mapping[int, Department], walls: list[ShownWall],
    asked: list[AskedCheck],
) -> Drawing | None:  # fmt: skip
    names = {pk: department.name for pk, department in departments.items()}
    marked = {(wall.customer.pk, wall.supplier.pk) for wall in walls}
    pairs = [wall.pair for wall in asked if wall.pair]
    return flows_of(told["created"].cells, names, marked | {*pairs, *((two, one) for one, two in pairs)})


def _walls(
    view: View, told: Mapping[str, selectors.Told], departments: Mapping[int, Department]
) -> tuple[list[ShownWall], int]:
    """(pairs to talk about, how many pairs were looked at), as far as the reader sees into pairs."""
    seen = Seen(
        told, selectors.targets_by_department(), selectors.usual_targets(), selectors.complaints_of_pairs(view.scope)
    )
    walls = [
        ShownWall(
            departments[wall.pair[0]],
            departments[wall.pair[1]],
            relation_link(departments[wall.pair[0]].slug, departments[wall.pair[1]].slug),
            wall.requests,
            wall.signs,
            wall.measured,
        )
        for wall in walls_of(seen, view.may_see)
        if set(wall.pair) <= departments.keys()
    ]
    return walls, pairs_looked_at(seen, view.may_see)


@dataclass(frozen=True)
class Matrix:
    """The cells as they are drawn: customers in rows, suppliers in columns, sums at the ends."""

    view: View
    told: selectors.Told
    cells: Mapping[tuple[int, int], Figure]
    edges: list[float]
    departments: list[Department]

    def rows(self) -> list[Row]:
        return [
            Row(
                customer,
                [self._cell(customer, supplier) for supplier in self.departments],
                self._sum(self.told.customers.get(customer.pk), Side.CUSTOMER, customer),
            )
            for customer in self.departments
        ]

    def bottom(self) -> list[Cell]:
        sums = [
            self._sum(self.told.suppliers.get(supplier.pk), Side.SUPPLIER, supplier) for supplier in self.departments
        ]
        return [*sums, self._sum(self.told.whole, "", None)]

    def _cell(self, customer: Department, supplier: Department) -> Cell:
        own = customer.pk == supplier.pk
        found = self.cells.get((customer.pk, supplier.pk))
        if found is None or not found.n:
            return Cell(None, own=own)
        url = rows_link(
            figure=found.key, side=Side.SUPPLIER, department=supplier.slug, period=self.view.scope.period,
            only="1", customer=customer.slug,
        )  # fmt: skip
        title = _("%(customer)s asks %(supplier)s") % {"customer": customer.name, "supplier": supplier.name}
        return Cell(found, bin_of(found, self.edges), own=own, url=url, title=title)

    def _sum(self, figure: Figure | None, side: str, department: Department | None) -> Cell:
        """Sums of answers are told to whom all answers are told."""
        told = figure is not None and figure.n and not (figure.definition.personal and self.view.own is not None)
        if not told or figure is None:
            return Cell(None)
        if department is None:
            return Cell(figure, self._sum_bin(figure), title=_("The whole company"))
        words = _("All customers of %(name)s") if side == Side.SUPPLIER else _("All suppliers of %(name)s")
        return Cell(figure, self._sum_bin(figure), title=words % {"name": department.name})

    def _sum_bin(self, figure: Figure) -> int:
        """A sum of counts is always more than its parts, so it has no colour."""
        return 0 if figure.definition.unit == Unit.COUNT else bin_of(figure, self.edges)
