"""Surveys over pages: the list, the builder, campaigns, answering, results."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.surveys import policies, selectors, services
from feedback.surveys import results as results_of_campaigns
from feedback.surveys.arranging import free_key, place_after, rearranged, with_question
from feedback.surveys.forms import (
    MOST_FOUND,
    AnswerForm,
    CampaignForm,
    ChangeCampaignForm,
    FilterForm,
    NewSurveyForm,
    QuestionForm,
    campaign_values,
    new_campaign_values,
)
from feedback.surveys.languages import NAMES, missing_in
from feedback.surveys.ready import TITLES
from feedback.surveys.rhythm import today_of
from feedback.surveys.states import NAMED, CampaignState
from feedback.surveys.writing import csv_of
from requests_app.kernel.errors import DomainError, NotAllowed, WrongInput
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.models import Person
from requests_app.org.policies import standing
from requests_app.org.selectors import department_choices, departments_by_slug, departments_for, people_for

PAGE_SIZE = 30
HOW = ("up", "down", "remove")


def _draw(request: HttpRequest, name: str, context: dict, form=None) -> HttpResponse:
    status = 400 if form is not None and form.errors else 200
    return render(request, f"feedback/surveys/{name}.html", context, status=status)


@login_required
def surveys(request: HttpRequest) -> HttpResponse:
    """Campaigns, and for whoever makes them questionnaires and the ready ones."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = departments_by_slug(request.user, wanted, "department", "by")
    state = wanted.get("state", "")
    rows = selectors.narrowed(selectors.lists_for(request.user), state=state, **chosen)
    page = keyset_page(rows, order=("-pk",), cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    may = policies.can_configure_any(request.user)
    context = {
        "page": page,
        **chosen,
        "state": dict(CampaignState.choices).get(state, ""),
        "lines": selectors.lines_of(page.rows, request.user),
        "may_configure": may,
        "surveys": selectors.surveys_to_change(request.user).order_by("-pk")[:PAGE_SIZE] if may else [],
        "ready": TITLES.items() if may else [],
    }
    return _draw(request, "list", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    policies.require_any_configure(request.user)
    hats = standing(request.user)
    own = departments_for(request.user)
    own = own if hats.is_admin else own.filter(pk__in=hats.head_of)
    home = own.filter(pk__in=hats.head_of).values_list("slug", flat=True).first()
    initial = {"ready": request.GET.get("ready", ""), "department": home}
    data = request.POST if request.method == "POST" else None
    form = NewSurveyForm(data, initial=initial, departments=own, company=hats.is_admin)
    if form.is_valid():
        with refusals_beside(form):
            made = services.create_survey(by=request.user, **form.cleaned_data)
            messages.success(request, _("It is there. Change what you like, then ask."))
            return redirect("surveys:survey", pk=made.pk)
    return _draw(request, "new", {"form": form}, form)


@login_required
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """The builder."""
    page = selectors.survey_page(person=request.user, pk=pk)
    policies.require_configure(request.user, page.survey)
    return _draw(request, "survey", {"page": page})


@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As those see it who are asked, in whichever language they read; and what lacks words in it."""
    page = selectors.survey_page(person=request.user, pk=pk)
    policies.require_configure(request.user, page.survey)
    questions, language = page.version.questions, request.GET.get("in", "")
    language = language if language in NAMES else get_language() or "en"
    with override(language):
        form = _answer_form(request.user, questions, {}, None)
        rows = form.rows()
    tabs = [(code, words, len(missing_in(questions, code))) for code, words in NAMES.items()]
    shown = {"rows": rows, "language": language, "tabs": tabs, "missing": missing_in(questions, language)}
    return _draw(request, "preview", {"page": page, "form": form, **shown})


@login_required
def question(request: HttpRequest, pk: int, key: str = "") -> HttpResponse:
    """One question: a new one, or one that is there."""
    found = selectors.get_survey(person=request.user, pk=pk)
    policies.require_configure(request.user, found)
    version = selectors.newest_of(found)
    old = next((one for one in version.questions if one["key"] == key), None)
    if key and old is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    place = version.questions.index(old) if old else len(version.questions)
    form = QuestionForm(data, question=old, revision=version.revision, before=version.questions[:place])
    if form.is_valid():
        with refusals_beside(form):
            changed = with_question(version.questions, form.as_question(key or free_key(version.questions)))
            services.save_questions(
                by=request.user, survey=found, questions=changed, expected_revision=form.cleaned_data["revision"]
            )
            messages.success(request, _("Kept."))
            return redirect("surveys:survey", pk=pk)
    return _draw(request, "question", {"form": form, "survey": found, "key": key}, form)


@login_required
@require_http_methods(["GET", "POST"])
def rearrange(request: HttpRequest, pk: int, key: str, how: str) -> HttpResponse:
    """One place up or down, or away; asks before it takes away. The reader comes back to where they were."""
    found = selectors.get_survey(person=request.user, pk=pk)
    policies.require_configure(request.user, found)
    version = selectors.newest_of(found)
    line = next((one for one in selectors.question_lines(version) if one.key == key), None)
    if how not in HOW or (request.method == "GET" and (how != "remove" or line is None)):
        raise Http404
    if request.method == "GET":
        return _draw(request, "remove", {"survey": found, "line": line, "locked": version.locked_at})
    try:
        services.save_questions(by=request.user, survey=found, questions=rearranged(version.questions, key, how))
    except WrongInput as error:  # a question would stand before, or without, the one it depends on
        messages.error(request, " ".join(words for one in error.errors.values() for words in one))
        return redirect(f"{reverse('surveys:survey', args=[pk])}#question-{key}")
    return redirect(f"{reverse('surveys:survey', args=[pk])}#{place_after(version.questions, key, how)}")


@login_required
def new_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_survey(person=request.user, pk=pk)
    policies.require_configure(request.user, found)
    data = request.POST if request.method == "POST" else None
    departments = departments_for(request.user)
    initial = new_campaign_values(found.title, named=found.ready == NAMED)
    form = CampaignForm(data, initial=initial, departments=departments)
    if form.is_valid():
        with refusals_beside(form):
            made = services.draft_campaign(by=request.user, survey=found, **form.cleaned_data)
            return redirect("surveys:campaign", pk=made.pk)
    return _draw(request, "new_campaign", {"form": form, "survey": found}, form)


@login_required
def change_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """While it is prepared."""
    found = selectors.get_campaign(person=request.user, pk=pk)
    policies.require_configure(request.user, found.survey)
    data = request.POST if request.method == "POST" else None
    form = ChangeCampaignForm(data, initial=campaign_values(found), departments=departments_for(request.user))
    if form.is_valid():
        with refusals_beside(form):
            values = form.cleaned_data
            revision = values.pop("revision")
            services.change_campaign(by=request.user, campaign=found, expected_revision=revision, **values)
            messages.success(request, _("Kept."))
            return redirect("surveys:campaign", pk=pk)
    return _draw(request, "new_campaign", {"form": form, "survey": found.survey, "campaign": found}, form)


@login_required
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    page = selectors.campaign_page(person=request.user, pk=pk)
    return _draw(request, "campaign", {"page": page, "line": page.line, "campaign": page.line.campaign})


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found = selectors.get_campaign(person=request.user, pk=pk)
    try:
        services.take_step(by=request.user, campaign=found, step=name)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("surveys:campaign", pk=pk)


@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The questionnaire to fill in; what was typed stays when something is missing."""
    today = today_of(timezone.now())
    page = selectors.answer_page(person=request.user, pk=pk, today=today)
    form = _answer_form(request.user, page.questions, page.values, request.POST if request.method == "POST" else None)
    if "find" in request.POST:
        form.look(request.POST["find"])
    elif form.is_valid():
        with refusals_beside(form):
            services.give_answer(by=request.user, campaign=page.campaign, values=form.typed())
            messages.success(request, _("Thank you. Your answer is in."))
            return redirect("surveys:campaign", pk=pk)
    closed = page.over or (page.answered and page.campaign.anonymous)
    return _draw(request, "answer", {"page": page, "campaign": page.campaign, "form": form, "closed": closed}, form)


def _answer_form(person: Person, questions: list, values: dict, data) -> AnswerForm:
    def address(pk: int) -> str:
        return Person.objects.filter(pk=pk).values_list("email", flat=True).first() or ""

    asks = any(one["kind"] == "department" for one in questions)
    departments = department_choices(person) if asks else []

    def find(typed: str) -> list[Person]:
        return list(people_for(person, q=typed.replace("\x00", "")).filter(is_active=True)[: MOST_FOUND + 1])

    return AnswerForm(data, questions=questions, values=values, departments=departments, address=address, find=find)


@login_required
def results(request: HttpRequest, pk: int) -> HttpResponse:
    page = results_of_campaigns.results_page(person=request.user, pk=pk)
    return _draw(request, "results", {"page": page, "campaign": page.line.campaign, "results": page.results})


@login_required
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures as plain values."""
    page = results_of_campaigns.results_page(person=request.user, pk=pk)
    if page.results is None:
        raise WrongInput({"campaign": [_("There are results once it has closed.")]})
    answer = HttpResponse(csv_of(page), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="survey-{pk}.csv"'
    return answer
