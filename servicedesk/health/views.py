"""Is it alive, is it ready, and what is wrong: for a balancer, for a container, for an administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests_app.events.services import retry_delivery
from requests_app.kernel.pages import render_page_or_part
from requests_app.org.policies import require_admin
from servicedesk.health import selectors


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, so requests can be filed. Redis is not needed for that."""
    answers = selectors.database_answers()
    return JsonResponse({"status": "ok" if answers else "database away"}, status=200 if answers else 503)


@login_required
@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    require_admin(request.user)
    context = {"health": selectors.health()}
    return render_page_or_part(request, "health/detail.html", "health/_state.html", context)


@login_required
@require_POST
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """outbox.inspect_retry of the matrix."""
    require_admin(request.user)
    retry_delivery(delivery_id=delivery_id, by=request.user)
    messages.info(request, _("It is in line again."))
    return redirect("health:detail")
