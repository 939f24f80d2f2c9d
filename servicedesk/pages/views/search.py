"""One box for everything: requests, services, departments, topics of the forum, joint groups, people."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from requests_app.kernel.pages import render_page_or_part
from servicedesk.pages.selectors import found_by

LONGEST = 200


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The palette (Ctrl-K) asks the same address and takes the links marked data-result."""
    q = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST]
    context = {"q": q, "found": found_by(request.user, q)}
    return render_page_or_part(request, "pages/search.html", "pages/_found.html", context)
