"""Entering and withdrawing absences, and stating hours a week; each in one transaction, with its event."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.capacity import policies
from requests_app.capacity.models import Absence, ContractHours
from requests_app.capacity.states import FIRST_DAY, LAST_DAY, LONGEST_ABSENCE, MOST_MINUTES, Kind
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.policies import require_edit_department
from requests_app.org.selectors import agents_of


@transaction.atomic
def enter_absence(*, by: Person, person: Person, kind: str, first: date, last: date) -> Absence:
    """Somebody is away on these days, both inclusive; days that are entered already are refused."""
    policies.require_plan(by, person)
    _require_days(kind, first, last)
    Person.objects.select_for_update().get(pk=person.pk)
    known = Absence.objects.filter(person=person, first__lte=last, last__gte=first).order_by("first").first()
    if known is not None:
        told = {"first": known.first.isoformat(), "last": known.last.isoformat()}
        raise WrongInput(
            {"first": [_("%(first)s to %(last)s is entered already. Withdraw it, or choose other days.") % told]}
        )
    absence = Absence.objects.create(person=person, kind=kind, first=first, last=last, entered_by=by)
    _told("absence.entered", absence, by)
    return absence


def _require_days(kind: str, first: date, last: date) -> None:
    if kind not in Kind.values:
        raise WrongInput({"kind": [_("Choose one of: %(c)s.") % {"c": ", ".join(Kind.values)}]})
    if not (FIRST_DAY <= first <= LAST_DAY and FIRST_DAY <= last <= LAST_DAY):
        raise WrongInput({"first": [_("Choose days between 2000 and 2199.")]})
    if last < first:
        raise WrongInput({"last": [_("The last day lies before the first. Swap them.")]})
    if last - first > timedelta(days=LONGEST_ABSENCE):
        raise WrongInput({"last": [_("At most a year at a time. Choose an earlier last day.")]})


@transaction.atomic
def withdraw_absence(*, by: Person, absence: Absence) -> None:
    """They are there after all."""
    policies.require_plan(by, absence.person)
    _told("absence.withdrawn", absence, by)
    absence.delete()


def _told(kind: str, absence: Absence, by: Person) -> None:
    days = {"from": absence.first.isoformat(), "to": absence.last.isoformat()}
    record(
        kind=kind, subject_kind="person", subject_id=absence.person_id, by=by,
        data={"person": absence.person_id, "kind": absence.kind, **days},
    )  # fmt: skip


@transaction.atomic
def set_hours(
    *, by: Person, person: Person, department: Department, minutes: int, since: date | None = None
) -> ContractHours:
    """From a day on (today) somebody works so many minutes a week for the department; the days before keep theirs."""
    require_edit_department(by, department.pk)
    if not agents_of(department.pk).filter(pk=person.pk).exists():
        raise WrongInput({"person": [_("They do not work for this department. Make them an agent first.")]})
    if not 0 <= minutes <= MOST_MINUTES:
        raise WrongInput({"hours": [_("A week has at most 168 hours. Give 0 to 168.")]})
    since = since or timezone.localdate()
    if not FIRST_DAY <= since <= LAST_DAY:
        raise WrongInput({"since": [_("Choose days between 2000 and 2199.")]})
    Department.objects.select_for_update().get(pk=department.pk)
    rows = ContractHours.objects.filter(person=person, department=department, since__lte=since)
    before = rows.order_by("-since").values_list("minutes", flat=True).first()
    row, _made = ContractHours.objects.update_or_create(
        person=person, department=department, since=since, defaults={"minutes": minutes}
    )
    record(
        kind="hours.changed", subject_kind="person", subject_id=person.pk, by=by,
        data={"person": person.pk, "department": department.pk, "before": before, "after": minutes,
              "from": since.isoformat()},
    )  # fmt: skip
    return row
