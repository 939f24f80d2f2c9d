"""Setting targets and priorities: always a new version, never a change of the past."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements import policies
from requests_app.agreements.models import Agreement, PriorityMatrix, Target
from requests_app.agreements.states import (
    ACCEPTANCE_DAYS,
    DEFAULT_PAUSING,
    DEFAULT_TARGETS,
    Days,
    HoldReason,
    Life,
    Measure,
    Reopening,
    Side,
    Step,
    Targets,
    Time,
    target_data,
    targets_as_json,
)
from requests_app.agreements.terms import Terms
from requests_app.catalogue.models import Service
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, check_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

LONGEST = 365 * 24 * 3600
LONGEST_DAYS = 365
MOST_STEPS = 12
DAYS_OF = {"reopen_days": (0, 365), "remind_days": (1, 365)}


@transaction.atomic
def set_targets(
    *,
    by: Person | None,
    targets: Targets,
    supplier: Department | None = None,
    customer: Department | None = None,
    service: Service | None = None,
    pausing: tuple[str, ...] = DEFAULT_PAUSING,
    acceptance_days: int = ACCEPTANCE_DAYS,
    valid_from: datetime | None = None,
    based_on: int | None = None,
    **more: Any,
) -> Agreement:
    """End what is in force between these parties and begin the next version now (or at `valid_from`).

    `targets` is measure → priority → seconds of working time or `Days`. Requests keep the version they were filed
    under. `by` None is the installation itself (demo, first start). `based_on` is the version that was read (0: there
    was none): StaleVersion when somebody saved in between. `more` are further `Terms`. What two heads have signed
    only they or an administrator replace.
    """
    if by is not None:
        policies.require_edit_targets(by, supplier.pk if supplier else None)
    terms = Terms(targets=targets, pausing=pausing, acceptance_days=acceptance_days, **more)
    check_terms(terms)
    since = valid_from or timezone.now()
    one_at_a_time(supplier, customer, service)
    parties = {"customer": customer, "supplier": supplier, "service": service}
    former = Agreement.objects.filter(**parties, life=Life.SIGNED).order_by("-version").first()
    if based_on is not None and based_on != (former.version if former else 0):
        raise StaleVersion(_("Somebody else saved this in between. Nothing of yours was saved, and nothing is lost."))
    _require_unsigned(by, former)
    if former and former.valid_to is None:
        if former.valid_from >= since:
            raise WrongInput({"valid_from": [_("This must begin after the version in force began.")]})
        Agreement.objects.filter(pk=former.pk).update(valid_to=since)
    agreement = Agreement.objects.create(
        **parties,
        version=former.version + 1 if former else 1,
        valid_from=since,
        valid_to=terms.valid_to,
        created_by=by,
        **terms.columns(),
    )
    write_targets(agreement, targets)
    _note_agreement(by, agreement, former, targets)
    return agreement


def _require_unsigned(by: Person | None, former: Agreement | None) -> None:
    """IllegalMove for a head who would undo alone what two heads signed."""
    if former is None or by is None or standing(by).is_admin or (former.valid_to and former.valid_to <= timezone.now()):
        return
    if former.signatures.count() == len(Side):
        raise IllegalMove(_("Two heads have signed what holds between these. Propose a new version to the other one."))


def write_targets(agreement: Agreement, targets: Targets) -> None:
    """The targets of a version, in place of those it had."""
    agreement.targets.all().delete()
    Target.objects.bulk_create(
        Target(agreement=agreement, measure=measure, priority=priority, **target_data(time))
        for measure, by_priority in targets.items()
        for priority, time in by_priority.items()
    )


@transaction.atomic
def end_targets(
    *,
    by: Person,
    supplier: Department | None = None,
    customer: Department | None = None,
    service: Service | None = None,
) -> Agreement:
    """What is less specific holds again from now on; requests filed before keep their promise."""
    policies.require_edit_targets(by, supplier.pk if supplier else None)
    if supplier is None and customer is None:
        raise IllegalMove(_("Something must hold for everybody. Change the company's default instead."))
    one_at_a_time(supplier, customer, service)
    parties = {"supplier": supplier, "customer": customer, "service": service}
    agreement = Agreement.objects.filter(**parties, life=Life.SIGNED, valid_to=None).first()
    if agreement is None:
        raise IllegalMove(_("Nothing is agreed between these any more."))
    _require_unsigned(by, agreement)
    agreement.valid_to = timezone.now()
    agreement.save(update_fields=["valid_to"])
    record(
        kind="config.changed",
        subject_kind="agreement",
        subject_id=agreement.pk,
        by=by,
        data={"what": "agreement", "before": {"agreement": agreement.pk}, "after": {"agreement": None}},
    )
    return agreement


def one_at_a_time(*parties: Model | None) -> None:
    """Two people saving the same agreement wait for each other instead of colliding on the constraint."""
    key = hash(tuple(party.pk if party else 0 for party in parties)) % 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [7301, key])


def check_terms(terms: Terms) -> None:
    """WrongInput that names each term that cannot be, with the remedy."""
    errors = _target_errors(terms.targets) | _escalation_errors(terms)
    if set(terms.pausing) - set(HoldReason.values):
        errors["pausing"] = [_("Choose from: %(r)s.") % {"r": ", ".join(HoldReason.values)}]
    if not 1 <= terms.acceptance_days <= 60:
        errors["acceptance_days"] = [_("Give 1 to 60 working days.")]
    for name, (least, most) in DAYS_OF.items():
        if not least <= getattr(terms, name) <= most:
            errors[name] = [_("Give %(least)s to %(most)s days.") % {"least": least, "most": most}]
    if terms.reopening not in Reopening.values:
        errors["reopening"] = [_("Choose from: %(r)s.") % {"r": ", ".join(Reopening.values)}]
    if terms.valid_to and terms.valid_to <= (terms.valid_from or timezone.now()):
        errors["valid_to"] = [_("This must lie after the beginning.")]
    if errors:
        raise WrongInput(errors)
    check_text("quality", terms.quality)
    check_text("price", terms.price, longest=200)


def _escalation_errors(terms: Terms) -> dict[str, list[str]]:
    steps = terms.escalations
    if len(steps) > MOST_STEPS:
        return {"escalations": [_("At most %(n)s steps fit.") % {"n": MOST_STEPS}]}
    if any(not 1 <= step.percent <= 500 for step in steps):
        return {"escalations": [_("Give a share from 1 to 500 percent of the target.")]}
    if any(step.measure not in terms.targets or step.step not in Step.values for step in steps):
        return {"escalations": [_("A step needs a target of its measure, and one of the known actions.")]}
    if len({(step.measure, step.percent, step.step) for step in steps}) < len(steps):
        return {"escalations": [_("The same step stands there twice. Remove one.")]}
    return {}


def _target_errors(targets: Targets) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {} if targets else {"targets": [_("Set at least one target.")]}
    unknown = sorted(set(targets) - set(Measure.values))
    if unknown:
        errors["targets"] = [_("There is no measure %(m)s.") % {"m": ", ".join(unknown)}]
    for measure, by_priority in targets.items():
        for priority, time in by_priority.items():
            if priority not in range(1, 6) or not _possible(time):
                errors[f"{measure}_{priority}"] = [_("Give a time from 1 minute to 365 days for priorities 1 to 5.")]
    return errors


def _possible(time: Time) -> bool:
    return 1 <= time.count <= LONGEST_DAYS if isinstance(time, Days) else 60 <= time <= LONGEST


def _note_agreement(by: Person | None, agreement: Agreement, former: Agreement | None, targets: Targets) -> None:
    record(
        kind="config.changed",
        subject_kind="agreement",
        subject_id=agreement.pk,
        by=by,
        data={
            "what": "agreement",
            "before": {"agreement": former.pk if former else None},
            "after": {"targets": targets_as_json(targets), "valid_from": agreement.valid_from.isoformat()},
        },
    )


@transaction.atomic
def set_matrix(
    *,
    by: Person,
    cells: dict[int, dict[int, int]],
    department: Department | None = None,
    based_on: str | None = None,
) -> PriorityMatrix:
    """The priority of each urgency and impact, for the company or for one supplier.

    `based_on` is the fingerprint of the cells that were read: StaleVersion when somebody saved in between.
    """
    policies.require_edit_targets(by, department.pk if department else None)
    whole = {1, 2, 3}
    if set(cells) != whole or any(set(row) != whole or set(row.values()) - set(range(1, 6)) for row in cells.values()):
        raise WrongInput({"cells": [_("Give a priority from 1 to 5 for each of the nine cells.")]})
    as_json = {str(urgency): {str(impact): value for impact, value in row.items()} for urgency, row in cells.items()}
    former = PriorityMatrix.objects.select_for_update().filter(department=department).first()
    require_unchanged(based_on, former.cells if former else {})
    matrix, _created = PriorityMatrix.objects.update_or_create(department=department, defaults={"cells": as_json})
    record(
        kind="config.changed",
        subject_kind="matrix",
        subject_id=matrix.pk,
        by=by,
        data=_matrix_data(department, former.cells if former else {}, as_json),
    )
    return matrix


def _matrix_data(department: Department | None, before: dict, after: dict) -> dict:
    """With the department, because its matrix may be gone when the history is read."""
    return {"what": "matrix", "before": before, "after": after, "department": department.pk if department else None}


@transaction.atomic
def drop_matrix(*, by: Person, department: Department | None) -> None:
    """The company's priorities hold for this supplier again, from the next request on."""
    policies.require_edit_targets(by, department.pk if department else None)
    if department is None:
        raise IllegalMove(_("Something must hold for everybody. Change the company's priorities instead."))
    former = PriorityMatrix.objects.select_for_update().filter(department=department).first()
    if former is None:
        return
    record(
        kind="config.changed",
        subject_kind="matrix",
        subject_id=former.pk,
        by=by,
        data=_matrix_data(department, former.cells, {}),
    )
    former.delete()


def ensure_company_default() -> None:
    """The company's default targets, made once, so that every request has a promise from the first day."""
    if not Agreement.objects.filter(Q(customer=None), Q(supplier=None), Q(service=None)).exists():
        set_targets(
            by=None,
            targets={
                Measure.RESPONSE.value: {priority: pair[0] for priority, pair in DEFAULT_TARGETS.items()},
                Measure.RESOLUTION.value: {priority: pair[1] for priority, pair in DEFAULT_TARGETS.items()},
            },
            valid_from=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
        )
