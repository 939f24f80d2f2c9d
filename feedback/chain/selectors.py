"""Reading what departments say of each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.chain import policies
from feedback.chain.matching import Link, Statement, links_of
from feedback.chain.models import Declaration
from feedback.chain.registry import points_from_above
from feedback.chain.states import MEANING, MOST_WAITING, Point, Said, Side
from feedback.chain.wording import Names, points_of, relation_address
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department


def declarations_for(person: Person) -> QuerySet[Declaration]:
    """What holds now, or no longer, as far as the person reads it."""
    rows = Declaration.objects.visible_to(person).filter(is_current=True)
    return rows.select_related("department", "other")


def declared_links() -> dict[tuple[int, int | None], Link]:
    """(supplier, customer) → what both say now, of the whole company; one query."""
    return links_of(_said(Declaration.objects.filter(is_current=True)))


def _said(rows: Iterable[Declaration]) -> dict[Statement, Said]:
    return {(row.department_id, row.side, row.other_id): row.said for row in rows}


# ── Two departments ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Direction:
    """One as the other's supplier."""

    supplier: Department
    customer: Department
    link: Link
    meaning: str


@dataclass(frozen=True)
class Between:
    """What both say of both directions, and what they should talk about."""

    directions: list[Direction]
    points: list[Point]


def between(one: Department, other: Department) -> Between:
    """Directions that somebody names; one query."""
    rows = Declaration.objects.filter(department__in=[one.pk, other.pk], is_current=True)
    links = links_of(_said(rows))
    names = _names_of(one, other)
    found = [
        Direction(supplier, customer, link, MEANING[link.match])
        for supplier, customer in ((one, other), (other, one))
        if (link := links.get((supplier.pk, customer.pk))) is not None and link.is_named
    ]
    return Between(found, [point for direction in found for point in points_of(direction.link, names)])


def disagreements(pair: tuple[Department, Department]) -> list[Point]:
    """All that the two should talk about: what they say differently, and what packages above see beside it."""
    return [*between(*pair).points, *points_from_above(*pair)]


def _names_of(*departments: Department) -> Names:
    return {department.pk: (department.slug, department.name) for department in departments}


# ── A department ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """Another department on one side: what we say, what they say, and what was said before, newest first."""

    side: str
    other: Department | None
    link: Link
    meaning: str
    ours: Said | None
    theirs: Said | None
    earlier: list[Said]
    url: str

    @property
    def unanswered(self) -> bool:
        """They name us, and we have not said anything of it."""
        return self.ours is None and self.theirs is not None and self.theirs.holds


@dataclass(frozen=True)
class ChainPage:
    department: Department
    suppliers: list[Line]
    customers: list[Line]
    ended: list[Line]
    points: list[Point]
    may_declare: bool

    @property
    def unanswered(self) -> int:
        return sum(line.unanswered for line in [*self.suppliers, *self.customers])


def chain_page(*, person: Person, slug: str) -> ChainPage:
    """404 for an unknown department, NotAllowed for whom its chain is not. The same queries for any number of lines."""
    department = get_department(person=person, slug=slug)
    policies.require_read(person, department)
    rows = list(_about(department))
    current = [row for row in rows if row.is_current]
    links = links_of(_said(current) | _spoken_elsewhere(current, department))
    others = {row.pk: row for row in departments_for(person)}
    history = _history(rows, department)
    lines = [
        _line(department, link, others, history)
        for link in links.values()
        if department.pk in (link.supplier_id, link.customer_id) and _known(link, department, others)
    ]
    lines.sort(key=lambda line: (line.other is None, line.other.name if line.other else ""))
    named = [line for line in lines if line.link.is_named]
    names = _names_of(department, *others.values())
    return ChainPage(
        department,
        [line for line in named if line.side == Side.SUPPLIER],
        [line for line in named if line.side == Side.CUSTOMER],
        [line for line in lines if not line.link.is_named],
        [point for line in named for point in points_of(line.link, names)],
        policies.can_declare(person, department),
    )


def _about(department: Department) -> QuerySet[Declaration]:
    """All it ever said, and what others say of it now."""
    of_us = Q(other=department, is_current=True)
    return Declaration.objects.filter(Q(department=department) | of_us).order_by("-number", "pk")


def _spoken_elsewhere(current: Iterable[Declaration], department: Department) -> dict[Statement, Said]:
    """What the others said at all, so that leaving us out can be told from not having spoken."""
    rows = Declaration.objects.filter(is_current=True).exclude(department=department)
    return _said(rows.order_by("department_id", "side", "pk").distinct("department_id", "side"))


def _known(link: Link, department: Department, others: Mapping[int, Department]) -> bool:
    other = _other_of(link, department)
    return other is None or other in others


def _other_of(link: Link, department: Department) -> int | None:
    return link.customer_id if link.supplier_id == department.pk else link.supplier_id


def _history(rows: Iterable[Declaration], department: Department) -> Mapping[tuple[str, int | None], list[Said]]:
    found: dict[tuple[str, int | None], list[Said]] = defaultdict(list)
    for row in rows:
        if row.department_id == department.pk and not row.is_current:
            found[row.side, row.other_id].append(row.said)
    return found


def _line(
    department: Department, link: Link, others: Mapping[int, Department],
    history: Mapping[tuple[str, int | None], list[Said]],
) -> Line:  # fmt: skip
    supplies = link.supplier_id == department.pk
    side = Side.CUSTOMER if supplies else Side.SUPPLIER
    pk = _other_of(link, department)
    other = others[pk] if pk else None
    ours, theirs = (link.by_supplier, link.by_customer) if supplies else (link.by_customer, link.by_supplier)
    url = relation_address(department.slug, other.slug) if other else ""
    return Line(side, other, link, MEANING[link.match], ours, theirs, history.get((side, pk), []), url)


def current_of(department: Department, side: str, other: Department | None) -> Declaration | None:
    return Declaration.objects.filter(department=department, side=side, other=other, is_current=True).first()


# ── What waits, and what a dashboard shows ───────────────────────────────────


@dataclass(frozen=True)
class Waiting:
    """The items of my desk: what others say of the reader's departments that these have not answered."""

    rows: list[Declaration]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person) -> list[Declaration]:
    """One query for heads, none for others."""
    led = standing(person).head_of
    if not led:
        return []
    answers = Declaration.objects.filter(department=OuterRef("other"), other=OuterRef("department"), is_current=True)
    answers = answers.exclude(side=OuterRef("side"))
    rows = Declaration.objects.filter(other__in=led, is_current=True, holds=True).exclude(department__in=led)
    rows = rows.filter(~Exists(answers)).select_related("department", "other").order_by("said_at", "pk")
    return list(rows[:MOST_WAITING])


@dataclass(frozen=True)
class Summary:
    """How many a department names on each side, and how many only one of the two names."""

    department: Department
    suppliers: int
    customers: int
    one_sided: int


def summary_of(department: Department) -> Summary:
    """One query."""
    rows = Declaration.objects.filter(Q(department=department) | Q(other=department), is_current=True)
    mine = [link for link in links_of(_said(rows)).values() if link.is_named]
    return Summary(
        department,
        sum(link.customer_names_it and link.customer_id == department.pk for link in mine),
        sum(link.supplier_names_it and link.supplier_id == department.pk for link in mine),
        sum(link.customer_names_it != link.supplier_names_it for link in mine if link.customer_id),
    )
