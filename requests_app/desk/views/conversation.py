"""Words, files and watchers on a request."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from requests_app.desk.forms.steps import MessageForm, WatcherForm, WorkForm, add_refusal
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_attachment, get_service_request
from requests_app.desk.selectors.worklogs import get_worklog
from requests_app.desk.services import conversation, worklogs
from requests_app.desk.services.attachments import path_of
from requests_app.desk.views.screen import Screen, done, show
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.org.selectors import people_for

SUGGESTED = 12


@login_required
def message(request: HttpRequest, number: str) -> HttpResponse:
    """A reply, or with `internal` a note; each is written in a form of its own."""
    row = get_service_request(person=request.user, number=number)
    if request.method != "POST":
        return redirect("desk:request", number=number)
    kind = "note" if request.POST.get("internal") else "reply"
    form = MessageForm(request.POST, request.FILES, auto_id=f"{kind}_%s")
    status = 400
    if form.is_valid():
        try:
            posted = conversation.post_message(by=request.user, service_request=row, **form.cleaned_data)
            return done(request, row, anchor=f"#m{posted.pk}")
        except NotAllowed:
            raise
        except DomainError as error:
            add_refusal(form, error)
            status = error.status
    return show(request, number, Screen(**{kind: form}), status=status)


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to be saved and never to be run: our own type, no sniffing, a sandbox around it."""
    found = get_attachment(person=request.user, pk=pk)
    try:
        file = path_of(found).open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def watch(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody, named by address, reads along."""
    row = get_service_request(person=request.user, number=number)
    form = WatcherForm(request.POST, person=request.user, auto_id="watcher_%s")
    if form.is_valid():
        person = form.cleaned_data["email"]
        return _try(request, row, form, partial(conversation.add_watcher, person=person))
    return show(request, number, Screen(watcher=form), status=400)


@login_required
@require_POST
def unwatch(request: HttpRequest, number: str) -> HttpResponse:
    row = get_service_request(person=request.user, number=number)
    form = WatcherForm(request.POST, person=request.user, auto_id="watcher_%s")
    if form.is_valid():
        person = form.cleaned_data["email"]
        return _try(request, row, form, partial(conversation.remove_watcher, person=person))
    return show(request, number, Screen(watcher=form), status=400)


@login_required
@require_POST
def work(request: HttpRequest, number: str) -> HttpResponse:
    """Time spent is added, or with `log` an earlier entry put right."""
    row = get_service_request(person=request.user, number=number)
    form = WorkForm(request.POST, auto_id="work_%s")
    status = 400
    if form.is_valid():
        try:
            _logged(request, row, form.cleaned_data)
            return done(request, row, anchor="#work")
        except NotAllowed:
            raise
        except DomainError as error:
            add_refusal(form, error)
            status = error.status
    return show(request, number, Screen(work=form), status=status)


def _logged(request: HttpRequest, row: ServiceRequest, typed: dict[str, Any]) -> None:
    pk, minutes = typed.pop("log"), typed["minutes"]
    if pk is None:
        worklogs.log_work(by=request.user, service_request=row, **typed)
    else:
        log = get_worklog(person=request.user, row=row, pk=pk)
        worklogs.correct_work(by=request.user, log=log, minutes=minutes)


def _try(request, row, form, act) -> HttpResponse:
    try:
        act(by=request.user, service_request=row)
    except NotAllowed:
        raise
    except DomainError as error:
        add_refusal(form, error)
        return show(request, row.number, Screen(watcher=form), status=error.status)
    return done(request, row)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Suggestions for a field that takes an address; who the reader may find, by part of name or address.

    `field` names the parameter that holds what was typed, where it is none of the usual three.
    """
    names = ("q", "on_behalf_of", "email", request.GET.get("field", ""))
    typed = next((request.GET[name] for name in names if request.GET.get(name)), "")
    typed = typed.replace("\x00", "")[:100].strip()
    found = people_for(request.user, q=typed).filter(is_active=True)[:SUGGESTED] if len(typed) > 1 else []
    return render(request, "desk/_people.html", {"people": found})
