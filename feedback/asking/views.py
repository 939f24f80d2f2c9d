"""Saying on a page how a request was asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.asking import policies, selectors, services
from feedback.asking.forms import AskingForm
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.forms import refusals_beside

PAGE = "feedback/asking/rate.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """The three questions, or what was said; whoever could never answer them is told so."""
    service_request = get_service_request(person=request.user, number=number)
    panel = selectors.asking_panel(request.user, service_request)
    if panel.asking is None and panel.refusal in policies.BY_STANDING:
        policies.require_may_say(request.user, service_request, taken=False, now=timezone.now())
    form = AskingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form):
            services.rate_asking(by=request.user, service_request=service_request, asking=form.asking)
            messages.success(request, _("Kept. It counts in the figures of who asked."))
            return redirect("desk:request", number=number)
    context = {"content": panel, "form": form}
    return render(request, PAGE, context, status=400 if form.errors else 200)
