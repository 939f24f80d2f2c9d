"""Who works on a request, how urgent it is, and what it says."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.selectors import priority_of
from requests_app.agreements.states import Measure
from requests_app.desk import policies
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.filing import LONGEST_TITLE, targets_as_measured
from requests_app.desk.services.moves import lock_request, save_request
from requests_app.desk.states import ENDED
from requests_app.events.services import record, record_all
from requests_app.kernel.errors import IllegalMove, WrongInput, check_text, require_text
from requests_app.org.models import Person
from requests_app.org.selectors import agents_of


@transaction.atomic
def assign_request(
    *, by: Person, service_request: ServiceRequest, assignee: Person | None, at: datetime | None = None
) -> ServiceRequest:
    """Give the work to an agent of the supplying department; taking it oneself needs it to be free."""
    service_request = lock_request(service_request.pk)
    taking = assignee is not None and assignee.pk == by.pk and service_request.assignee_id is None
    policies.require(by, service_request, "request.take_unassigned" if taking else "request.assign_other")
    if service_request.status in ENDED:
        raise IllegalMove(_("This request has ended; nobody needs to work on it."))
    if assignee and not agents_of(service_request.supplier_id).filter(pk=assignee.pk).exists():
        raise WrongInput({"assignee": [_("Choose an agent of the department that has the request.")]})
    before, now = service_request.assignee_id, at or timezone.now()
    if before == (assignee.pk if assignee else None):
        return service_request
    _assign(service_request, assignee, by, now)
    return service_request


def put_back(service_request: ServiceRequest, now: datetime) -> None:
    """What a step of escalation does with work that somebody has kept too long: it is free for the others again."""
    if service_request.assignee_id is not None:
        _assign(service_request, None, None, now)


def _assign(service_request: ServiceRequest, assignee: Person | None, by: Person | None, now: datetime) -> None:
    """Work given to a named person is taken on, as far as promises are concerned."""
    before, service_request.assignee = service_request.assignee_id, assignee
    if assignee:
        clocks, alarms = clock_services.settled_clocks(service_request, now)
        record_all([*alarms, *clock_services.stop_measures(clocks, now, Measure.ACCEPTANCE)])
        clock_services.save_clocks(service_request, clocks.values())
    save_request(service_request, now)
    record(
        kind="request.assigned",
        subject_kind="request",
        subject_id=service_request.pk,
        by=by,
        at=now,
        data={"department": service_request.supplier_id, "assignee": service_request.assignee_id, "before": before},
    )


@transaction.atomic
def reprioritise_request(
    *,
    by: Person,
    service_request: ServiceRequest,
    urgency: int,
    impact: int,
    reason: str = "",
    at: datetime | None = None,
) -> ServiceRequest:
    """Change urgency and impact; the priority follows the matrix, the targets follow the priority.

    New targets are measured from the original start with the past pauses. What the customer stated is kept.
    """
    service_request = lock_request(service_request.pk)
    policies.require(by, service_request, "request.set_priority")
    if urgency not in (1, 2, 3) or impact not in (1, 2, 3):
        raise WrongInput({"urgency": [_("Choose 1, 2 or 3; 1 is the highest.")]})
    if service_request.status in ENDED:
        raise IllegalMove(_("This request has ended; its priority stays as it was."))
    reason = require_text("reason", reason, longest=2000)
    now = at or timezone.now()
    before = _levels(service_request)
    service_request.urgency, service_request.impact = urgency, impact
    priority = priority_of(supplier_id=service_request.supplier_id, urgency=urgency, impact=impact)
    _set_priority(service_request, priority, before, reason, by, now)
    return service_request


def raise_priority(service_request: ServiceRequest, now: datetime) -> None:
    """What a step of escalation does when a target is nearly used up: one priority higher, urgency as stated."""
    if service_request.priority > 1:
        before, reason = _levels(service_request), _("Raised by a step that was agreed on.")
        _set_priority(service_request, service_request.priority - 1, before, reason, None, now)


def _set_priority(
    service_request: ServiceRequest, priority: int, before: dict, reason: str, by: Person | None, now: datetime
) -> None:
    service_request.priority = priority
    targets = _retarget(service_request, now) if priority != before["priority"] else {}
    save_request(service_request, now)
    record(
        kind="request.reprioritised",
        subject_kind="request",
        subject_id=service_request.pk,
        by=by,
        at=now,
        data={
            "department": service_request.supplier_id,
            "before": before,
            "after": _levels(service_request),
            "reason": reason,
            "targets": targets,
        },
    )


def _levels(service_request: ServiceRequest) -> dict[str, int]:
    return {name: getattr(service_request, name) for name in ("priority", "urgency", "impact")}


def _retarget(service_request: ServiceRequest, now: datetime) -> dict:
    clocks, alarms = clock_services.settled_clocks(service_request, now)
    record_all(alarms)
    promise = clock_services.promise_of(service_request)
    clock_services.retarget(clocks, promise | clock_services.inner_promise(clocks, service_request))
    clock_services.save_clocks(service_request, clocks.values())
    return targets_as_measured(promise, clocks)


@transaction.atomic
def edit_request(
    *, by: Person, service_request: ServiceRequest, title: str, description: str, expected_version: int | None = None
) -> ServiceRequest:
    """Change the words while nobody has taken the request; before and after are kept."""
    service_request = lock_request(service_request.pk, expected_version=expected_version)
    policies.require(by, service_request, "request.edit_text")
    title = require_text("title", " ".join(title.split()), longest=LONGEST_TITLE)
    description = check_text("description", description.strip())
    before = {"title": service_request.title, "description": service_request.description}
    service_request.title, service_request.description = title, description
    now = timezone.now()
    save_request(service_request, now)
    record(
        kind="request.edited",
        subject_kind="request",
        subject_id=service_request.pk,
        by=by,
        at=now,
        data={
            "department": service_request.supplier_id,
            "before": before,
            "after": {"title": title, "description": description},
        },
    )
    return service_request
