"""The tree of causes: read for choosing, changed in the settings, begun with a few that every desk meets."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.actions.models import Cause
from feedback.actions.policies import require_edit_causes
from feedback.actions.states import LONGEST_CAUSE
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Person

DEEPEST = 4
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


def cause_tree(*, closed: bool = False) -> list[Twig]:
    """Every cause below the one it belongs to, by name; closed ones, and what is below them, only when asked for."""
    below = defaultdict(list)
    for cause in Cause.objects.order_by("name", "pk"):
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


def get_cause(pk: int) -> Cause:
    found = Cause.objects.filter(pk=pk).first()
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
    if parent is not None and _depth(parent) + 1 >= DEEPEST:
        raise WrongInput({"parent": [_("The tree is four steps deep at most. Choose one further up.")]})
    cause = Cause(name=require_text("name", name, longest=LONGEST_CAUSE), parent=parent)
    _save(cause)
    _record(cause, by, {})
    return cause


@transaction.atomic
def change_cause(
    *, by: Person, cause: Cause, name: str | None = None, is_active: bool | None = None, based_on: str | None = None
) -> Cause:
    """Rename, close or open again; what was sorted under it stays so."""
    require_edit_causes(by)
    cause = Cause.objects.select_for_update(of=("self",)).select_related("parent").get(pk=cause.pk)
    before = values_of(cause)
    require_unchanged(based_on, before)
    if name is not None:
        cause.name = require_text("name", name, longest=LONGEST_CAUSE)
    if is_active is not None:
        cause.is_active = is_active
    if values_of(cause) != before:
        _save(cause)
        _record(cause, by, before)
    return cause


def _depth(cause: Cause) -> int:
    depth = 0
    while cause.parent is not None:
        cause, depth = cause.parent, depth + 1
    return depth


def _save(cause: Cause) -> None:
    try:
        with transaction.atomic():
            cause.save()
    except IntegrityError as error:
        raise WrongInput({"name": [_("There is a cause of this name here already.")]}) from error


def _record(cause: Cause, by: Person | None, before: dict) -> None:
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
