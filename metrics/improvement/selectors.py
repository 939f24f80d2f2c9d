"""Reading improvement plans: the list of a department, the page of one, marks for charts, blocks of other pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.improvement import policies, wording
from metrics.improvement.drawing import Drawing, drawing_of
from metrics.improvement.models import Improvement, ImprovementAction, ImprovementEffect
from metrics.improvement.states import (
    CHANGEABLE,
    ENDED,
    FIGURES,
    MARKS,
    MEANING,
    MOVES,
    RUNNING,
    SHOWN_ON_CHARTS,
    Horizon,
    Mark,
    Move,
    Verdict,
    begins_on,
)
from metrics.rollups.definitions import Definition
from metrics.rollups.policies import Sight, require_sight
from metrics.rollups.states import Period
from requests_app.events.models import Event
from requests_app.events.selectors import events_of
from requests_app.kernel.formats import day
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.selectors import get_department, names_of

WITH = ("department", "other", "service", "comparison", "owner")
MOST_SHOWN = 5


def _rows() -> QuerySet[Improvement]:
    effects = Prefetch("effects", ImprovementEffect.objects.defer("details"), to_attr="counted")
    return Improvement.objects.select_related(*WITH).defer("weeks", "compared_weeks").prefetch_related(effects)


def improvements_for(person: Person, *, department: Department | None = None, ended: bool = True) -> QuerySet:
    """What this person may read, newest first."""
    rows = _rows().filter(policies.readable_by(person))
    if department is not None:
        rows = rows.filter(department=department)
    if not ended:
        rows = rows.exclude(state__in=ENDED)
    return rows.order_by("-pk")


def get_improvement(*, person: Person, pk: int) -> Improvement:
    """The plan, or 404 when it is not there or not theirs to see."""
    found = Improvement.objects.select_related(*WITH).filter(policies.readable_by(person), pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Line:
    """A plan in a list; `mark` is the meaning, icon and word of its verdict."""

    improvement: Improvement
    definition: Definition
    meaning: str
    expected: str
    effect: str
    mark: tuple[str, str, str]


def lines_of(person: Person, rows: Iterable[Improvement]) -> list[Line]:
    return [_line(person, row) for row in rows]


def _line(person: Person, row: Improvement) -> Line:
    first = _first_of(row) if policies.reads_figure(person, row) else None
    return Line(
        row,
        FIGURES[row.figure],
        MEANING[row.state],
        wording.expected(row),
        wording.short(row, first),
        mark_of(first.verdict if first else ""),
    )


def _first_of(row: Improvement) -> ImprovementEffect | None:
    counted: list[ImprovementEffect] = row.counted  # type: ignore[attr-defined]  # prefetched by _rows
    return next((effect for effect in counted if effect.horizon == Horizon.FIRST), None)


def mark_of(verdict: str) -> tuple[str, str, str]:
    """Meaning, icon and word; empty words for none yet."""
    if not verdict:
        return "", "", ""
    return (*MARKS[Verdict(verdict)], str(Verdict(verdict).label))


# ── The list of a department ─────────────────────────────────────────────────


@dataclass(frozen=True)
class DepartmentImprovements:
    department: Department
    may_lead: bool
    rows: QuerySet[Improvement]


def department_improvements(*, person: Person, slug: str, ended: bool = True) -> DepartmentImprovements:
    """404 for an unknown department, NotAllowed for whom its figures are not; in outline only one's own pairs."""
    department = get_department(person=person, slug=slug)
    require_sight(person, department)
    rows = improvements_for(person, department=department, ended=ended)
    return DepartmentImprovements(department, policies.may_lead(person, department), rows)


# ── The page of one ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """A quarter as the page tells of it. `numbers` are what is behind it: (name, value)."""

    horizon: str
    mark: tuple[str, str, str]
    sentences: list[str]
    lasted: tuple[str, str, str]
    begins: date
    numbers: list[tuple[str, str]]


@dataclass(frozen=True)
class Happened:
    words: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Doing:
    """An action, and whether the reader may say that it is done."""

    action: ImprovementAction
    may_finish: bool


@dataclass(frozen=True)
class ImprovementPage:
    """One plan as one person sees it. Without `reads` its figure is not theirs, and neither is its effect."""

    improvement: Improvement
    definition: Definition
    meaning: str
    expected: str
    next: str
    reads: bool
    told: list[Told]
    drawing: Drawing | None
    actions: list[Doing]
    moves: list[Move]
    may_lead: bool
    may_change: bool
    history: list[Happened]


def improvement_page(*, person: Person, pk: int) -> ImprovementPage:
    """The page, or 404."""
    row = get_improvement(person=person, pk=pk)
    reads, leads = policies.reads_figure(person, row), policies.may_lead(person, row.department)
    effects = sorted(row.effects.all(), key=lambda effect: Horizon.values.index(effect.horizon)) if reads else []
    return ImprovementPage(
        improvement=row,
        definition=FIGURES[row.figure],
        meaning=MEANING[row.state],
        expected=wording.expected(row),
        next=next_step(row, effects),
        reads=reads,
        told=[_told(row, effect) for effect in effects],
        drawing=drawing_of(row) if reads and row.weeks else None,
        actions=[
            Doing(one, one.done_on is None and not row.is_ended and policies.may_finish(person, row.department, one))
            for one in row.actions.select_related("owner")
        ],
        moves=[move for move in MOVES.values() if row.state in move.sources] if leads else [],
        may_lead=leads,
        may_change=leads and row.state in CHANGEABLE,
        history=_history(row),
    )


def _told(row: Improvement, effect: ImprovementEffect) -> Told:
    return Told(
        horizon=str(Horizon(effect.horizon).label),
        mark=mark_of(effect.verdict),
        sentences=wording.sentences(row, effect),
        lasted=wording.lasted(effect),
        begins=begins_on(row.effective_on, effect.horizon),
        numbers=wording.numbers(row, effect),
    )


NEXT = {
    "planned": gettext_lazy("The head of %(name)s starts it; from then on figure, day and expectation are settled."),
    "running": gettext_lazy("%(owner)s sees to it. What it comes to is counted every day."),
    "judged": gettext_lazy("It is judged. Whether it holds goes on being counted for half a year."),
    "closed": gettext_lazy("Nothing is left to do."),
    "cancelled": gettext_lazy("Nothing is left to do."),
}


def next_step(row: Improvement, effects: Sequence[ImprovementEffect]) -> str:
    """Who must do what, in one sentence."""
    first = next((effect for effect in effects if effect.horizon == Horizon.FIRST), None)
    if row.state == RUNNING and first is not None and first.verdict != Verdict.TOO_EARLY:
        return _("There are weeks enough: the head of %(name)s judges it.") % {"name": row.department.name}
    return str(NEXT[row.state]) % {"name": row.department.name, "owner": row.owner.name}


WORDS = {
    "improvement.planned": gettext_lazy("%(who)s planned it"),
    "improvement.changed": gettext_lazy("%(who)s changed it"),
    "improvement.started": gettext_lazy("%(who)s started it"),
    "improvement.ripe": gettext_lazy("%(who)s said that there are weeks enough"),
    "improvement.action_late": gettext_lazy("%(who)s reminded of what is late"),
    "improvement.judged": gettext_lazy("%(who)s judged it"),
    "improvement.closed": gettext_lazy("%(who)s closed it"),
    "improvement.cancelled": gettext_lazy("%(who)s cancelled it"),
}


def _history(row: Improvement) -> list[Happened]:
    events = [event for event in events_of("improvement", row.pk) if event.kind in WORDS]
    owners = [value for event in events for value in (event.data.get("owner"), _before(event).get("owner"))]
    names = names_of([*(event.actor_id for event in events), *(pk for pk in owners if pk)])
    product = _("The service desk")
    return [
        Happened(
            str(WORDS[event.kind]) % {"who": names.get(event.actor_id or 0, product)}, event.at, _note(event, names)
        )
        for event in events
    ]


def _before(event: Event) -> dict[str, Any]:
    return event.data.get("before") if isinstance(event.data.get("before"), dict) else {}


def _note(event: Event, names: Mapping[int, str]) -> str:
    """The words said with it; of an action its words, and what was changed of it."""
    if event.kind == "improvement.action_late":
        return str(event.data["what"])
    action = event.data.get("action", "")
    if not action:
        return str(event.data.get("note", ""))
    changes = [
        f"{_told_as(name, was, names)} → {_told_as(name, event.data[name], names)}"
        for name, was in _before(event).items()
    ]
    return "\n".join([action, *changes])


def _told_as(name: str, value: Any, names: Mapping[int, str]) -> str:
    """A part of an action as the log keeps it, in words."""
    if name == "owner":
        return names.get(value, "")
    return day(date.fromisoformat(value)) if name == "due_on" else str(value)


# ── On charts and other pages ────────────────────────────────────────────────


def actions_on(
    figure: str,
    side: str,
    department_ids: Sequence[int],
    *,
    other_id: int | None = None,
    service_id: int | None = None,
    period: Period,
) -> list[Mark]:
    """The improvements to draw on a chart of this figure, oldest first; two queries.

    Those for the whole department stand on every chart of it, those for a pair or a service only on theirs. Who may
    see the chart may see them: ask with what the reader may see of the figure.
    """
    wanted = Q(other__isnull=True) | Q(other_id=other_id) if other_id else Q(other__isnull=True)
    wanted &= Q(service__isnull=True) | Q(service_id=service_id) if service_id else Q(service__isnull=True)
    rows = _rows().filter(
        wanted, figure=figure, side=side, department_id__in=department_ids, state__in=SHOWN_ON_CHARTS,
        effective_on__gte=period.start, effective_on__lt=period.end,
    )  # fmt: skip
    return [_chart_mark(row) for row in rows.order_by("effective_on", "pk")]


def _chart_mark(row: Improvement) -> Mark:
    first = _first_of(row)
    verdict = first.verdict if first else Verdict.TOO_EARLY.value
    return Mark(row.pk, row.effective_on, row.name, wording.short(row, first), verdict, address_of(row))


def address_of(row: Improvement) -> str:
    return reverse("improvement:page", args=[row.pk])


@dataclass(frozen=True)
class Block:
    """What stands on a dashboard or on the page of two departments."""

    department: Department
    lines: list[Line]
    side: str = ""
    may_lead: bool = False


def of_department(person: Person, department: Department, side: str, sight: Sight) -> Block:
    """The plans of a department that have not ended; for whoever sees it in outline those of their own pairs."""
    hats = standing(person).shape if sight != Sight.FULL else None
    rows = _of_department(hats, side, department=department.pk)
    return Block(department, lines_of(person, rows), side, policies.may_lead(person, department))


@written_once
def _of_department(outline: Standing | None, side: str, *, department: int) -> QuerySet[Improvement]:
    """`outline`: as whom, where not all of the department is read."""
    rows = _rows().filter(department_id=department, side=side).exclude(state__in=ENDED).order_by("-pk")
    if outline is not None:
        rows = rows.filter(policies.readable_by(whoever(outline, outline.person_id)))
    return rows[:MOST_SHOWN]


def of_pair(person: Person, one: Department, other: Department) -> Block:
    """The plans of each that are about the other."""
    pair = Q(department=one, other=other) | Q(department=other, other=one)
    rows = _rows().filter(pair, policies.readable_by(person)).exclude(state="cancelled").order_by("-pk")
    return Block(one, lines_of(person, rows[:MOST_SHOWN]))
