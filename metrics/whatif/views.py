"""What this agreement would have come to: the question, the progress, the answer."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from metrics.whatif import selectors, services
from metrics.whatif.forms import MONTHS, PeriodForm, next_text
from metrics.whatif.models import FlippedRequest, WhatIf
from metrics.whatif.policies import can_take_over, require_replay
from metrics.whatif.selectors import ResultPage
from metrics.whatif.states import SHARES
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import get_negotiated
from requests_app.agreements.selectors import Parties, stage_of
from requests_app.agreements.states import Life, Measure, Stage
from requests_app.desk.states import number_of
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page

PAGE = "metrics/what_if.html"
PAGE_SIZE = 50
WOULD = {"kept": True, "missed": False}


@login_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _agreement(request, pk)
    others = selectors.comparable(request.user, agreement)
    beside = next((other.pk for other in others if stage_of(other) == Stage.IN_FORCE), None)
    given = request.POST if request.method == "POST" else None
    form = PeriodForm(given, others=_choices(others), compare_with=beside)
    if form.is_valid():
        with refusals_beside(form):
            made = services.ask(by=request.user, agreement=agreement, **form.asked())
            return redirect("whatif:run", pk, made.pk)
    return _page(request, agreement, form, status=400 if form.errors else 200)


@login_required
def run(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    agreement = _agreement(request, pk)
    found = selectors.get_run(agreement=agreement, pk=run)
    shown = {"first": found.first, "last": found.last, "compare_with": found.compare_with}
    form = PeriodForm(others=_choices(selectors.comparable(request.user, agreement)), **shown)
    page = selectors.result_page(person=request.user, agreement=agreement, run=found)
    more = _answered(request, agreement, found, page) if page else {}
    return _page(request, agreement, form, run=found, **more)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    agreement = get_negotiated(person=request.user, pk=pk)
    require_replay(request.user, agreement)
    return agreement


def _choices(others: Iterable[Agreement]) -> list[tuple[int, str]]:
    return [(other.pk, version_words(other)) for other in others]


def version_words(agreement: Agreement) -> str:
    """ "Version 2, in force: Laptop". The service only where there is one."""
    names = {"n": agreement.version, "stage": stage_of(agreement).label, "service": agreement.service}
    return (
        _("Version %(n)s (%(stage)s): %(service)s") if agreement.service else _("Version %(n)s (%(stage)s)")
    ) % names


def _page(
    request: HttpRequest, agreement: Agreement, form: PeriodForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "agreement": agreement,
        "parties": Parties(agreement.supplier, agreement.customer, agreement.service),
        "form": form,
        "months": MONTHS,
        "shares": SHARES,
    }
    return render(request, PAGE, context | more, status=status)


def _answered(request: HttpRequest, agreement: Agreement, run: WhatIf, page: ResultPage) -> dict[str, Any]:
    """The tables, a page of the requests that flip, and the suggested targets as texts to go on from."""
    chosen = request.GET.get("would", "")
    rows = selectors.flips_of(run, WOULD.get(chosen))
    flips = keyset_page(rows, order=("request_id", "measure"), cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    return {
        "page": page,
        "compared_words": version_words(page.compared) if page.compared else "",
        "flips": flips,
        "flip_rows": [_flip(row) for row in flips.rows],
        "filters": [("", sum(page.listed.values()), chosen not in WOULD)]
        + [(word, page.listed.get(would, 0), chosen == word) for word, would in WOULD.items()],
        "texts": _texts(agreement, page) if can_take_over(request.user, agreement) else [],
        "text_address": _text_address(agreement),
    }


def _flip(row: FlippedRequest) -> dict[str, Any]:
    return {"number": number_of(row.request_id), "measure": Measure(row.measure).label, "would": row.would}


def _texts(agreement: Agreement, page: ResultPage) -> list[tuple[int, Any]]:
    return [(share, next_text(agreement, page.suggested, str(share))) for share in SHARES] if page.suggested else []


def _text_address(agreement: Agreement) -> str:
    """Where the next text is written: what is signed is followed by a new version, anything else is changed itself."""
    if agreement.life != Life.SIGNED:
        return reverse("agreements:text", args=[agreement.pk])
    parties = Parties(agreement.supplier, agreement.customer, agreement.service)
    named = {name: row.slug for name, row in parties.by_name.items() if row}
    return f"{reverse('agreements:new')}?{urlencode(named | {'go': 'on'})}"
