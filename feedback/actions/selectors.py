"""Reading corrective actions: the lists of both sides, the page of one, what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions import policies
from feedback.actions.effect import Effect
from feedback.actions.measuring import effect_of
from feedback.actions.models import ActionFile, CorrectiveAction
from feedback.actions.recurrence import similar_to
from feedback.actions.states import (
    ANALYSED,
    CLOSED,
    CONTAINED,
    DONE,
    DUE_WORDS,
    ENDED,
    MEANING,
    MOVES,
    OF_REQUESTS,
    OPEN,
    PLANNED,
    VERIFIED,
    Move,
    words_of,
)
from requests_app.agreements.states import Side
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import number_of
from requests_app.events.selectors import events_of
from requests_app.kernel.panels import Panel, panels_for
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.selectors import names_of

WITH = ("supplier", "customer", "service", "cause", "owner", "verified_by", "opened_by", "continues")
MOST_SHOWN = 5
MOST_WAITING = 20


def actions_for(
    person: Person, *, side: str = "", department: Department | None = None, ended: bool = False, late: bool = False
) -> QuerySet[CorrectiveAction]:
    """What the person may read, newest first: owed by a department (supplier), owed to it (customer), or either.

    Without a department those of all the person's own count.
    """
    rows = _read_by(person)
    ours = [department.pk] if department else sorted(standing(person).member_of)
    if side or department:
        sides = [side] if side else Side.values
        wanted = Q()
        for name in sides:
            wanted |= Q(**{f"{name}_id__in": ours})
        rows = rows.filter(wanted)
    if not ended:
        rows = rows.exclude(state__in=ENDED)
    chosen = late_of(rows, timezone.localdate()) if late else rows
    return chosen.order_by("-pk")


def _read_by(person: Person) -> QuerySet[CorrectiveAction]:
    return CorrectiveAction.objects.visible_to(person).select_related("supplier", "customer", "service", "owner")


def late_of(rows: QuerySet[CorrectiveAction], today: date) -> QuerySet[CorrectiveAction]:
    """Those whose next step is past its day, whatever step it is; `Line.late` says the same of one."""
    return rows.filter(next_due_on__lt=today)


def get_action(*, person: Person, pk: int) -> CorrectiveAction:
    """The action, or 404 when it is not there or not theirs to see."""
    rows = CorrectiveAction.objects.visible_to(person).select_related(*WITH)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Line:
    """An action in a list. `next` says who does what; `day` until when, in `day_words`; `late` that it has passed."""

    action: CorrectiveAction
    meaning: str
    next: str
    late: bool
    day: date | None
    day_words: str


def lines_of(rows: Iterable[CorrectiveAction], today: date | None = None) -> list[Line]:
    today = today or timezone.localdate()
    return [
        Line(
            action=row,
            meaning=MEANING[row.state],
            next=next_step(row, today),
            late=row.next_due_on is not None and row.next_due_on < today,
            day=timezone.localdate(row.ended_at) if row.ended_at else row.next_due_on,
            day_words=str(DUE_WORDS[row.state]),
        )
        for row in rows
    ]


def next_step(action: CorrectiveAction, today: date) -> str:
    """Who must do what, in one sentence."""
    names = {
        "supplier": action.supplier.name,
        "customer": action.customer.name,
        "owner": action.owner.name if action.owner else action.supplier.name,
    }
    if action.state == VERIFIED and action.check_on and action.check_on > today:
        return _("%(customer)s looks later whether it lasted.") % names
    return str(NEXT[action.state]) % names


NEXT = {
    OPEN: gettext_lazy("%(supplier)s keeps it from hurting further."),
    CONTAINED: gettext_lazy("%(supplier)s finds out what caused it."),
    ANALYSED: gettext_lazy("The head of %(supplier)s plans what is done, by whom, until when."),
    PLANNED: gettext_lazy("%(owner)s carries it out."),
    DONE: gettext_lazy("The head of %(customer)s confirms that it worked, or sends it back."),
    VERIFIED: gettext_lazy("The head of %(customer)s says whether it lasted."),
    CLOSED: gettext_lazy("Nothing is left to do. If it comes back, it is opened again."),
    "cancelled": gettext_lazy("Nothing is left to do."),
}


@dataclass(frozen=True)
class Happened:
    """A step of the past."""

    words: str
    at: datetime
    note: str


@dataclass(frozen=True)
class ActionPage:
    """One action as one person sees it. A summary has no analysis, no plan, no history."""

    action: CorrectiveAction
    line: Line
    full: bool
    moves: list[Move]
    source_number: str
    source_visible: bool
    history: list[Happened]
    similar: list[CorrectiveAction]
    files: list[ActionFile] = field(default_factory=list)
    may_add: bool = False
    effect: Effect | None = None
    panels: list[Panel] = field(default_factory=list)  # what it came of, from the packages that know that
    own: frozenset[int] = frozenset()  # the files that the reader added and may take away again

    @property
    def whys(self) -> list[str]:
        return list(self.action.whys)

    @property
    def is_confirmed(self) -> bool:
        return self.action.verified_at is not None


def action_page(*, person: Person, pk: int) -> ActionPage:
    """The page, or 404."""
    action = get_action(person=person, pk=pk)
    here = policies.contexts(person, action)
    full = policies.reads_in_full(here)
    number = source_number(action)
    seen = number and ServiceRequest.objects.visible_to(person).filter(pk=action.source_id).exists()
    files = list(action.files.order_by("pk")) if full else []
    is_open = action.state not in ENDED
    return ActionPage(
        action=action,
        line=lines_of([action])[0],
        full=full,
        moves=policies.moves_for(person, action, here),
        source_number=number if seen else "",
        source_visible=bool(seen),
        history=_history(action) if full else [],
        similar=list(similar_to(person, action)) if full else [],
        files=files,
        effect=effect_of(action) if full else None,
        panels=panels_for("action", person=person, action=action),
        own=frozenset(row.pk for row in files if is_open and row.uploaded_by_id == person.pk),
        may_add=is_open and policies.allows(person, action, MOVES["finish"], here),
    )


def source_number(action: CorrectiveAction) -> str:
    """The number of the request it came of, if it came of one."""
    of_request = action.source_kind in OF_REQUESTS and action.source_id is not None
    return number_of(action.source_id) if of_request and action.source_id else ""


WORDS = {
    "action.opened": gettext_lazy("%(who)s opened it"),
    "action.contained": gettext_lazy("%(who)s contained it"),
    "action.analysed": gettext_lazy("%(who)s said what caused it: %(cause)s"),
    "action.resorted": gettext_lazy("%(who)s sorted it under another cause: %(cause)s"),
    "action.planned": gettext_lazy("%(who)s planned what is done"),
    "action.done": gettext_lazy("%(who)s said that it is done"),
    "action.sent_back": gettext_lazy("%(who)s sent it back: it is not solved yet"),
    "action.verified": gettext_lazy("%(who)s confirmed that it worked"),
    "action.closed": gettext_lazy("%(who)s closed it: it lasted"),
    "action.reopened": gettext_lazy("It came back, and was opened again"),
    "action.cancelled": gettext_lazy("%(who)s cancelled it"),
    "action.shown": gettext_lazy("%(who)s added files"),
    "action.overdue": gettext_lazy("The day of the next step passed; who has it was told"),
    "action.check_due": gettext_lazy("The day came to look whether it lasted"),
}


def _history(action: CorrectiveAction) -> list[Happened]:
    events = [event for event in events_of("action", action.pk) if event.kind in WORDS]
    names = names_of([event.actor_id for event in events])
    product = _("The service desk")
    return [
        Happened(
            str(WORDS[event.kind])
            % {
                "who": names.get(event.actor_id or 0, _("Somebody")) if event.actor_id else product,
                "cause": words_of(event.data.get("cause_name", "")),
            },
            event.at,
            event.data.get("note") or ", ".join(event.data.get("names", ())),
        )
        for event in events
    ]


@dataclass(frozen=True)
class Waiting:
    """The block of my desk with the actions that wait for the reader."""

    rows: list[Line]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person, today: date | None = None) -> list[Line]:
    """What this person has to do: as owner, as head of the supplier, as head of the customer; one query."""
    hats, today = standing(person), today or timezone.localdate()
    if not hats.supplies_for and not hats.head_of:
        return []
    return lines_of(_waiting(hats.head_of, person=hats.person_id, today=today), today)


@written_once
def _waiting(head_of: frozenset[int], *, person: int, today: date) -> QuerySet[CorrectiveAction]:
    mine = Q(owner_id=person, state=PLANNED)
    if head_of:
        mine |= Q(supplier_id__in=head_of, state__in=[OPEN, CONTAINED, ANALYSED])
        confirm = Q(state=DONE) | Q(state=VERIFIED, check_on__lte=today)
        mine |= Q(customer_id__in=head_of) & confirm & ~Q(supplier_id__in=head_of)
    rows = CorrectiveAction.objects.filter(mine).select_related("supplier", "customer", "owner")
    return rows.order_by("next_due_on", "pk")[:MOST_WAITING]


@dataclass(frozen=True)
class DepartmentActions:
    """The block of a dashboard: the open actions that a department owes, or is owed, and how many of them are late."""

    department: Department
    side: str
    rows: list[Line]
    open: int = 0
    late: int = 0


def of_department(person: Person, department: Department, side: str) -> DepartmentActions:
    """As many as are in the list of all that are open; one query."""
    hats, today = standing(person), timezone.localdate()
    found: list[Any] = _of_department(hats.shape, side, person=hats.person_id, department=department.pk, today=today)
    if not found:
        return DepartmentActions(department, side, [])
    return DepartmentActions(department, side, lines_of(found, today), open=found[0].n_open, late=found[0].n_late)


@written_once
def _of_department(hats: Standing, side: str, *, person: int, department: int, today: date) -> QuerySet:
    rows = _read_by(whoever(hats, person)).filter(**{f"{side}_id": department}).exclude(state__in=ENDED)
    late = Count("pk", filter=Q(next_due_on__lt=today))
    return rows.annotate(n_open=Window(Count("pk")), n_late=Window(late)).order_by("next_due_on", "pk")[:MOST_SHOWN]


@dataclass(frozen=True)
class PairActions:
    """The block of the page of two departments: what each owes the other, open first, then the latest that ended."""

    rows: list[Line]


def of_pair(person: Person, one: Department, other: Department) -> PairActions:
    pair = Q(supplier=one, customer=other) | Q(supplier=other, customer=one)
    return PairActions(
        lines_of(_read_by(person).filter(pair).order_by(F("ended_at").desc(nulls_first=True), "-pk")[:MOST_SHOWN])
    )
