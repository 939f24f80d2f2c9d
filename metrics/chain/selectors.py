"""The map: what departments say of each other beside the requests of a period."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.chain.selectors import declared_links
from feedback.chain.states import MEANING, Match, Point, PointKind
from metrics.chain.drawing import KINDS, OUT, Picture, picture_of
from metrics.chain.states import Gap, Way, only_of, ways_of
from metrics.dashboards.states import Stretch, stretch_of
from metrics.rollups import policies, selectors
from metrics.rollups.links import relation_link
from metrics.rollups.states import Scope, Side
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.formats import number
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for
from requests_app.org.states import DepartmentKind

USUAL = "quarter"


@dataclass(frozen=True)
class Line:
    """A direction as the table shows it. `customer` is None for the customers outside the company."""

    way: Way
    supplier: Department
    customer: Department | None
    url: str
    meaning: str


@dataclass(frozen=True)
class Pair:
    """What two departments should talk about. `is_mine`: the reader belongs to one of them."""

    one: Department
    other: Department
    is_mine: bool
    points: list[Point]


@dataclass(frozen=True)
class MapPage:
    stretch: Stretch
    department: Department | None
    departments: list[Department]
    picture: Picture | None
    lines: list[Line]
    points: list[Point]
    pairs: list[Pair]
    light: int  # directions that are used and neither named nor heavy
    spoke: int  # departments that have named anybody
    as_of: datetime

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of line in the picture, for its key."""
        return [(kind, str(words)) for kind, words in KINDS.items()]


def map_page(
    *, person: Person, department: str = "", choice: str = "", start: str = "", end: str = "",
    now: datetime | None = None,
) -> MapPage:  # fmt: skip
    """NotAllowed for whom the company's figures are not; WrongInput for a period or a department there is not.

    The same number of queries for any number of directions.
    """
    policies.require_company(person)
    now = now or timezone.now()
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    usual = choice or ("" if start or end else USUAL)
    stretch = stretch_of(usual, start, end, today=now.astimezone(zone).date())
    known = {row.pk: row for row in departments_for(person)}
    chosen = _chosen(department, known)
    links = declared_links()
    scope = Scope(Side.SUPPLIER, None, stretch.period, now, zone)
    everything = [way for way in _ways(links, scope) if _is_known(way, known)]
    ways = only_of(everything, chosen.pk) if chosen else everything
    lines = [_line(way, known) for way in ways if way.told]
    points = [point for line in lines if (point := _point(line, stretch.period.days))]
    names = {pk: row.name for pk, row in known.items()} | {OUT: _("Customers outside")}
    return MapPage(
        stretch, chosen, list(known.values()), picture_of(ways, names, _partners(known, chosen)), lines,
        points, _pairs(points, known, standing(person).member_of),
        sum(not way.told for way in ways),
        len({link.supplier_id for link in links.values() if link.supplier_names_it}
            | {link.customer_id for link in links.values() if link.customer_names_it}),
        selectors.as_of(now),
    )  # fmt: skip


def _partners(known: Mapping[int, Department], chosen: Department | None) -> frozenset[int]:
    """Drawn as customers outside; but for the one whose own chain is looked at."""
    return frozenset(row.pk for row in known.values() if row.kind == DepartmentKind.PARTNER and row != chosen)


def _pairs(points: Sequence[Point], known: Mapping[int, Department], mine: Set[int]) -> list[Pair]:
    """The reader's own departments first, else in the order of the points."""
    found: dict[frozenset[int], Pair] = {}
    for point in points:
        both = frozenset((point.supplier_id, point.customer_id))
        pair = found.setdefault(both, Pair(known[point.supplier_id], known[point.customer_id], bool(both & mine), []))
        pair.points.append(point)
    return sorted(found.values(), key=lambda pair: not pair.is_mine)


def _chosen(slug: str, known: Mapping[int, Department]) -> Department | None:
    found = next((row for row in known.values() if row.slug == slug), None)
    if slug and found is None:
        raise WrongInput({"department": [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


def _ways(links: Mapping, scope: Scope) -> list[Way]:
    cells = selectors.figures_of_pairs(scope, ["created"])["created"].cells
    return ways_of(links, {pair: figure.n for pair, figure in cells.items()}, days=scope.period.days)


def _is_known(way: Way, known: Mapping[int, Department]) -> bool:
    return way.supplier_id in known and (way.customer_id is None or way.customer_id in known)


def _line(way: Way, known: Mapping[int, Department]) -> Line:
    supplier = known[way.supplier_id]
    customer = known[way.customer_id] if way.customer_id else None
    url = relation_link(supplier.slug, customer.slug) if customer else ""
    return Line(way, supplier, customer, url, MEANING[way.match])


def _point(line: Line, days: int) -> Point | None:
    """The difference of a line in a sentence, without what was said word by word: that is for the two."""
    if line.customer is None:
        return None
    said = {
        "supplier": line.supplier.name, "customer": line.customer.name, "n": number(line.way.n),
        "whole": number(line.way.whole), "sent": number(line.way.sent), "days": number(days),
    }  # fmt: skip
    kind, words = _words(line.way)
    return Point(kind, line.supplier.pk, line.customer.pk, words % said, line.url) if kind else None


def _words(way: Way) -> tuple[str, str]:
    if way.gap == Gap.UNDECLARED:
        return PointKind.UNDECLARED, _(
            "%(customer)s filed %(n)s of %(whole)s requests with %(supplier)s in %(days)s days, and %(supplier)s does "
            "not name it as a customer."
        )
    if way.gap == Gap.UNNAMED:
        return PointKind.UNNAMED, _(
            "%(customer)s filed %(n)s of its %(sent)s requests to others with %(supplier)s in %(days)s days, and does "
            "not name it as a supplier."
        )
    if way.gap == Gap.UNUSED:
        return PointKind.UNUSED, _(
            "%(customer)s names %(supplier)s as its supplier and filed no request with it in %(days)s days."
        )
    if way.match == Match.ONLY_CUSTOMER:
        return PointKind.ONE_SIDED, _(
            "%(customer)s names %(supplier)s as its supplier, %(supplier)s does not name %(customer)s as a customer."
        )
    if way.match == Match.ONLY_SUPPLIER:
        return PointKind.ONE_SIDED, _(
            "%(supplier)s names %(customer)s as its customer, %(customer)s does not name %(supplier)s as a supplier."
        )
    if way.match == Match.DIFFERENT:
        return PointKind.DEMANDS, _("%(supplier)s and %(customer)s describe differently what is required.")
    return "", ""


def observed_points(one: Department, other: Department) -> list[Point]:
    """What the requests of the last quarter show otherwise than the two say: for those who prepare their talks."""
    now, zone = timezone.now(), ZoneInfo(settings.COMPANY_TIME_ZONE)
    stretch = stretch_of(USUAL, "", "", today=now.astimezone(zone).date())
    known = {one.pk: one, other.pk: other}
    ways = _ways(declared_links(), Scope(Side.SUPPLIER, None, stretch.period, now, zone))
    lines = [_line(way, known) for way in ways if _is_known(way, known) and way.gap != Gap.NONE]
    return [point for line in lines if (point := _point(line, stretch.period.days))]
