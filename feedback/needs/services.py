"""Proposing a need, working on it step by step, rating it; each in one transaction."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.needs import policies
from feedback.needs.models import Need, NeedRating
from feedback.needs.plans import is_plan
from feedback.needs.sources import Found, attach
from feedback.needs.states import (
    DECIDED,
    HIGHEST,
    IMPROVEMENT,
    KEPT_AS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LOWEST,
    MOST_A_DAY,
    Importance,
    Move,
    Urgency,
    Words,
    move_of,
)
from requests_app.events.services import record
from requests_app.kernel.errors import (
    DomainError,
    IllegalMove,
    StaleVersion,
    WrongInput,
    check_text,
    require_text,
)
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import agents_of


@transaction.atomic
def propose(
    *,
    by: Person,
    department: Department,
    title: str,
    text: str = "",
    customers: Sequence[Department] = (),
    source: Found | None = None,
    at: datetime | None = None,
) -> Need:
    """Put a need on the board of `department`. Without customers it is of the proposer's own department."""
    now = at or timezone.now()
    customers = list(customers) or _own(by, department)
    policies.require_propose(by, department, customers)
    _require_customers(department, customers)
    _require_calm(by, now)
    need = Need.objects.create(
        department=department,
        title=require_text("title", title, longest=LONGEST_TITLE),
        text=check_text("text", text.strip(), longest=LONGEST_TEXT),
        proposed_by=by,
        proposed_at=now,
        changed_at=now,
    )
    need.customers.set(customers)
    if source is not None:
        attach(need, source, by)
    _record("need.proposed", need, by, now)
    return need


def _own(person: Person, department: Department) -> list[Department]:
    """The home of who proposes, or another department of theirs, but never that of the board."""
    hats = standing(person)
    others = sorted(hats.member_of - {department.pk})
    first = hats.home_id if hats.home_id in others else next(iter(others), None)
    return list(Department.objects.filter(pk=first)) if first else []


def _require_customers(department: Department, customers: Sequence[Department]) -> None:
    if not customers:
        raise WrongInput({"customers": [_("Name at least one department that needs it.")]})
    if department.pk in [row.pk for row in customers]:
        raise WrongInput({"customers": [_("A department is not its own customer. Choose the others that need it.")]})


def _require_calm(person: Person, now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # of many at once only so many get through
    if Need.objects.filter(proposed_by=person, proposed_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise DomainError(_("You have proposed %(n)s needs in a day. Come back tomorrow.") % {"n": MOST_A_DAY})


@transaction.atomic
def change_need(
    *,
    by: Person,
    need: Need,
    title: str | None = None,
    text: str | None = None,
    customers: Sequence[Department] | None = None,
    expected_version: int | None = None,
) -> Need:
    """Say it otherwise, or name other departments that need it. Ratings of those no longer named go."""
    need = lock_need(need.pk)
    policies.require_change(by, need)
    _require_version(need, expected_version)
    if title is not None:
        need.title = require_text("title", title, longest=LONGEST_TITLE)
    if text is not None:
        need.text = check_text("text", text.strip(), longest=LONGEST_TEXT)
    if customers is not None:
        policies.require_propose(by, need.department, customers)
        _require_customers(need.department, customers)
        need.customers.set(customers)
        need.ratings.exclude(department__in=customers).delete()
    now = timezone.now()
    _save(need, now)
    _record("need.changed", need, by, now)
    return need


@transaction.atomic
def take_step(
    *, by: Person, need: Need, name: str, words: Words | None = None, expected_version: int | None = None,
    at: datetime | None = None,
) -> Need:  # fmt: skip
    """Take the step `name`, or raise a DomainError and change nothing."""
    move, words = move_of(name), words or Words()
    need = lock_need(need.pk)
    policies.require_move(by, need, move)
    _require_version(need, expected_version)
    if need.state not in move.sources:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": need.get_state_display()}
        )
    before, now = need.state, at or timezone.now()
    note = require_text("note", words.note, longest=LONGEST_TEXT)
    _keep(need, move, words, note, by)
    need.state = move.target
    _save(need, now)
    _record(move.event, need, by, now, {"before": before, "note": note})
    return need


def lock_need(pk: int) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("department", "owner", "proposed_by").get(pk=pk)


def _require_version(need: Need, expected: int | None) -> None:
    if expected is not None and expected != need.version:
        raise StaleVersion(_("Somebody took a step here since you opened it. Look at it again, then decide."))


def _save(need: Need, now: datetime) -> None:
    need.version += 1
    need.changed_at = now
    need.save()


def _keep(need: Need, move: Move, words: Words, note: str, by: Person) -> None:
    if move.name in KEPT_AS:
        setattr(need, KEPT_AS[move.name], note)
    if "urgency" in move.needs:
        need.urgency = _one_of("urgency", words.urgency, Urgency.values)
        need.importance = _one_of("importance", words.importance, Importance.values)
    if "owner" in move.needs:
        need.owner, need.due_on = _owner(need, words.owner), _due(words.due_on)
    if "link" in move.needs:
        need.effect_link = _link(by, words.link)


def _one_of(field: str, value: Any, values: Sequence[int]) -> int:
    if value not in values:
        raise WrongInput({field: [_("Choose one of: %(values)s.") % {"values": ", ".join(str(one) for one in values)}]})
    return int(value)


def _owner(need: Need, owner: Person | None) -> Person:
    if owner is None or not agents_of(need.department_id).filter(pk=owner.pk).exists():
        told = _("Choose one of the people who work for %(name)s.") % {"name": need.department.name}
        raise WrongInput({"owner": [told]})
    return owner


def _due(day: date | None) -> date:
    if day is None:
        raise WrongInput({"due_on": [_("Say by which day it is carried out.")]})
    return day


def _link(by: Person, text: str) -> str:
    """The path of an improvement plan that this person may read, from its address; empty stays so."""
    text = text.strip()
    found = re.fullmatch(IMPROVEMENT, text)
    if text and not found:
        raise WrongInput({"link": [_("Copy the address of an improvement plan, such as /improvements/12/.")]})
    if found and not is_plan(by, int(found[1].strip("/").rpartition("/")[2])):
        raise WrongInput({"link": [_("There is no such improvement plan among those you may read.")]})
    return found[1] if found else ""


@transaction.atomic
def rate(
    *, by: Person, need: Need, importance: int, satisfaction: int, department: Department | None = None,
    at: datetime | None = None,
) -> NeedRating:  # fmt: skip
    """Say for a customer department how much it counts and how well it is met (1 to 5); the newest counts."""
    need = lock_need(need.pk)
    department = policies.require_rate(by, need, department)
    if need.state == "set_aside":
        raise IllegalMove(_("It was set aside. Needs are rated while they are on the board."))
    scale = range(LOWEST, HIGHEST + 1)
    now = at or timezone.now()
    values = {
        "importance": _one_of("importance", importance, scale),
        "satisfaction": _one_of("satisfaction", satisfaction, scale),
        "rated_by": by,
        "rated_at": now,
    }
    rating, _new = NeedRating.objects.update_or_create(need=need, department=department, defaults=values)
    said = {"importance": rating.importance, "satisfaction": rating.satisfaction, "customer": department.pk}
    _record("need.rated", need, by, now, said)
    return rating


@transaction.atomic
def add_source(*, by: Person, need: Need, source: Found) -> Need:
    """Say where it was heard of. The same again is refused beside the field."""
    need = lock_need(need.pk)
    policies.require_change(by, need)
    attach(need, source, by)
    _record("need.source_added", need, by, timezone.now(), {"source": source.kind})
    return need


@transaction.atomic
def remove_source(*, by: Person, need: Need, pk: int) -> Need:
    """Take back where it was heard of; one that is not there (any more) is no error."""
    need = lock_need(need.pk)
    policies.require_change(by, need)
    found = need.sources.filter(pk=pk).first()
    if found is not None:
        found.delete()
        _record("need.source_removed", need, by, timezone.now(), {"source": found.kind})
    return need


def tell_what_is_due(*, today: date | None = None) -> int:
    """Say once of each due day of a need that it has passed; of how many."""
    today = today or timezone.localdate()
    late = Need.objects.filter(state=DECIDED, due_on__lt=today).order_by("pk").values_list("pk", flat=True)
    return sum(_tell(pk, today) for pk in late)


@transaction.atomic
def _tell(pk: int, today: date) -> bool:
    """The mark and the event commit together, so nothing is told twice."""
    need = lock_need(pk)
    if need.state != DECIDED or need.due_on is None or need.due_on >= today or need.overdue_told_on == need.due_on:
        return False
    need.overdue_told_on = need.due_on
    need.save(update_fields=["overdue_told_on"])
    _record("need.overdue", need, None, timezone.now(), {"due_on": need.due_on.isoformat()})
    return True


def _record(kind: str, need: Need, by: Person | None, at: datetime, more: dict[str, Any] | None = None) -> None:
    data: dict[str, Any] = {"supplier": need.department_id, "department": need.department_id}
    data["customers"] = sorted(row.pk for row in need.customers.all())
    record(kind=kind, subject_kind="need", subject_id=need.pk, by=by, at=at, data=data | (more or {}))
