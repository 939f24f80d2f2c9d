"""Reading needs: the board of a department, the list, the page of one, what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.needs import policies
from feedback.needs.models import Need, NeedRating
from feedback.needs.sources import SourceLine, source_lines
from feedback.needs.states import (
    ANALYSED,
    CARRIED_OUT,
    COLLECTED,
    DECIDED,
    ENDED,
    EVALUATED,
    MEANING,
    MOST_IN_COLUMN,
    SET_ASIDE,
    Gap,
    Move,
    State,
    course_of,
    gap_of,
)
from requests_app.events.models import Event
from requests_app.events.selectors import events_of
from requests_app.kernel.written import summed, summed_once, written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.selectors import names_of

MOST_WAITING, MOST_SHOWN = 20, 5
BY_PRIORITY = ("-priority", "-pk")


def needs_for(
    person: Person,
    *,
    department: Department | None = None,
    customer: Department | None = None,
    state: str = "",
    mine: bool = False,
) -> QuerySet[Need]:
    """What the person may read: one state, or (without one) all that is still on the board. `mine`: to carry out."""
    rows = Need.objects.visible_to(person).select_related("department", "owner", "proposed_by")
    rows = rows.prefetch_related(Prefetch("customers", Department.objects.order_by("name", "pk")), "ratings")
    rows = rows.filter(state=state) if state else rows.exclude(state__in=ENDED)
    if department is not None:
        rows = rows.filter(department=department)
    if customer is not None:
        rows = rows.filter(customers=customer)
    return rows.filter(owner_id=standing(person).person_id) if mine else rows


def get_need(*, person: Person, pk: int) -> Need:
    """The need, or 404 when it is not there or not theirs to see."""
    rows = Need.objects.visible_to(person).select_related("department", "owner", "proposed_by")
    found = rows.prefetch_related("customers", "ratings").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


NEXT = {
    COLLECTED: gettext_lazy("%(who)s analyses it: how urgent, how important, what is behind it."),
    ANALYSED: gettext_lazy("A head of %(who)s decides on a solution."),
    DECIDED: gettext_lazy("%(owner)s carries it out."),
    CARRIED_OUT: gettext_lazy("%(who)s looks what effect it had."),
}


def next_step(need: Need) -> str:
    """Who must do what; empty when nothing is left to do."""
    if need.state not in NEXT:
        return ""
    owner = need.owner.name if need.owner else ""
    return str(NEXT[need.state]) % {"who": need.department.name, "owner": owner}


@dataclass(frozen=True)
class NeedLine:
    """A need in a list or as a card. `gap` is None while no customer department has rated."""

    need: Need
    state: str
    meaning: str
    next: str
    late: bool
    customers: str = ""
    gap: Gap | None = None


def line_of(need: Need, today: date, *, whole: bool = True) -> NeedLine:
    """`whole` asks for customers and ratings, which the caller has fetched along."""
    late = need.state == DECIDED and need.due_on is not None and need.due_on < today
    line = NeedLine(need, str(State(need.state).label), MEANING[need.state], next_step(need), late)
    if not whole:
        return line
    names = ", ".join(sorted(row.name for row in need.customers.all()))
    pairs = [(row.importance, row.satisfaction) for row in need.ratings.all()]
    return NeedLine(need, line.state, line.meaning, line.next, late, names, gap_of(pairs))


def lines_of(rows: Iterable[Need], *, whole: bool = True) -> list[NeedLine]:
    today = timezone.localdate()
    return [line_of(row, today, whole=whole) for row in rows]


@dataclass(frozen=True)
class Column:
    """One column of the board, the weightiest first; `more`: there are others, in the list."""

    state: str
    words: str
    lines: list[NeedLine]
    more: bool


@dataclass(frozen=True)
class Board:
    department: Department
    columns: list[Column]
    works: bool

    @property
    def is_empty(self) -> bool:
        return not any(column.lines for column in self.columns)


COLUMNS = [state for state in State.values if state != SET_ASIDE]


def board_page(*, person: Person, department: Department) -> Board:
    """What the person may read of the department's board: one query, and two for what belongs to the cards."""
    rows = needs_for(person, department=department).order_by(*BY_PRIORITY)[: MOST_IN_COLUMN * len(COLUMNS)]
    ended = needs_for(person, department=department, state=EVALUATED).order_by("-changed_at", "-pk")
    shown = [*lines_of(rows), *lines_of(ended[: MOST_IN_COLUMN + 1])]
    return Board(
        department,
        [_column(state, [line for line in shown if line.need.state == state]) for state in COLUMNS],
        department.pk in standing(person).supplies_for,
    )


def _column(state: str, lines: list[NeedLine]) -> Column:
    return Column(state, str(State(state).label), lines[:MOST_IN_COLUMN], len(lines) > MOST_IN_COLUMN)


@dataclass(frozen=True)
class Happened:
    words: str
    at: datetime
    note: str


@dataclass(frozen=True)
class RatingLine:
    """How one customer department rates; what the reader may set stands first in their form."""

    department: Department
    rating: NeedRating | None
    may_rate: bool


@dataclass(frozen=True)
class NeedPage:
    """A need, as one person sees it."""

    need: Need
    line: NeedLine
    moves: list[Move]
    history: list[Happened]
    sources: list[SourceLine]
    ratings: list[RatingLine]
    may_change: bool
    course: list[tuple[datetime, Gap]]

    @property
    def line_of_gap(self) -> list[float]:
        """As it is drawn; one rating is no line."""
        return [gap.gap for _at, gap in self.course] if len(self.course) > 1 else []

    @property
    def may_rate(self) -> bool:
        return any(line.may_rate for line in self.ratings)


def need_page(*, person: Person, pk: int) -> NeedPage:
    """The page, or 404."""
    need = get_need(person=person, pk=pk)
    given = {row.department_id: row for row in need.ratings.all()}
    own = {row.pk for row in policies.rates_for(person, need)} if need.state != SET_ASIDE else set()
    customers = sorted(need.customers.all(), key=lambda row: (row.name, row.pk))
    events = list(events_of("need", need.pk))
    return NeedPage(
        need=need,
        line=line_of(need, timezone.localdate()),
        moves=policies.moves_for(person, need),
        history=_history(events),
        sources=source_lines(person, need),
        ratings=[RatingLine(row, given.get(row.pk), row.pk in own) for row in customers],
        may_change=policies.can_change(person, need),
        course=_course(events, {row.pk for row in customers}),
    )


def _course(events: list[Event], customers: set[int]) -> list[tuple[datetime, Gap]]:
    """Of the departments that are still named."""
    rated = [(event.at, event.data) for event in events if event.kind == "need.rated"]
    said = [(at, data["customer"], data["importance"], data["satisfaction"]) for at, data in rated]
    return course_of(row for row in said if row[1] in customers)


WORDS = {
    "need.proposed": gettext_lazy("%(who)s proposed it"),
    "need.changed": gettext_lazy("%(who)s changed its words or whose need it is"),
    "need.analysed": gettext_lazy("%(who)s analysed it"),
    "need.decided": gettext_lazy("%(who)s decided on a solution"),
    "need.carried_out": gettext_lazy("%(who)s said that it is carried out"),
    "need.evaluated": gettext_lazy("%(who)s evaluated the effect"),
    "need.reopened": gettext_lazy("%(who)s found that it is still needed"),
    "need.set_aside": gettext_lazy("%(who)s set it aside"),
    "need.taken_back_up": gettext_lazy("%(who)s took it up again"),
}


def _history(told: list[Event]) -> list[Happened]:
    events = [event for event in told if event.kind in WORDS]
    names = names_of([event.actor_id for event in events])
    return [
        Happened(
            str(WORDS[event.kind]) % {"who": names.get(event.actor_id or 0, _("Somebody"))},
            event.at,
            event.data.get("note", ""),
        )
        for event in events
    ]


@dataclass(frozen=True)
class Waiting:
    """The items of my desk: needs that the reader carries out."""

    rows: list[NeedLine]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person) -> list[NeedLine]:
    """One query; what falls due first stands first."""
    return lines_of(_waiting(person=standing(person).person_id), whole=False)


@written_once
def _waiting(*, person: int) -> QuerySet[Need]:
    rows = Need.objects.filter(owner_id=person, state=DECIDED).select_related("department", "owner")
    return rows.order_by("due_on", "pk")[:MOST_WAITING]


@dataclass(frozen=True)
class Shown:
    """The weightiest needs of a department, or between two, on other pages."""

    rows: list[NeedLine]
    department: Department | None = None


def of_department(person: Person, department: Department) -> Shown:
    """One query."""
    hats = standing(person)
    rows = _of_department(hats.shape, person=hats.person_id, department=department.pk)
    return Shown(lines_of(rows, whole=False), department)


@written_once
def _of_department(hats: Standing, *, person: int, department: int) -> QuerySet[Need]:
    rows = Need.objects.visible_to(whoever(hats, person)).filter(department_id=department)
    return _few(rows.exclude(state__in=ENDED))


def between(person: Person, one: Department, other: Department) -> Shown:
    """What each needs of the other; one query."""
    of_one = Need.customers.through.objects.filter(department_id=one.pk).values("need_id")
    of_other = Need.customers.through.objects.filter(department_id=other.pk).values("need_id")
    pair = Q(department=one, pk__in=of_other) | Q(department=other, pk__in=of_one)
    rows = _few(Need.objects.visible_to(person).filter(pair).exclude(state__in=ENDED))
    return Shown(lines_of(rows, whole=False))


def taken_to_others(person: Person, customer: Department) -> tuple[int, int]:
    """How many needs of the department stand on boards, and how many of them are carried out and to be judged.

    One query; as long as the lists `needs_for` gives.
    """
    hats = standing(person)
    on_boards, carried_out = _taken(hats.shape, person=hats.person_id, customer=customer.pk) or (0, 0)
    return on_boards, carried_out


@summed_once
def _taken(hats: Standing, *, person: int, customer: int) -> QuerySet:
    of_customer = Need.customers.through.objects.filter(department_id=customer).values("need_id")
    rows = Need.objects.visible_to(whoever(hats, person)).filter(pk__in=of_customer).exclude(state__in=ENDED)
    return summed(rows, on_boards=Count("pk"), carried_out=Count("pk", filter=Q(state=CARRIED_OUT)))


def _few(rows: QuerySet[Need]) -> QuerySet[Need]:
    return rows.select_related("department", "owner").order_by(*BY_PRIORITY)[:MOST_SHOWN]
