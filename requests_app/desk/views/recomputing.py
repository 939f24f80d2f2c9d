"""Open requests and a changed calendar or agreement: what would change, the button, the progress."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from requests_app.agreements.selectors import Parties, get_agreement
from requests_app.agreements.states import Measure
from requests_app.calendars.selectors import get_calendar
from requests_app.desk.policies import require_recompute
from requests_app.desk.selectors.outdated import Rule
from requests_app.desk.services.recomputing import last_recomputation, preview, start_recomputation
from requests_app.kernel.errors import IllegalMove


@login_required
def open_requests(request: HttpRequest, slug: str) -> HttpResponse:
    calendar = get_calendar(person=request.user, slug=slug)
    return _answer(request, calendar, {"calendar": calendar}, "settings/calendar_open.html")


@login_required
def under_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = get_agreement(person=request.user, pk=pk)
    parties = Parties(agreement.supplier, agreement.customer, agreement.service)
    return _answer(request, agreement, {"agreement": agreement, "parties": parties}, "desk/agreement_open.html")


def _answer(request: HttpRequest, rule: Rule, names: dict, template: str) -> HttpResponse:
    require_recompute(request.user, rule)
    status = 200
    if request.method == "POST":
        try:
            start_recomputation(by=request.user, rule=rule)
        except IllegalMove as error:
            messages.error(request, str(error))
            status = 409
        else:
            messages.success(request, _("It has begun. Each request says in its history what it was due before."))
            return redirect(request.path)
    labels, found = dict(Measure.choices), preview(rule, request.user)
    context = {
        "preview": found,
        "changes": [(change, labels[Measure(change.measure)]) for change in found.changes],
        "run": last_recomputation(rule),
    }
    return render(request, template, names | context, status=status)
