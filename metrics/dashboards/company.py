"""The whole company on one page: who keeps what with whom, and how the departments compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.memory import PAGES, Key, moment
from metrics.dashboards.states import Cell, Stretch, bins_of, stretch_of
from metrics.rollups import policies, selectors
from metrics.rollups.definitions import DEFINITIONS, Definition
from metrics.rollups.links import rows_link
from metrics.rollups.states import Figure, Scope, Side
from metrics.rollups.statistics import shrunk_shares
from metrics.rollups.suppression import shown_cells
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for

CHOICES = ["resolution_kept", "created", "resolution_time", "rating_mean", "accepted_first_time", "bounce_rate"]
HEADLINE = ["created", "resolution_kept"]


@dataclass(frozen=True)
class Row:
    """One customer of the matrix, a cell for each supplier."""

    department: Department
    cells: list[Cell]


@dataclass(frozen=True)
class Rank:
    """A supplier's share of kept agreements, pulled toward the company's where n is small."""

    department: Department
    n: int
    share: float
    low: float
    high: float
    differs: bool  # its interval does not hold the company's own share


@dataclass(frozen=True)
class CompanyPage:
    stretch: Stretch
    definition: Definition
    choices: list[Definition]
    departments: list[Department]
    rows: list[Row]
    ranking: list[Rank]
    figures: dict[str, Figure]
    as_of: datetime
    key: Key


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
    key = (*moment(now), definition.key, stretch.choice, stretch.period, own)
    scope = Scope(Side.SUPPLIER, None, stretch.period, now, zone)
    return PAGES.of(key, lambda: _computed(person, scope, stretch, definition, own, key))


def _computed(
    person: Person, scope: Scope, stretch: Stretch, definition: Definition, own: frozenset[int] | None, key: Key
) -> CompanyPage:
    """`own` are the departments whose cells of answers may be read; None for all."""
    cells = shown_cells(selectors.matrix(scope, definition.key), definition)
    if definition.personal and own is not None:
        cells = {pair: found for pair, found in cells.items() if own & set(pair)}
    busy = {pk for pair in cells for pk in pair}
    departments = [department for department in departments_for(person) if department.pk in busy]
    return CompanyPage(
        stretch=stretch,
        definition=definition,
        choices=[DEFINITIONS[choice] for choice in CHOICES],
        departments=departments,
        rows=_rows(departments, cells, scope),
        ranking=_ranking(scope, departments),
        figures=selectors.figures(scope, HEADLINE, targets=selectors.targets_for(None)),
        as_of=selectors.as_of(scope.now),
        key=key,
    )


def _chosen(figure: str) -> Definition:
    if figure and figure not in CHOICES:
        raise WrongInput({"figure": [_("Choose one of: %(c)s.") % {"c": ", ".join(CHOICES)}]})
    return DEFINITIONS[figure or CHOICES[0]]


def _rows(departments: list[Department], cells: Mapping[tuple[int, int], Figure], scope: Scope) -> list[Row]:
    bins = bins_of(cells)
    return [
        Row(customer, [_cell(customer, supplier, cells, bins, scope) for supplier in departments])
        for customer in departments
    ]


def _cell(
    customer: Department,
    supplier: Department,
    cells: Mapping[tuple[int, int], Figure],
    bins: Mapping[tuple[int, int], int],
    scope: Scope,
) -> Cell:
    pair = (customer.pk, supplier.pk)
    found = cells.get(pair)
    if found is None or not found.n:
        return Cell(None, own=customer.pk == supplier.pk)
    url = rows_link(
        figure=found.key, side=Side.SUPPLIER, department=supplier.slug, period=scope.period, customer=customer.slug
    )
    title = _("%(customer)s asks %(supplier)s") % {"customer": customer.name, "supplier": supplier.name}
    return Cell(found, bin=bins.get(pair, 0), own=customer.pk == supplier.pk, url=url, title=title)


def _ranking(scope: Scope, departments: list[Department]) -> list[Rank]:
    """Every supplier with something to compare, best first; never a naked order, always with its interval."""
    whole = Scope(Side.CUSTOMER, None, scope.period, scope.now, scope.zone)
    found = selectors.figures_by_department(whole, ["resolution_kept"])
    counts = {
        pk: (figures["resolution_kept"].total or 0, figures["resolution_kept"].n)
        for pk, figures in found.items()
        if figures["resolution_kept"].n
    }
    names = {department.pk: department for department in departments}
    total = sum(n for _good, n in counts.values())
    mean = sum(good for good, _n in counts.values()) / total if total else 0.0
    return [
        Rank(names[row.key], row.n, row.share, row.low, row.high, not row.low <= mean <= row.high)
        for row in shrunk_shares(counts)
        if row.key in names
    ]
