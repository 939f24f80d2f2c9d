"""Who stands where: the hats of a person, and the permission matrix as data.

`permissions.csv` beside this file is the one matrix: rows are actions, columns the contexts in which
a person can stand to an object. Pages, API, exports and tests read the same file.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from requests_app.kernel.errors import NotAllowed
from requests_app.kernel.written import written_once
from requests_app.org.models import Membership, Person
from requests_app.org.states import LEADING_ROLES, SUPPLYING_ROLES, DepartmentKind

ALLOWED_CODES = frozenset("YPSNC")
_STRENGTH = {code: rank for rank, code in enumerate("LHFCNSPY")}


@cache
def matrix() -> dict[str, dict[str, str]]:
    """action → context → code (Y P S N C allow; F refuses with 403; H hides with 404; L asks to sign in)."""
    with (Path(__file__).parent / "permissions.csv").open(newline="") as file:
        return {row.pop("object.action"): row for row in csv.DictReader(file)}


def best_code(action: str, contexts: Iterable[str]) -> str:
    """The strongest code that any of the contexts gives; H when there is none."""
    row = matrix()[action]
    return max((row[context] for context in contexts), key=_STRENGTH.__getitem__, default="H")


@dataclass(frozen=True)
class Standing:
    """The hats of one person, loaded once per request or task."""

    person_id: int
    home_id: int | None
    member_of: frozenset[int] = frozenset()
    agent_of: frozenset[int] = frozenset()
    head_of: frozenset[int] = frozenset()
    supplies_for: frozenset[int] = frozenset()
    is_admin: bool = False
    is_executive: bool = False
    is_auditor: bool = False
    is_partner: bool = False  # all hats are in partner organisations
    global_contexts: frozenset[str] = field(default=frozenset())

    @property
    def shape(self) -> "Standing":
        """What many people have in common: all that decides which rows are theirs, but for who they are."""
        known = vars(self).get("_shape")
        if known is None:
            known = replace(self, person_id=1 if self.person_id else 0, home_id=None)
            vars(self)["_shape"] = known
        return cast(Standing, known)


@dataclass(frozen=True)
class _Whoever:
    _standing: Standing


def whoever(shape: Standing, person_id: int) -> Person:
    """Anybody who stands so: for queries written once for each shape. Nothing but the standing can be asked of them."""
    return cast(Person, _Whoever(replace(shape, person_id=person_id if shape.person_id else 0)))


def standing(person: Person) -> Standing:
    """The person's hats; one query, remembered on the instance."""
    known = getattr(person, "_standing", None)
    if known is None:
        known = _load_standing(person)
        vars(person)["_standing"] = known
    return known


class Own(NamedTuple):
    """A department in which the person has a hat."""

    pk: int
    slug: str
    name: str


def own_departments(person: Person) -> tuple[Own, ...]:
    """The active departments in which the person has a hat, by name; they came along with the hats."""
    return cast(tuple[Own, ...], vars(person).get("_own", ())) if standing(person).person_id else ()


@written_once
def _hats(*, person: int) -> QuerySet:
    rows = Membership.objects.filter(person_id=person).order_by("department__name", "department_id")
    department = ("department__slug", "department__name", "department__is_active")
    return rows.values_list("department_id", "role", "home", "department__kind", *department)


def _load_standing(person: Person) -> Standing:
    if not person.is_authenticated or not person.is_active:
        return Standing(person_id=0, home_id=None)
    hats = _hats(person=person.pk)
    vars(person)["_own"] = tuple({hat[0]: Own(hat[0], hat[4], hat[5]) for hat in hats if hat[6]}.values())
    in_roles = lambda roles: frozenset(hat[0] for hat in hats if hat[1] in roles)  # noqa: E731
    leads = in_roles(LEADING_ROLES)
    named = [(person.is_admin, "AD"), (person.is_auditor, "AU"), (person.is_executive, "EX")]
    return Standing(
        person_id=person.pk,
        home_id=next((hat[0] for hat in hats if hat[2]), None),
        member_of=frozenset(hat[0] for hat in hats),
        agent_of=in_roles({"agent"}),
        head_of=leads,
        supplies_for=in_roles(SUPPLYING_ROLES),
        is_admin=person.is_admin,
        is_executive=person.is_executive,
        is_auditor=person.is_auditor,
        is_partner={hat[3] for hat in hats} == {DepartmentKind.PARTNER},
        global_contexts=frozenset(code for holds, code in named if holds),
    )


def contexts_without_object(person: Person) -> frozenset[str]:
    """The letters under which a person acts on things that belong to nobody: catalogue, settings, figures."""
    hats = standing(person)
    if not hats.person_id:
        return frozenset({"AN"})
    found = set(hats.global_contexts) | {"U"}
    if hats.agent_of:
        found |= {"OA"}
    if hats.head_of:
        found |= {"OH"}
    return frozenset(found)


def only_looks(person: Person) -> bool:
    """Auditors and executives without any hat change nothing, so their tokens only read."""
    hats = standing(person)
    return (hats.is_auditor or hats.is_executive) and not hats.is_admin and not hats.member_of


def require_admin(person: Person) -> None:
    if not standing(person).is_admin:
        raise NotAllowed(_("Only an administrator can change this."), needed=_("Ask one of the administrators."))


def can_edit_department(person: Person, department_id: int) -> bool:
    """department.edit_settings: admins, and the heads of that department."""
    hats = standing(person)
    return hats.is_admin or department_id in hats.head_of


def require_edit_department(person: Person, department_id: int) -> None:
    if not can_edit_department(person, department_id):
        raise NotAllowed(
            _("Only the head of this department or an administrator changes its settings."),
            needed=_("Ask the head of the department or one of the administrators."),
        )


def can_set_up(person: Person, action: str) -> bool:
    """Whether a row of the matrix lets this person set up anything at all; which one is asked object by object.

    Leading some department counts as leading the one that is asked about.
    """
    contexts = set(contexts_without_object(person)) | ({"SH"} if standing(person).head_of else set())
    return best_code(action, contexts) in ALLOWED_CODES


def require_set_up(person: Person, action: str) -> None:
    if not can_set_up(person, action):
        raise NotAllowed(
            _("Settings are for administrators and for the heads of departments."),
            needed=_("Ask the head of your department or one of the administrators."),
        )
