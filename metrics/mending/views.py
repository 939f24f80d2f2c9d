"""What is behind the recurrence rate of a department."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metrics.mending.selectors import recurrence_page
from metrics.mending.states import FORMULA
from metrics.rollups.states import Side


@login_required
@require_safe
def recurrence(request: HttpRequest, slug: str) -> HttpResponse:
    """As supplier, or with `side=customer` as customer."""
    side = Side.CUSTOMER if request.GET.get("side") == Side.CUSTOMER else Side.SUPPLIER
    page = recurrence_page(person=request.user, slug=slug, side=side)
    return render(request, "metrics/recurrence.html", {"page": page, "formula": FORMULA})
