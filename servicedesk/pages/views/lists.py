"""All requests the reader may see, and those behind a figure."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from requests_app.desk.forms.lists import ListForm
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.lists import Wanted, narrowed
from requests_app.desk.selectors.queue import Tab, list_offers, list_page, tabs_of
from requests_app.desk.states import ACTIVE
from requests_app.kernel.pages import render_page_or_part
from servicedesk.pages.behind import PARAMS, Behind, Figures


@login_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The list; with ?figure= exactly the requests that the figure was made of, whatever their state."""
    form = ListForm(request.GET, person=request.user, offers=list_offers(request.user), also=PARAMS, sort="newest")
    rows = ServiceRequest.objects.visible_to(request.user)
    wanted, hidden = form.wanted(usual_any="figure" in request.GET), 0
    behind = _behind(request, wanted)
    if behind is not None:
        rows = rows.filter(pk__in=behind.request_ids)
        hidden = behind.n - rows.count() if behind.n else 0
        wanted = replace(wanted, **dict.fromkeys(behind.minded, ()))
    rows = narrowed(rows, wanted, request.user, still=ACTIVE)
    page = list_page(rows=rows, wanted=wanted, person=request.user)
    context = {"form": form, "behind": behind, "hidden": hidden, "page": page, "tabs": _tabs(request)}
    status = 200 if form.is_valid() else 400
    return render_page_or_part(request, "pages/requests.html", "pages/_requests.html", context, status=status)


TABS = (
    ("all", _("All open"), {}),
    ("asked", _("Asked by me"), {"asked": "me"}),
    ("work", _("My work"), {"assignee": "me"}),
    ("overdue", _("Overdue"), {"overdue": "1"}),
    ("any", _("With ended ones"), {"status": "any"}),
)


def _tabs(request: HttpRequest) -> list[Tab]:
    return tabs_of(TABS, dict(request.GET.lists()))


def _behind(request: HttpRequest, wanted: Wanted) -> Behind | None:
    if "figure" not in request.GET:
        return None
    params = {name: request.GET.get(name, "").replace("\x00", "") for name in PARAMS}
    found = Figures.find(request.user, params, wanted) if Figures.find else None
    if found is None:
        raise Http404
    return found
