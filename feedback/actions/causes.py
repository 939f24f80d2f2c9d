"""The tree of causes: read for choosing, proposed for, changed, begun with a few that every desk meets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.policies import can_edit_causes, require_edit_causes, require_move, require_propose_causes
from feedback.actions.states import ACCEPTED, LONGEST_CAUSE, MOVES, PROPOSED
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, WrongInput, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Person

DEEPEST = 4
MOST_WAITING = 20
FIRST = {
    "What was asked": ("Need not understood", "Request incomplete", "Need changed on the way"),
    "How it is done": ("No agreed way of working", "Way of working not followed", "Handover between departments"),
    "Who does it": ("Not enough people", "Not trained for it", "Nobody responsible"),
    "Means": ("Tool or system failed", "Material or part missing", "Outside supplier late"),
}


@dataclass(frozen=True)
class Twig:
    """A cause at its place in the tree. `path` names it with those above it."""

    cause: Cause
    depth: int
    path: str


def cause_tree(*, closed: bool = False, action: CorrectiveAction | None = None) -> list[Twig]:
    """Every cause below the one it belongs to, by name; closed ones, and what is below them, only when asked for.

    With an action come the causes that are proposed for it, which can be chosen there.
    """
    rows = Cause.objects.in_the_tree()
    if action is not None:
        rows |= Cause.objects.filter(state=PROPOSED, proposed_for=action)
    below = defaultdict(list)
    for cause in rows.order_by("name", "pk"):
        below[cause.parent_id].append(cause)
    for causes in below.values():
        causes.sort(key=lambda cause: (cause.words.casefold(), cause.pk))
    found: list[Twig] = []

    def walk(parent: int | None, depth: int, path: str) -> None:
        for cause in below[parent]:
            if cause.is_active or closed:
                here = f"{path} › {cause.words}" if path else cause.words
                found.append(Twig(cause, depth, here))
                walk(cause.pk, depth + 1, here)

    walk(None, 0, "")
    return found


def twig_of(cause: Cause) -> Twig:
    """A cause wherever it stands, closed, proposed or turned down."""
    names, above = [cause.words], cause.parent
    while above is not None:
        names.append(above.words)
        above = above.parent
    return Twig(cause, len(names) - 1, " › ".join(reversed(names)))


def proposals_to(person: Person, *, state: str = "") -> QuerySet[Cause]:
    """What was proposed for the tree, as far as the person may read it, the latest first."""
    rows = Cause.objects.visible_to(person).filter(proposed_by__isnull=False)
    rows = rows.filter(state=state) if state else rows
    parents = "parent__parent__parent"
    return rows.select_related(parents, "merged_into__parent", "proposed_by").order_by("-proposed_at", "-pk")


@dataclass(frozen=True)
class CausesWaiting:
    """The block of an administrator's desk with the proposals to decide on."""

    rows: list[Cause]

    @property
    def count(self) -> int:
        return len(self.rows)


def causes_waiting_for(person: Person) -> list[Cause]:
    """The oldest proposals, for administrators; nothing and no query for others."""
    if not can_edit_causes(person):
        return []
    rows = Cause.objects.filter(state=PROPOSED).select_related("proposed_by")
    return list(rows.order_by("proposed_at", "pk")[:MOST_WAITING])


def get_cause(pk: int, *, person: Person) -> Cause:
    """The cause, or 404 when it is not there or a proposal that is not theirs to read."""
    found = Cause.objects.visible_to(person).filter(pk=pk).select_related("parent__parent", "proposed_by").first()
    if found is None:
        raise Http404
    return found


def values_of(cause: Cause) -> dict:
    return {"name": cause.name, "below": cause.parent.name if cause.parent else "", "is_active": cause.is_active}


@transaction.atomic
def add_cause(*, by: Person | None, name: str, parent: Cause | None = None) -> Cause:
    """A new cause, at the top or below another; `by` None is the installation itself."""
    if by is not None:
        require_edit_causes(by)
    _require_room("parent", parent)
    cause = Cause(name=require_text("name", name, longest=LONGEST_CAUSE), parent=parent)
    save_cause(cause)
    record_change(cause, by, {})
    return cause


def checked_proposal(name: str, below: Cause | None, *, fields: tuple[str, str] = ("name", "parent")) -> str:
    """What a missing cause is to be called, or WrongInput under the names of these fields."""
    name = require_text(fields[0], name, longest=LONGEST_CAUSE)
    _require_room(fields[1], below)
    here = Cause.objects.in_the_tree().filter(parent=below, is_active=True, name__iexact=name)
    if here.exists():
        raise WrongInput({fields[0]: [_("This cause is in the tree already. Choose it from the list.")]})
    return name


@transaction.atomic
def propose_cause(
    *,
    by: Person,
    name: str,
    parent: Cause | None = None,
    action: CorrectiveAction | None = None,
    at: datetime | None = None,
) -> Cause:
    """Say that a cause is missing; what is proposed already is answered. WrongInput, NotAllowed otherwise.

    For an action it is for whoever may say what caused that, and stands below another, where the action falls back to.
    """
    if action is None:
        require_propose_causes(by)
    else:
        require_move(by, action, MOVES["analyse"])
        if parent is None:
            raise WrongInput({"parent": [_("Choose the cause that it belongs below.")]})
    name = checked_proposal(name, parent)
    same = Cause.objects.filter(state=PROPOSED, parent=parent, name=name, proposed_for=action)
    if known := (same if action else same.filter(proposed_by=by)).first():
        return known
    now = at or timezone.now()
    cause = Cause(name=name, parent=parent, state=PROPOSED, proposed_by=by, proposed_at=now, proposed_for=action)
    save_cause(cause)
    data = {"name": name, "below": parent.name if parent else "", "action": action.pk if action else None}
    record(kind="cause.proposed", subject_kind="cause", subject_id=cause.pk, by=by, at=now, data=data)
    return cause


@transaction.atomic
def change_cause(
    *, by: Person, cause: Cause, name: str | None = None, is_active: bool | None = None, based_on: str | None = None
) -> Cause:
    """Rename, close or open again; what was sorted under it stays so."""
    require_edit_causes(by)
    cause = Cause.objects.select_for_update(of=("self",)).select_related("parent").get(pk=cause.pk)
    if cause.state != ACCEPTED:
        raise IllegalMove(_("This is no part of the tree. A proposal is accepted first."))
    before = values_of(cause)
    require_unchanged(based_on, before)
    if name is not None:
        cause.name = require_text("name", name, longest=LONGEST_CAUSE)
    if is_active is not None:
        cause.is_active = is_active
    if values_of(cause) != before:
        save_cause(cause)
        record_change(cause, by, before)
    return cause


def _require_room(field: str, parent: Cause | None) -> None:
    if parent is not None and _depth(parent) + 1 >= DEEPEST:
        raise WrongInput({field: [_("The tree is four steps deep at most. Choose one further up.")]})


def _depth(cause: Cause) -> int:
    depth = 0
    while cause.parent is not None:
        cause, depth = cause.parent, depth + 1
    return depth


def save_cause(cause: Cause) -> None:
    """Keep it, or WrongInput when its place holds one of this name."""
    try:
        with transaction.atomic():
            cause.save()
    except IntegrityError as error:
        raise WrongInput({"name": [_("There is a cause of this name here already.")]}) from error


def record_change(cause: Cause, by: Person | None, before: dict) -> None:
    """What changed in the tree, for the history of changes."""
    data = {"what": "cause", "before": before, "after": values_of(cause)}
    record(kind="config.changed", subject_kind="cause", subject_id=cause.pk, by=by, data=data)


@transaction.atomic
def ensure_causes() -> None:
    """Begin the tree, once: what was changed or closed since stays as it is."""
    if Cause.objects.exists():
        return
    for name, parts in FIRST.items():
        parent = add_cause(by=None, name=name)
        for part in parts:
            add_cause(by=None, name=part, parent=parent)
