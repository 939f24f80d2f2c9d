"""What this agreement would have come to: the question, the progress, the answer."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from metrics.whatif import selectors, services
from metrics.whatif.forms import PeriodForm
from metrics.whatif.models import WhatIf
from metrics.whatif.policies import require_replay
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import get_negotiated
from requests_app.agreements.selectors import Parties
from requests_app.agreements.states import PRIORITY, Measure
from requests_app.desk.states import number_of
from requests_app.kernel.forms import refusals_beside

PAGE = "metrics/what_if.html"


@dataclass(frozen=True)
class Row:
    """One line of a table: how it would have been beside how it was."""

    words: str
    would: dict[str, Any]
    was: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A measure with its tables, and the targets that most of the past would have met."""

    label: str
    overall: Row
    tables: list[tuple[str, list[Row]]]
    suggested: list[tuple[str, int, list[int | None]]]


@login_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _agreement(request, pk)
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form):
            made = services.ask(by=request.user, agreement=agreement, **form.cleaned_data)
            return redirect("whatif:run", pk, made.pk)
    return _page(request, agreement, form, None, status=400 if form.errors else 200)


@login_required
def run(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    agreement = _agreement(request, pk)
    found = selectors.get_run(agreement=agreement, pk=run)
    return _page(request, agreement, PeriodForm({"first": found.first, "last": found.last}), found)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    agreement = get_negotiated(person=request.user, pk=pk)
    require_replay(request.user, agreement)
    return agreement


def _page(
    request: HttpRequest, agreement: Agreement, form: PeriodForm, found: WhatIf | None, *, status: int = 200
) -> HttpResponse:
    result = found.result if found else None
    context = {
        "agreement": agreement,
        "parties": Parties(agreement.supplier, agreement.customer, agreement.service),
        "form": form,
        "run": found,
        "result": result,
        "stale": bool(found and found.round != agreement.round),
        "parts": [_part(measure, result) for measure in result["measures"]] if result else [],
        "flips": _flips(result) if result else [],
    }
    return render(request, PAGE, context, status=status)


def _part(measure: str, result: dict[str, Any]) -> Part:
    tally = result["measures"][measure]
    services_named = selectors.service_names([int(key) for key in tally["by_service"]])
    priorities = {str(value): str(words) for value, words in PRIORITY.items()}
    names = {str(pk): name for pk, name in services_named.items()} | {"0": _("without a service")}
    return Part(
        label=str(Measure(measure).label),
        overall=_row(_("All"), tally),
        tables=[
            (_("By priority"), _rows(tally["by_priority"], priorities)),
            (_("By service"), _rows(tally["by_service"], names)),
            (_("By month"), _rows(tally["by_month"], {})),
        ],
        suggested=[
            (priorities[priority], row["n"], list(row["targets"].values()))
            for priority, row in result["suggested"].get(measure, {}).items()
        ],
    )


def _rows(part: dict[str, Any], names: dict[str, str]) -> list[Row]:
    rows = [_row(names.get(key, key), tally) for key, tally in part.items()]
    return [row for row in rows if row.would["n"] or row.was["n"]]


def _row(words: str, tally: dict[str, Any]) -> Row:
    return Row(words, {key: value for key, value in tally.items() if key != "was"}, tally["was"])


def _flips(result: dict[str, Any]) -> list[dict[str, Any]]:
    labels = dict(Measure.choices)
    return [
        {"number": number_of(flip["request_id"]), "measure": labels[Measure(flip["measure"])], "would": flip["would"]}
        for flip in result["flips"]
    ]
