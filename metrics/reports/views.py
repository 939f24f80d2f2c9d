"""Reports over HTTP: as a file at once, or by mail from now on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics.reports import selectors, services
from metrics.reports.forms import SubscribeForm
from metrics.reports.states import CONTENT_TYPES, Form
from metrics.reports.writing import file_of
from metrics.rollups.policies import require_sight
from requests_app.kernel.forms import refusals_beside
from requests_app.org.selectors import get_department


@login_required
@require_GET
def report(request: HttpRequest, slug: str, side: str, form: str) -> HttpResponse:
    """What the page of these figures shows, as a file; the days are given as there."""
    if form not in Form.values:
        raise Http404
    given = request.GET
    made = selectors.report_of(
        person=request.user,
        slug=slug,
        side=side,
        choice=given.get("period", ""),
        start=given.get("from", ""),
        end=given.get("to", ""),
    )
    name, content = file_of(made, form)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[Form(form)], headers=disposition)


@login_required
def by_mail(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    """What comes by mail, and a form to ask for more."""
    department = get_department(person=request.user, slug=slug)
    require_sight(request.user, department)
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form):
            made = services.subscribe(by=request.user, department=department, side=side, **form.cleaned_data)
            said = _("It comes to %(address)s.") % {"address": made.person.email}
            messages.success(request, said)
            return redirect(request.path)
    context = {
        "department": department,
        "side": side,
        "title": selectors.title_of(department.name, side),
        "form": form,
        "lines": [
            (found, selectors.title_of(found.department.name, found.side))
            for found in selectors.subscriptions_of(request.user)
        ],
    }
    return render(request, "metrics/reports.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_subscription(person=request.user, pk=pk)
    services.stop_subscription(by=request.user, pk=pk)
    messages.success(request, _("It does not come any more."))
    return redirect(f"reports:{found.side}_by_mail", slug=found.department.slug)
