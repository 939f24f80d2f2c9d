"""Making and changing departments, people, their hats and their tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.events.services import record
from requests_app.kernel.errors import NotAllowed, WrongInput, check_text, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org import policies
from requests_app.org.models import ApiToken, Department, Membership, Person
from requests_app.org.states import LEADING_ROLES, DepartmentKind, Role

DEPARTMENT_FIELDS = (
    "slug", "name", "kind", "mission", "language", "time_zone", "cost_centre", "calendar_id", "is_active", "parent_id",
)  # fmt: skip
PERSON_FIELDS = (
    "email", "name", "position", "language", "time_zone", "is_active", "is_admin", "is_executive", "is_auditor",
)  # fmt: skip
TOKEN_FIELDS = ("name", "person_id", "read_only", "expires_at")
MOST_DAYS = 365
NOT_ONES_OWN = ("email", "is_active", "is_admin", "is_executive", "is_auditor")
STRUCTURE = ("slug", "kind", "is_active")
PROFILE_FIELDS = ("name", "position", "language", "time_zone")


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def create_token(*, person: Person, name: str = "command line", days: int = MOST_DAYS, read_only: bool = False) -> str:
    """A new token, shown this once. AU and EX get reading tokens only."""
    return issue_token(by=person, name=name, days=days, read_only=read_only)[1]


@transaction.atomic
def issue_token(
    *, by: Person, name: str, days: int = MOST_DAYS, read_only: bool = False, under: ApiToken | None = None
) -> tuple[ApiToken, str]:
    """A token for oneself, and its text, which is shown this once and kept nowhere.

    Whoever only looks (auditors, executives) gets a reading token. `under` is the token that asks for another one:
    the new one may do no more and lasts no longer.
    """
    name = require_text("name", name, longest=80)
    if not 1 <= days <= MOST_DAYS:
        raise WrongInput({"days": [_("Give 1 to %(n)s days.") % {"n": MOST_DAYS}]})
    expires_at = timezone.now() + timedelta(days=days)
    if under is not None:
        read_only, expires_at = read_only or under.read_only, min(expires_at, under.expires_at)
    text = f"sd_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person=by,
        name=name,
        digest=digest_of(text),
        read_only=read_only or policies.only_looks(by),
        expires_at=expires_at,
    )
    _note_change("token", token.pk, by, {}, snapshot(token, TOKEN_FIELDS))
    return token, text


@transaction.atomic
def withdraw_token(*, by: Person, token: ApiToken) -> None:
    """The token works no more, from this moment on. One's own; administrators anybody's."""
    if token.person_id != by.pk:
        policies.require_admin(by)
    before = snapshot(token, TOKEN_FIELDS)
    if ApiToken.objects.filter(pk=token.pk).delete()[0]:
        _note_change("token", token.pk, by, before, dict.fromkeys(TOKEN_FIELDS))


@transaction.atomic
def save_department(
    *, by: Person, department: Department | None = None, based_on: str | None = None, **values: Any
) -> Department:
    """Create a department (admins) or change one (admins; its heads all but slug, kind, parent, active).

    `based_on` is the fingerprint of the values that were read: StaleVersion when somebody saved in between.
    """
    if department is None:
        policies.require_admin(by)
        department, before = Department(kind=DepartmentKind.INTERNAL), {}
    else:
        if not policies.can_edit_department(by, department.pk) or _touches_structure(department, values):
            policies.require_admin(by)
        department = Department.objects.select_for_update().get(pk=department.pk)
        before = snapshot(department, DEPARTMENT_FIELDS)
        require_unchanged(based_on, before)
    parent = values.pop("parent", department.parent)
    _refuse_circle(department, parent)
    department.parent = parent
    for field, value in values.items():
        setattr(department, field, value)
    department.name = require_text("name", department.name, longest=120)
    if Department.objects.filter(slug=department.slug).exclude(pk=department.pk).exists():
        raise WrongInput({"slug": [_("Another department has this short name. Choose a different one.")]})
    department.save()
    _write_paths(department)
    _note_change("department", department.pk, by, before, snapshot(department, DEPARTMENT_FIELDS))
    return department


def _touches_structure(department: Department, values: dict) -> bool:
    changed = any(values.get(field, getattr(department, field)) != getattr(department, field) for field in STRUCTURE)
    return changed or ("parent" in values and values["parent"] != department.parent)


def _refuse_circle(department: Department, parent: Department | None) -> None:
    above = parent
    while above is not None:
        if above.pk == department.pk and department.pk:
            raise WrongInput({"parent": [_("A department cannot lie below itself. Choose another one above it.")]})
        above = above.parent


def _write_paths(department: Department) -> None:
    """Keep the path of the department and of everything below it."""
    base = department.parent.path if department.parent else "/"
    path = f"{base}{department.pk}/"
    if path == department.path:
        return
    Department.objects.filter(pk=department.pk).update(path=path)
    department.path = path
    for child in Department.objects.filter(parent=department):
        child.parent = department
        _write_paths(child)


@transaction.atomic
def save_person(
    *,
    by: Person,
    person: Person | None = None,
    password: str | None = None,
    based_on: str | None = None,
    **values: Any,
) -> Person:
    """Create or change a person (admins only). Nobody changes own roles, address or active flag.

    A person made inactive is out at once: neither sessions nor tokens of theirs are taken from then on.
    """
    policies.require_admin(by)
    before = {}
    if person is None:
        person = Person()
        person.set_unusable_password()
    else:
        person = Person.objects.select_for_update().get(pk=person.pk)
        before = snapshot(person, PERSON_FIELDS)
        require_unchanged(based_on, before)
    for field, value in values.items():
        setattr(person, field, value)
    if by.pk == person.pk and any(before[field] != getattr(person, field) for field in NOT_ONES_OWN):
        raise _not_ones_own()
    person.email = require_text("email", person.email).lower()
    person.name = require_text("name", person.name, longest=120)
    if Person.objects.filter(email__iexact=person.email).exclude(pk=person.pk).exists():
        raise WrongInput({"email": [_("Somebody has this address already. Give another one.")]})
    if password:
        person.set_password(password)
    person.save()
    _forget_former_addresses(person)
    _note_change("person", person.pk, by, before, snapshot(person, PERSON_FIELDS))
    return person


def _forget_former_addresses(person: Person) -> None:
    """The sign-in library remembers each address it has mailed; one that was given up must open nothing."""
    EmailAddress.objects.filter(user_id=person.pk).exclude(email__iexact=person.email).delete()


@transaction.atomic
def add_person(*, by: Person, department: Department | None = None, roles: Iterable[str] = (), **values: Any) -> Person:
    """A new person (admins only), with the first hats and the department for which they file by default."""
    person = save_person(by=by, **values)
    if department is not None:
        set_hats(by=by, person=person, department=department, roles=set(roles) or {Role.MEMBER.value}, home=True)
    return person


@transaction.atomic
def change_profile(*, by: Person, based_on: str | None = None, **values: str) -> Person:
    """What everybody says of themselves: any of PROFILE_FIELDS."""
    person = Person.objects.select_for_update().get(pk=by.pk)
    before = snapshot(person, PERSON_FIELDS)
    require_unchanged(based_on, before)
    for field in PROFILE_FIELDS:
        setattr(person, field, values.get(field, getattr(person, field)))
    person.name = require_text("name", person.name, longest=120)
    person.position = check_text("position", person.position.strip(), longest=120)
    person.save(update_fields=PROFILE_FIELDS)
    _note_change("person", person.pk, by, before, snapshot(person, PERSON_FIELDS))
    return person


@transaction.atomic
def set_hats(*, by: Person, person: Person, department: Department, roles: set[str], home: bool = False) -> None:
    """What the person is in this department from now on; no roles means: not of it any more.

    Admins set anything. Heads make and unmake agents of their own department, never other heads. Nobody sets the own.
    """
    department = Department.objects.select_for_update().get(pk=department.pk)
    held = set(Membership.objects.filter(person=person, department=department).values_list("role", flat=True))
    _require_may_set(by, person, department, held ^ roles)
    Membership.objects.filter(person=person, department=department).exclude(role__in=roles).delete()
    for role in sorted(roles - held):
        Membership.objects.create(person=person, department=department, role=role)
    if home and roles:
        Membership.objects.filter(person=person, home=True).update(home=False)
        first = Membership.objects.filter(person=person, department=department).order_by("pk")[:1]
        Membership.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(home=True)
    person.__dict__.pop("_standing", None)
    _note_change("person", person.pk, by, {department.slug: sorted(held)}, {department.slug: sorted(roles)})


def _require_may_set(by: Person, person: Person, department: Department, changed: set[str]) -> None:
    if by.pk == person.pk:
        raise _not_ones_own()
    if policies.standing(by).is_admin:
        return
    if not policies.can_edit_department(by, department.pk) or changed & (LEADING_ROLES | {Role.MEMBER}):
        policies.require_admin(by)


def _not_ones_own() -> NotAllowed:
    """user.change_own_role_dept_email_active: nobody, administrators included."""
    return NotAllowed(
        _("Nobody changes their own address, roles or access."), needed=_("Ask another administrator to do it.")
    )


def snapshot(row: Model, fields: tuple[str, ...]) -> dict:
    """The named values as they go into an event."""
    values = {field: getattr(row, field) for field in fields}
    return {field: value.isoformat() if isinstance(value, datetime) else value for field, value in values.items()}


def _note_change(kind: str, pk: int, by: Person, before: dict, after: dict) -> None:
    changed = {key for key in after if before.get(key) != after[key]}
    if changed:
        record(
            kind="config.changed",
            subject_kind=kind,
            subject_id=pk,
            by=by,
            data={
                "what": kind,
                "before": {key: before.get(key) for key in sorted(changed)},
                "after": {key: after[key] for key in sorted(changed)},
            },
        )
