"""Everything the page of the observed process shows, as one finished object, in a fixed number of queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from metrics.dashboards.memory import PAGES, moment
from metrics.dashboards.states import Stretch
from metrics.facts.states import Step
from metrics.process import policies
from metrics.process.comparing import Change, changes_of, straight_changed, told_alike
from metrics.process.drawing import Picture, picture_of
from metrics.process.selectors.asked import View, scope_of, view_of
from metrics.process.selectors.counting import asked, edge_rows, path_rows
from metrics.process.states import MOST_EDGES, Process, process_of
from metrics.rollups.links import rows_link
from metrics.rollups.policies import Sight
from metrics.rollups.selectors import as_of
from metrics.rollups.states import DAY, Scope
from requests_app.catalogue.models import Service
from requests_app.org.models import Department, Person
from requests_app.org.selectors import get_department

MOST_CHOICES = 200


@dataclass(frozen=True)
class Choice:
    """One option of a filter; `n` requests were filed there in the period, None where that is not for the reader."""

    value: str
    name: str
    n: int | None
    on: bool


@dataclass(frozen=True)
class Row:
    """A variant, passage, detour or change, the words of its steps, and the list of the requests behind it."""

    what: Any
    words: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Halves:
    """The requests filed before a day and from it on. `changed`: more or less went straight, or empty."""

    split: date
    before: Process
    after: Process
    changed: str
    rows: Sequence[Row]
    more: int


@dataclass(frozen=True)
class ProcessPage:
    """The ways of the requests of a department on one side of them. `open`: filed in the period and not finished."""

    department: Department
    side: str
    stretch: Stretch
    service: Service | None
    other: Department | None
    unit: str
    services: Sequence[Choice]
    others: Sequence[Choice]
    process: Process
    usual: tuple[str, ...]
    bottleneck: Row | None
    variants: Sequence[Row]
    edges: Sequence[Row]
    more_edges: int
    needless: Sequence[Row]
    picture: Picture | None
    halves: Halves | None
    open: int
    uncounted: int
    in_full: bool
    as_of: datetime

    @property
    def first_split(self) -> date:
        """The earliest day that leaves something before it."""
        return self.stretch.period.start + DAY


def process_page(*, person: Person, slug: str, now: datetime | None = None, **given: str) -> ProcessPage:
    """The page as this reader may see it.

    `given`: side, choice, start, end (as `stretch_of` takes them), service, other (slugs), split (a day), time.
    404 for an unknown department, NotAllowed for whom the figures are not, WrongInput by field for what cannot be.
    """
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    sight = policies.require_process(person, department)
    view = view_of(person, department, sight, now, given)
    return PAGES.of((*moment(now), *view.key), lambda: _computed(view, now))


def whole(scope: Scope, *, in_full: bool, calendar: bool = False) -> Process:
    """The process of a scope. Two queries."""
    paths, edges = path_rows(scope, calendar=calendar), edge_rows(scope, calendar=calendar)
    return process_of(paths.get(False, ()), edges.get(False, ()), in_full=in_full)


def halves(scope: Scope, split: date, *, in_full: bool, calendar: bool = False) -> tuple[Process, Process]:
    """The process of what was filed before the day, and of the rest. Two queries."""
    paths = path_rows(scope, calendar=calendar, split=split)
    edges = edge_rows(scope, calendar=calendar, split=split)
    before, after = (process_of(paths.get(later, ()), edges.get(later, ()), in_full=in_full) for later in (False, True))
    return told_alike(before, after)


def _computed(view: View, now: datetime) -> ProcessPage:
    in_full = view.sight == Sight.FULL
    process = whole(view.scope, in_full=in_full, calendar=view.calendar)
    counts = asked(scope_of(view.department, view.scope.side, view.stretch.period, now))
    mine = [row for row in counts if _chosen(view, row)]
    link = _links(view)
    edges = [_row(edge, edge.pair, link(f"step:{edge.code}"), hidden=edge.few) for edge in process.edges]
    still_open = sum(row[3] for row in mine)
    return ProcessPage(
        department=view.department,
        side=view.scope.side,
        stretch=view.stretch,
        service=view.service,
        other=view.other,
        unit=view.unit,
        services=_services(view, counts) if in_full else [],
        others=_others(view, counts),
        process=process,
        usual=_words(process.usual),
        bottleneck=next((row for row in edges if row.what.bottleneck), None),
        variants=[_row(variant, variant.path, link(f"path:{variant.code}")) for variant in process.variants],
        edges=edges[:MOST_EDGES],
        more_edges=max(len(edges) - MOST_EDGES, 0),
        needless=[
            _row(one, (), link(f"detour:{one.kind.value}"), hidden=one.few) for one in process.needless
        ],
        picture=picture_of(process.edges, process.usual, process.n),
        halves=_halves(view, link) if view.split else None,
        open=still_open,
        uncounted=sum(row[2] for row in mine) - still_open - process.n,
        in_full=in_full,
        as_of=as_of(now),
    )  # fmt: skip


def _chosen(view: View, row: tuple[int | None, int, int, int]) -> bool:
    service_id, other_id, _n, _open = row
    return (view.service is None or view.service.pk == service_id) and (view.other is None or view.other.pk == other_id)


def _links(view: View) -> Callable[[str], str]:
    def link(part: str) -> str:
        if not view.opens:
            return ""
        return rows_link(
            figure="process",
            side=view.scope.side,
            department=view.department.slug,
            period=view.stretch.period,
            part=part,
            **view.narrowed,
        )

    return link


def _row(what: Any, path: Iterable[int], url: str, *, hidden: bool = False) -> Row:
    return Row(what, _words(path), "" if hidden else url)


def _words(path: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(Step(step).label) for step in path)


def _halves(view: View, link: Callable[[str], str]) -> Halves | None:
    if view.split is None:
        return None
    before, after = halves(view.scope, view.split, in_full=view.sight == Sight.FULL, calendar=view.calendar)
    changes: list[Change] = changes_of(before, after)
    return Halves(
        split=view.split,
        before=before,
        after=after,
        changed=straight_changed(before, after),
        rows=[_row(change, change.pair, link(f"step:{change.code}")) for change in changes[:MOST_EDGES]],
        more=max(len(changes) - MOST_EDGES, 0),
    )


def _services(view: View, counts: Iterable[tuple[int | None, int, int, int]]) -> list[Choice]:
    """The services asked for in the period, the commonest first."""
    n = _summed((row[0], row[2]) for row in counts if row[0] is not None)
    rows = Service.objects.filter(pk__in=n).values_list("pk", "slug", "name")
    chosen = view.service and view.service.pk
    found = [Choice(slug, name, n[pk], pk == chosen) for pk, slug, name in rows]
    if view.service and view.service.pk not in n:
        found.append(Choice(view.service.slug, view.service.name, 0, on=True))
    return sorted(found, key=lambda choice: (-(choice.n or 0), choice.name))[:MOST_CHOICES]


def _others(view: View, counts: Iterable[tuple[int | None, int, int, int]]) -> list[Choice]:
    """The departments on the other side; in outline only the reader's own, without saying how much they asked."""
    in_full = view.sight == Sight.FULL
    n = _summed((row[1], row[2]) for row in counts)
    wanted = n.keys() if in_full else view.own - {view.department.pk}
    rows = Department.objects.filter(pk__in={*wanted, *([view.other.pk] if view.other else [])})
    chosen = view.other and view.other.pk
    found = [
        Choice(slug, name, n.get(pk, 0) if in_full else None, pk == chosen)
        for pk, slug, name in rows.values_list("pk", "slug", "name")
    ]
    return sorted(found, key=lambda choice: (-(choice.n or 0), choice.name))[:MOST_CHOICES]


def _summed(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for pk, n in pairs:
        found[pk] = found.get(pk, 0) + n
    return found
