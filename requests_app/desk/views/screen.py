"""The request page, whole or in part, with whatever form is open on it; and what follows a step."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from requests_app.desk.forms.steps import StepForm, add_refusal
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.request_page import request_page
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.kernel.pages import render_page_or_part

PAGE, PART, STEP = "desk/request.html", "desk/_request.html", "desk/_step.html"
REGION = "#request"


@dataclass(frozen=True)
class Opened:
    """A form that stands open under the next step."""

    form: StepForm
    url: str

    @property
    def has_fields(self) -> bool:
        return any(not bound.is_hidden for bound in self.form)


@dataclass(frozen=True)
class Screen:
    """What is open on the page besides the request: at most one form, and words that were refused.

    The forms for a message and a watcher are there only when they were refused; empty ones the page draws by itself.
    """

    opened: Opened | None = None
    reply: forms.Form | None = None
    note: forms.Form | None = None
    watcher: forms.Form | None = None
    work: forms.Form | None = None
    notice: str = ""


def show(request: HttpRequest, number: str, screen: Screen = Screen(), *, status: int = 200) -> HttpResponse:
    """The page as it is now. htmx gets the open form alone where it asked for a form, else the whole region."""
    page = request_page(person=request.user, number=number)
    context = {
        "page": page,
        "opened": screen.opened,
        "reply": screen.reply,
        "note": screen.note,
        "watcher": screen.watcher,
        "work": screen.work,
        "notice": screen.notice,
    }
    alone = screen.opened is not None and request.htmx.target == "step"
    response = render_page_or_part(request, PAGE, STEP if alone else PART, context, status=status)
    if request.htmx and not alone:
        response["HX-Retarget"], response["HX-Reswap"] = REGION, "outerHTML"
    return response


def open_form(request: HttpRequest, row: ServiceRequest, form: StepForm) -> HttpResponse:
    return show(request, row.number, Screen(opened=Opened(form, request.path)))


def take(
    request: HttpRequest, row: ServiceRequest, form: StepForm, act: Callable[[], object], *, said: str = ""
) -> HttpResponse:
    """Try the step. Refused: the page as it is now, the same form with what was typed and why it was not done."""
    status = 400
    if form.is_valid():
        try:
            act()
        except NotAllowed:
            raise
        except DomainError as error:
            add_refusal(form, error)
            status = error.status
        else:
            return done(request, row, said)
    return _refused(request, row, form, status)


def _refused(request: HttpRequest, row: ServiceRequest, form: StepForm, status: int) -> HttpResponse:
    opened, told = Opened(form, request.path), " ".join(form.non_field_errors())
    if not _visible(request, row):  # somebody else's step took it out of sight
        messages.warning(request, told)
        return _leave(request)
    screen = Screen(opened=opened) if opened.has_fields else Screen(notice=told)
    return show(request, row.number, screen, status=status)


def done(request: HttpRequest, row: ServiceRequest, said: str = "", *, anchor: str = "") -> HttpResponse:
    """After a step: the request as it is now; my desk when the step took it out of the reader's sight."""
    if not _visible(request, row):
        messages.success(request, said)
        return _leave(request)
    if request.htmx:
        return show(request, row.number)
    return redirect(reverse("desk:request", args=[row.number]) + anchor)


def _visible(request: HttpRequest, row: ServiceRequest) -> bool:
    return ServiceRequest.objects.visible_to(request.user).filter(pk=row.pk).exists()


def _leave(request: HttpRequest) -> HttpResponse:
    """To my desk, as a whole page also for htmx."""
    if request.htmx:
        return HttpResponseClientRedirect(reverse("desk:home"))
    return redirect("desk:home")
