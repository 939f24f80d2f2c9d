"""Reports over HTTP: as a file at once, or by mail from now on. Both lie below the page they are of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics.reports import selectors, services
from metrics.reports.forms import SubscribeForm
from metrics.reports.states import CONTENT_TYPES, Form
from metrics.reports.writing import file_of
from requests_app.kernel.forms import refusals_beside
from requests_app.org.selectors import get_department


def _more(request: HttpRequest, subject: str, parts: dict[str, str]) -> dict[str, str]:
    asks = selectors.get_subject(subject).asks
    return parts | {name: request.GET[name].replace("\x00", "") for name in asks if request.GET.get(name)}


@login_required
@require_GET
def report(request: HttpRequest, subject: str, form: str, slug: str = "", **parts: str) -> HttpResponse:
    """What the page of these figures shows, as a file; days and all else are given as there."""
    if form not in Form.values:
        raise Http404
    given = request.GET
    made = selectors.report_on(
        person=request.user,
        subject=subject,
        slug=slug,
        more=_more(request, subject, parts),
        choice=given.get("period", ""),
        start=given.get("from", ""),
        end=given.get("to", ""),
    )
    name, content = file_of(made, form)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[Form(form)], headers=disposition)


@login_required
def by_mail(request: HttpRequest, subject: str, slug: str = "", **parts: str) -> HttpResponse:
    """What comes by mail, and a form to ask for more of the page above, as it was narrowed there."""
    about = selectors.get_subject(subject)
    more = _more(request, subject, parts)
    department = get_department(person=request.user, slug=slug) if slug else None
    selectors.require_subject(person=request.user, subject=subject, department=department, more=more)
    form = SubscribeForm(request.POST if request.method == "POST" else None, timeless=about.timeless)
    if form.is_valid():
        with refusals_beside(form):
            asked = {"span": "30"} | form.cleaned_data
            made = services.subscribe(by=request.user, subject=subject, department=department, more=more, **asked)
            said = _("It comes to %(address)s.") % {"address": made.person.email}
            messages.success(request, said)
            return redirect(request.get_full_path())
    context = {
        "title": about.title(department.name if department else "", more),
        "there": reverse(about.page, args=[*([slug] if slug else []), *parts.values()]),
        "form": form,
        "lines": [(found, selectors.title_of(found)) for found in selectors.subscriptions_of(request.user)],
    }
    return render(request, "metrics/reports.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_subscription(person=request.user, pk=pk)
    services.stop_subscription(by=request.user, pk=pk)
    messages.success(request, _("It does not come any more."))
    return redirect(selectors.mails_of(found))
