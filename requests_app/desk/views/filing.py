"""Asking for something: the form of a service, and what would be promised while it is filled in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import get_service
from requests_app.desk.forms.filing import USUAL, LevelForm, RequestForm
from requests_app.desk.selectors.promises import promises_for
from requests_app.desk.services.filing import LONGEST_TITLE, file_once
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; sent and accepted, on to the request with its number."""
    service = get_service(person=request.user, slug=slug)
    if request.method != "POST":
        first = {"title": request.GET.get("title", "")[:LONGEST_TITLE]}
        return _form_page(request, service, RequestForm(person=request.user, service=service, initial=first))
    form = RequestForm(request.POST, request.FILES, person=request.user, service=service)
    status = 400
    if form.is_valid():
        try:
            filed = file_once(by=request.user, service=service, **form.filing())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_refusal(error)
            status = error.status
        else:
            messages.success(
                request, _("Sent to %(to)s as %(n)s.") % {"to": service.department.name, "n": filed.number}
            )
            return redirect("desk:request", number=filed.number)
    return _form_page(request, service, form, status=status)


def _form_page(request: HttpRequest, service: Service, form: RequestForm, *, status: int = 200) -> HttpResponse:
    context = {"service": service, "form": form} | _promised(request, service, form.data or USUAL)
    return render(request, "desk/new.html", context, status=status)


def _promised(request: HttpRequest, service: Service, levels: dict) -> dict:
    form = LevelForm(levels)
    form.is_valid()  # what is not valid is the usual
    urgency, impact = (form.cleaned_data.get(name) or usual for name, usual in USUAL.items())
    promises = promises_for(service=service, customer_id=_customer_id(request.user, form.cleaned_data.get("customer")))
    return {"promises": promises, "promise": promises.chosen(urgency, impact)}


def _customer_id(person: Person, slug: str | None) -> int | None:
    """The department that would ask: the chosen one if it is the person's, else their home."""
    hats = standing(person)
    if slug:
        chosen = person.memberships.filter(department__slug=slug).values_list("department_id", flat=True).first()
        if chosen:
            return chosen
    return hats.home_id or min(hats.member_of, default=None)


@login_required
@require_GET
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that says what is promised for the chosen urgency and impact."""
    service = get_service(person=request.user, slug=slug)
    return render(
        request, "desk/_promise.html", {"service": service, "live": True} | _promised(request, service, request.GET)
    )
