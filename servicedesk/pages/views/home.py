"""My desk: what waits for the reader, first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from servicedesk.pages.selectors import HomePage, home_page

NOON, EVENING = 12, 18


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    page = home_page(request.user)
    context = {"page": page, "greeting": _greeting(request.user.get_short_name()), "summary": _summary(page)}
    return render(request, "pages/home.html", context)


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if hour < EVENING else _("Good evening, %(name)s")) % {"name": name}


def _summary(page: HomePage) -> str:
    """How much there is to do, in one sentence."""
    waits, work = page.waiting_count, page.desk.work_count
    said = ngettext("%(n)s thing waits for you", "%(n)s things wait for you", waits) % {"n": waits}
    said = said if waits else _("Nothing waits for you")
    if work:
        jobs = ngettext("you work on %(n)s request", "you work on %(n)s requests", work) % {"n": work}
        return _("%(first)s, and %(second)s.") % {"first": said, "second": jobs}
    return _("%(said)s.") % {"said": said}
