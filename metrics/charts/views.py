"""Control charts over HTTP."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback.actions.models import CorrectiveAction
from metrics.charts import policies, selectors, services
from metrics.charts.drawing import LETTERS, drawn, headline, rows_of, said, scale_words, table
from metrics.charts.forms import AnswerForm, RulesForm
from metrics.charts.models import Phase
from metrics.charts.selectors import CHOICES, ControlChart
from metrics.charts.states import RULE_WORDS, can_be_charted, scale_of
from metrics.charts.statistics import DEFAULT_RULES
from metrics.charts.waiting import besides_of
from metrics.improvement.states import FIGURES
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.policies import readable_figures
from metrics.rollups.states import Side
from requests_app.kernel.errors import DomainError, WrongInput
from requests_app.org.selectors import departments_for

ASKED = ("side", "other", "service", "weeks")


@login_required
@require_GET
def charts(request: HttpRequest, slug: str) -> HttpResponse:
    side = request.GET.get("side", Side.SUPPLIER)
    if side not in Side.ALL:
        raise Http404
    page = selectors.charts_of(person=request.user, slug=slug, side=side)
    context = {"page": page, "cards": rows_of(page.cards), "besides": besides_of(page.besides)}
    return render(request, "metrics/charts/list.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ASKED if request.GET.get(name)}


@login_required
@require_GET
def chart(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    try:
        page, wrong = selectors.chart_of(person=request.user, slug=slug, figure=figure, **_asked(request)), None
    except WrongInput as error:
        page, wrong = selectors.chart_of(person=request.user, slug=slug, figure=figure), error
    return _shown(request, page, wrong)


def _shown(request: HttpRequest, page: ControlChart, wrong: DomainError | None = None, given=None) -> HttpResponse:
    readable = readable_figures(request.user, page.department)
    context = {
        "page": page,
        "chart": drawn(page),
        "table": table(page),
        "how": scale_words(scale_of(page.definition)),
        "signals": [(line, headline(line)) for line in page.signals],
        "marks": list(zip(LETTERS, page.marks, strict=False)),
        "levels": [
            (said(one.limits.centre, page.definition), one, page.phases.get(one.starts_on))
            for one in page.stretches
            if one.limits
        ],
        "choices": [DEFINITIONS[key] for key in readable if can_be_charted(key)],
        "can_improve": page.definition.key in FIGURES,
        "spans": CHOICES,
        "departments": departments_for(request.user).exclude(pk=page.department.pk) if page.may_answer else [],
        "wrong": wrong,
        "given": given or {},
        "usual_rules": DEFAULT_RULES,
        "rules_wrong": wrong is not None and "rules" in wrong.errors if isinstance(wrong, WrongInput) else False,
        "rules": [(rule, words, rule in page.rules) for rule, words in RULE_WORDS.items()],
        "query": urlencode(_asked(request)),
    }
    status = 200 if wrong is None else wrong.status
    return render(request, "metrics/charts/chart.html", context, status=status)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """What a head says of the chart; what was typed stays when it is refused."""
    page = selectors.chart_of(person=request.user, slug=slug, figure=figure, **_asked(request))
    policies.require_answering(request.user, page.department)
    form = AnswerForm(request.POST, departments=departments_for(request.user))
    try:
        if not form.is_valid():
            raise WrongInput({name: [str(error) for error in errors] for name, errors in form.errors.items()})
        made = services.answer(by=request.user, page=page, **form.cleaned_data)
    except WrongInput as error:
        return _shown(request, page, error, request.POST)
    if isinstance(made, CorrectiveAction):
        return redirect("actions:action", pk=made.pk)
    if isinstance(made, Phase):
        messages.success(request, _("A new phase has begun; the old limits stay visible."))
    else:
        messages.success(request, _("Noted on the chart."))
    return redirect(_there(request, page))


@login_required
@require_POST
def rules(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """Which rules judge the chart; what nobody watched is watched from then on."""
    page = selectors.chart_of(person=request.user, slug=slug, figure=figure, **_asked(request))
    policies.require_answering(request.user, page.department)
    form = RulesForm(request.POST)
    if not form.is_valid():
        wrong = WrongInput({name: [str(error) for error in errors] for name, errors in form.errors.items()})
        return _shown(request, page, wrong, request.POST)
    services.choose_rules(by=request.user, page=page, rules=form.cleaned_data["rules"])
    messages.success(request, _("The chart is judged by these rules from now on.") if page.is_watched
                     else _("This chart is watched from now on."))  # fmt: skip
    return redirect(_there(request, page))


def _there(request: HttpRequest, page: ControlChart) -> str:
    query = urlencode(_asked(request))
    there = reverse("charts:chart", args=[page.department.slug, page.definition.key])
    return there + (f"?{query}" if query else "")
