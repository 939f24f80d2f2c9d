"""Filing a request: checked, numbered, promised and recorded in one transaction."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.selectors import Promised, priority_of, promise_for
from requests_app.agreements.states import target_data
from requests_app.calendars.selectors import current_version_id
from requests_app.catalogue.models import Service
from requests_app.catalogue.states import FieldType, FormField, check_answers
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services import clocks as clock_services
from requests_app.desk.services.attachments import attach_files, files_data
from requests_app.desk.states import Channel
from requests_app.events.services import answer_once, keep_answer, record
from requests_app.kernel.errors import NotAllowed, WrongInput, check_text
from requests_app.kernel.written import insert, written_once
from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import standing
from requests_app.org.states import CustomerKind, DepartmentKind

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Filing:
    """What somebody asks for, as it was typed."""

    title: str
    description: str = ""
    urgency: int = 3
    impact: int = 3
    answers: dict[str, Any] = field(default_factory=dict)
    files: tuple[UploadedFile, ...] = ()


@transaction.atomic
def file_request(
    *,
    by: Person,
    service: Service,
    filing: Filing,
    on_behalf_of: Person | None = None,
    customer: Department | None = None,
    channel: str = Channel.WEB,
    at: datetime | None = None,
) -> ServiceRequest:
    """File a request for the person's department (or the named one of theirs), or raise and keep nothing.

    `service` must be visible to `by`. On behalf: the requester is the colleague, `filed_by` the one who typed.
    """
    now = at or timezone.now()
    requester = on_behalf_of or by
    customer = _customer(by, requester, service, customer)
    clean = _checked(service, filing)
    supplier = service.department
    priority = priority_of(supplier_id=supplier.pk, urgency=filing.urgency, impact=filing.impact)
    promise = promise_for(
        customer_id=customer.pk, supplier_id=supplier.pk, service_id=service.pk, priority=priority, at=now
    )
    service_request = ServiceRequest(
        title=clean.title, description=clean.description, service=service, form_id=service.form_id,
        answers=clean.answers, customer=customer, supplier=supplier, requester=requester, filed_by=by,
        urgency=filing.urgency, impact=filing.impact, stated_urgency=filing.urgency, stated_impact=filing.impact,
        priority=priority, privacy=service.privacy, channel=channel, created_at=now, changed_at=now,
    )  # fmt: skip
    version_id = current_version_id(supplier.calendar_id)
    opened = clock_services.open_clocks(service_request, promise, version_id, now)
    service_request.due_at = clock_services.next_due(opened)
    insert([service_request])
    for clock in opened:
        clock.service_request = service_request
    insert(opened)
    files = attach_files(by=by, service_request=service_request, files=filing.files)
    record(
        kind="request.filed",
        subject_kind="request",
        subject_id=service_request.pk,
        by=by,
        on_behalf_of=requester if requester.pk != by.pk else None,
        at=now,
        data=filed_data(service_request, promise, version_id) | files_data(files),
    )
    return service_request


@transaction.atomic
def file_once(
    *,
    key: str,
    by: Person,
    service: Service,
    filing: Filing,
    on_behalf_of: Person | None = None,
    customer: Department | None = None,
) -> ServiceRequest:
    """Like file_request, but the same form sent twice (a double click) is one request: both get the same one."""
    sizes = [upload.size for upload in filing.files]
    typed = repr((service.pk, filing, sizes, on_behalf_of, customer)).encode("utf-8", "replace")
    key = f"form:{key[:64]}:{hashlib.sha256(typed).hexdigest()}"
    row = answer_once(person_id=by.pk, key=key, fingerprint="form")
    if row.answer is not None:
        return ServiceRequest.objects.get(pk=row.answer["request"])
    filed = file_request(by=by, service=service, filing=filing, on_behalf_of=on_behalf_of, customer=customer)
    keep_answer(row, status=201, answer={"request": filed.pk})
    return filed


def filed_data(service_request: ServiceRequest, promise: dict[str, Promised], version_id: int) -> dict:
    """What the figures need to know of a request for ever after, by itself."""
    return {
        "customer": service_request.customer_id,
        "supplier": service_request.supplier_id,
        "department": service_request.supplier_id,
        "service": service_request.service_id,
        "requester": service_request.requester_id,
        "filed_by": service_request.filed_by_id,
        "priority": service_request.priority,
        "urgency": service_request.urgency,
        "impact": service_request.impact,
        "channel": str(service_request.channel),
        "need_type": service_request.service.need_type,
        "customer_kind": customer_kind(service_request),
        "privacy": service_request.privacy,
        "calendar": version_id,
        "targets": targets_data(promise, version_id),
    }


def targets_data(promise: dict[str, Promised], version_id: int) -> dict:
    """measure → target with the calendar version it is measured by, as the figures read it for ever after."""
    return {
        measure: {
            **target_data(promised.time),
            "calendar": clock_services.calendar_of(promised, version_id),
            "agreement": promised.agreement_id,
        }
        for measure, promised in promise.items()
    }


def targets_as_measured(promise: dict[str, Promised], clocks: clock_services.Clocks) -> dict:
    """The same for a request that runs already: each measured by the calendar version of its clock."""
    versions = {clock.measure: clock.calendar_version_id for clock in clocks.values() if clock.holder_id is None}
    if not versions:
        return {}
    by_clock = {measure: {"calendar": version} for measure, version in versions.items()}
    targets = targets_data(promise, next(iter(versions.values())))
    return {measure: target | by_clock.get(measure, {}) for measure, target in targets.items()}


def customer_kind(service_request: ServiceRequest) -> str:
    """Partners by their organisation, executives by their role, heads asking for their department, else employees."""
    if service_request.customer.kind == DepartmentKind.PARTNER:
        return CustomerKind.PARTNER
    if service_request.requester.is_executive:
        return CustomerKind.EXECUTIVE
    if service_request.customer_id in standing(service_request.requester).head_of:
        return CustomerKind.DEPARTMENT
    return CustomerKind.EMPLOYEE


def _checked(service: Service, filing: Filing) -> Filing:
    """The filing as it is stored; everything that is wrong with it is said at once."""
    title, description = " ".join((filing.title or "").split()), (filing.description or "").strip()
    errors = {} if title else {"title": [_("Say in one line what you need.")]}
    errors |= _text_errors(title=(title, LONGEST_TITLE), description=(description, 20_000))
    errors |= {
        name: [_("Choose 1, 2 or 3; 1 is the highest.")]
        for name in ("urgency", "impact")
        if getattr(filing, name) not in (1, 2, 3)
    }
    answers: dict[str, Any] = {}
    questions = service.form.questions if service.form else []
    try:
        answers = check_answers(questions, _with_file_names(questions, filing))
    except WrongInput as error:
        errors |= error.errors
    if errors:
        raise WrongInput(errors)
    return Filing(title, description, filing.urgency, filing.impact, answers, filing.files)


def _text_errors(**texts: tuple[str, int]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name, (value, longest) in texts.items():
        try:
            check_text(name, value, longest=longest)
        except WrongInput as error:
            errors |= error.errors
    return errors


def _with_file_names(questions: list[FormField], filing: Filing) -> Any:
    """The files that came along are the answer to a question for a file."""
    if not isinstance(filing.answers, dict) or not filing.files:
        return filing.answers
    names = [upload.name for upload in filing.files]
    asked = {question.key: names for question in questions if question.type == FieldType.FILE}
    return asked | filing.answers


def _customer(by: Person, requester: Person, service: Service, named: Department | None) -> Department:
    """The department that asks; request.create_on_behalf and create_for_own_dept of the matrix."""
    if requester.pk != by.pk:
        _require_may_file_for(by, requester, service)
    hats = standing(requester)
    wanted = named.pk if named else hats.home_id or min(hats.member_of, default=None)
    if wanted is None:
        raise NotAllowed(
            _("A request is filed for a department, and you belong to none."), needed=_("Ask an administrator.")
        )
    if wanted not in hats.member_of:
        raise WrongInput({"customer": [_("Choose a department the requester belongs to.")]})
    return named or _departments(pk=wanted)[0]


@written_once
def _departments(*, pk: int) -> QuerySet[Department]:
    return Department.objects.filter(pk=pk)


def _require_may_file_for(by: Person, requester: Person, service: Service) -> None:
    """Heads for their own people; agents and heads for anybody, with a service of their own department."""
    hats = standing(by)
    if service.department_id in hats.supplies_for:
        return
    own = Membership.objects.filter(person=requester, department_id__in=hats.head_of).exists()
    if not own:
        raise NotAllowed(
            _("For somebody else, heads file for their own people and agents for the services of their department."),
            needed=_("Ask your head."),
        )
