"""The request page, and every step that can be taken on it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from requests_app.desk import policies
from requests_app.desk.forms.steps import (
    ANSWER_FORMS,
    MOVE_FORMS,
    AssignForm,
    EditForm,
    HandoffForm,
    MoveForm,
    PriorityForm,
    StepForm,
    TakeForm,
)
from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.selectors.requests import get_handoff, get_service_request
from requests_app.desk.services import assignment, handoffs
from requests_app.desk.services.moves import move_request, require_source
from requests_app.desk.states import move_of
from requests_app.desk.views.screen import Screen, open_form, show, take
from requests_app.org.models import Person

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_GET
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number)


@login_required
@get_or_post
def move(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One step of the life: its form, or the step itself."""
    row = get_service_request(person=request.user, number=number)
    if action not in MOVE_FORMS:
        raise Http404
    if row.status in move_of(action).sources:  # else somebody was faster: what happened is told, not whose it is
        policies.require_move(request.user, row, action)
    if request.method != "POST":
        require_source(row, move_of(action))
        return open_form(request, row, MOVE_FORMS[action](initial=_unmet(row, request.GET)))
    form: MoveForm = MOVE_FORMS[action](request.POST, request.FILES)

    def act() -> None:
        words, seen = form.words(), form.seen_version
        if seen is None:
            require_source(row, move_of(action))
        move_request(
            by=request.user, service_request=row, action=action, words=words, expected_version=seen, files=form.uploads
        )

    return take(request, row, form, act)


def _unmet(row: ServiceRequest, ticked: QueryDict) -> dict[str, str]:
    """The criteria marked "Not yet" on the delivery are what was agreed and not received."""
    criteria = enumerate(row.service.criteria, start=1)
    missed = [words for place, words in criteria if ticked.get(f"c{place}") == "not"]
    return {"agreed": "\n".join(missed)} if missed else {}


@login_required
@get_or_post
def take_it(request: HttpRequest, number: str) -> HttpResponse:
    """The work to oneself; whoever comes second is told who was first."""
    row = get_service_request(person=request.user, number=number)
    if row.assignee is not None:
        told = _("%(name)s works on this already.") % {"name": row.assignee.name}
        return show(request, number, Screen(notice=told), status=409)
    policies.require(request.user, row, "request.take_unassigned")
    if request.method != "POST":
        return open_form(request, row, TakeForm())
    form, me = TakeForm(request.POST), request.user
    return take(request, row, form, lambda: assignment.assign_request(by=me, service_request=row, assignee=me))


@login_required
@get_or_post
def assign(request: HttpRequest, number: str) -> HttpResponse:
    row = get_service_request(person=request.user, number=number)
    policies.require(request.user, row, "request.assign_other")
    if request.method != "POST":
        return open_form(request, row, AssignForm(service_request=row))
    form = AssignForm(request.POST, service_request=row)

    def act() -> None:
        assignment.assign_request(by=request.user, service_request=row, assignee=form.cleaned_data["assignee"])

    return take(request, row, form, act)


@login_required
@get_or_post
def priority(request: HttpRequest, number: str) -> HttpResponse:
    row = get_service_request(person=request.user, number=number)
    policies.require(request.user, row, "request.set_priority")
    if request.method != "POST":
        return open_form(request, row, PriorityForm(initial={"urgency": row.urgency, "impact": row.impact}))
    form = PriorityForm(request.POST)

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in ("urgency", "impact", "reason")}
        assignment.reprioritise_request(by=request.user, service_request=row, **values)

    return take(request, row, form, act)


@login_required
@get_or_post
def edit(request: HttpRequest, number: str) -> HttpResponse:
    row = get_service_request(person=request.user, number=number)
    policies.require(request.user, row, "request.edit_text")
    if request.method != "POST":
        return open_form(request, row, EditForm(initial={"title": row.title, "description": row.description}))
    form = EditForm(request.POST)

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in ("title", "description")}
        assignment.edit_request(by=request.user, service_request=row, expected_version=form.seen_version, **values)

    return take(request, row, form, act)


@login_required
@get_or_post
def handoff(request: HttpRequest, number: str) -> HttpResponse:
    """Offer the request to another department."""
    row = get_service_request(person=request.user, number=number)
    policies.require(request.user, row, "request.reject_or_transfer")
    if request.method != "POST":
        return open_form(request, row, HandoffForm(person=request.user, service_request=row))
    form = HandoffForm(request.POST, person=request.user, service_request=row)

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in ("to", "reason")}
        handoffs.offer_handoff(by=request.user, service_request=row, **values)

    return take(request, row, form, act)


@login_required
@get_or_post
def answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Accept, decline or take back an offer."""
    offer = get_handoff(person=request.user, pk=pk)
    row = offer.service_request
    if answer not in ANSWER_FORMS:
        raise Http404
    if request.method != "POST":
        _require_answer(request.user, offer, answer)
        return open_form(request, row, ANSWER_FORMS[answer]())
    form = ANSWER_FORMS[answer](request.POST)
    said = _("%(number)s went back to %(name)s.") % {"number": row.number, "name": offer.sender.name}
    return take(request, row, form, lambda: _answer(request.user, offer, answer, form), said=said)


def _require_answer(person: Person, offer: Handoff, answer: str) -> None:
    if answer == "withdraw":
        policies.require(person, offer.service_request, "request.reject_or_transfer")
    else:
        policies.require_answer_handoff(person, offer)


def _answer(person: Person, offer: Handoff, answer: str, form: StepForm) -> None:
    if answer == "accept":
        handoffs.accept_handoff(by=person, handoff=offer)
    elif answer == "decline":
        handoffs.decline_handoff(by=person, handoff=offer, reason=form.cleaned_data["reason"])
    else:
        handoffs.withdraw_handoff(by=person, handoff=offer)
