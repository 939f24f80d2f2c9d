"""The queue of a department: what it works on, in the order in which it presses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from requests_app.desk.forms.lists import BulkForm, ListForm
from requests_app.desk.policies import require_queue
from requests_app.desk.selectors.queue import queue_offers, queue_page
from requests_app.desk.services.bulk import Outcome, assign_many
from requests_app.kernel.pages import render_page_or_part
from requests_app.org.models import Department
from requests_app.org.selectors import agents_by_name, agents_of, get_department


@login_required
@require_GET
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    department = _department(request, slug)
    agents = agents_by_name(department_id=department.pk)
    form = ListForm(request.GET, person=request.user, offers=queue_offers(request.user, department, agents))
    page = queue_page(
        person=request.user,
        department=department,
        agents=agents,
        wanted=form.wanted(),
        offered=form.asks_for_offers,
        params=dict(request.GET.lists()),
    )
    context = {"page": page, "form": form}
    status = 200 if form.is_valid() else 400
    return render_page_or_part(request, "desk/queue.html", "desk/_queue.html", context, status=status)


@login_required
@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Take or give away everything that was ticked, and say what was done and what was not."""
    department = _department(request, slug)
    form = BulkForm(request.POST, agents=agents_of(department.pk))
    if form.is_valid():
        taking = form.cleaned_data["act"] == "take"
        assignee = request.user if taking else form.cleaned_data["assignee"]
        _tell(request, assign_many(by=request.user, request_ids=form.picked, assignee=assignee))
    else:
        messages.error(request, " ".join(sentence for found in form.errors.values() for sentence in found))
    query = form.cleaned_data.get("back", "")
    return redirect(reverse("desk:queue", args=[slug]) + (query if query.startswith("?") else ""))


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.done:
        words = ngettext("%(n)s request assigned.", "%(n)s requests assigned.", len(outcome.done))
        messages.success(request, words % {"n": len(outcome.done)})
    for number, sentence in outcome.refused.items():
        messages.warning(request, _("%(number)s was left as it is: %(why)s") % {"number": number, "why": sentence})
    if not outcome.done and not outcome.refused:
        messages.warning(request, _("None of these is here any more."))


def _department(request: HttpRequest, slug: str) -> Department:
    department = get_department(person=request.user, slug=slug)
    require_queue(request.user, department)
    return department
