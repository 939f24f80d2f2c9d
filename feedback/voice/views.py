"""Complaints, suggestions and praise over pages: the wall, saying something, answering, voting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.voice import discussing, selectors, services
from feedback.voice.forms import FilterForm, PostForm, SayForm, StepForm
from feedback.voice.policies import require_say_on
from feedback.voice.states import Kind, move_of
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.kernel.panels import panels_for
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_by_slug, departments_for

LIST, PAGE, NEW = (f"feedback/voice/{name}.html" for name in ("list", "page", "new"))
PAGE_SIZE = 30


@login_required
def voices(request: HttpRequest) -> HttpResponse:
    """What was said, by kind; beside it what came of complaints."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    kind, waiting = wanted.get("kind", ""), bool(wanted.get("waiting"))
    sides = departments_by_slug(request.user, wanted, "department", "customer")
    rows = selectors.voices_for(request.user, kind=kind, waiting=waiting, **sides)
    order = ("-votes", "-pk") if kind == Kind.SUGGESTION else ("-pk",)
    page = keyset_page(rows, order=order, cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "lines": selectors.lines_of(page.rows, request.user),
        "kind": kind,
        "kinds": Kind.choices,
        **sides,
        "waiting": waiting,
        "departments": departments_for(request.user),
        "outcomes": selectors.outcomes(request.user, sides["department"]),
        "may_say": bool(standing(request.user).member_of),
    }
    return render(request, LIST, context)


@login_required
def new(request: HttpRequest, number: str = "") -> HttpResponse:
    """About a request named in the address, or to a department."""
    source = get_service_request(person=request.user, number=number) if number else None
    if source is not None:
        require_say_on(request.user, source)
    form = _say_form(request, source)
    if form.is_valid():
        with refusals_beside(form):
            voice = services.say(by=request.user, service_request=source, **form.cleaned_data)
            messages.success(request, _("It is said. Thank you."))
            return redirect("voice:voice", pk=voice.pk)
    return render(request, NEW, {"form": form, "source": source}, status=400 if form.errors else 200)


def _say_form(request: HttpRequest, source: ServiceRequest | None) -> SayForm:
    data = request.POST if request.method == "POST" else None
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in Kind.values else Kind.SUGGESTION,
        "department": request.GET.get("department", ""),
    }
    return SayForm(data, initial=initial, departments=None if source else departments_for(request.user))


@login_required
def voice(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: StepForm | None = None, said: PostForm | None = None) -> HttpResponse:
    page = selectors.voice_page(person=request.user, pk=pk)
    forms = [bound if bound and bound.move == move else StepForm(move=move, voice=page.voice) for move in page.moves]
    refused = bound if bound and bound.move not in page.moves else None
    panels = panels_for("voice", person=request.user, voice=page.voice)
    context = {"page": page, "voice": page.voice, "steps": forms, "refused": refused, "panels": panels}
    if page.voice.kind == Kind.SUGGESTION:
        cursor = request.GET.get("cursor", "")[:1000]
        context["posts"] = keyset_page(selectors.posts_of(page.voice), order=("-pk",), cursor=cursor, size=PAGE_SIZE)
        context["post_form"] = said or PostForm()
    wrong = (bound and bound.errors) or (said and said.errors)
    return render(request, PAGE, context, status=400 if wrong else 200)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; what was typed stays when it is refused."""
    found = selectors.get_voice(person=request.user, pk=pk)
    form = StepForm(request.POST, move=move_of(found.kind, name), voice=found)
    if form.is_valid():
        with refusals_beside(form):
            services.take_step(
                by=request.user, voice=found, name=name, note=form.cleaned_data.get("note", ""),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
            messages.success(request, _("Kept."))
            return redirect("voice:voice", pk=pk)
    return _page(request, pk, form)


@login_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_voice(person=request.user, pk=pk)
    services.vote(by=request.user, voice=found, wanted=request.POST.get("wanted") != "no")
    return redirect("voice:voice", pk=pk)


@login_required
@require_POST
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something below a suggestion."""
    found = selectors.get_voice(person=request.user, pk=pk)
    form = PostForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            discussing.add_post(by=request.user, voice=found, body=form.cleaned_data["body"])
            messages.success(request, _("Kept."))
            return redirect("voice:voice", pk=pk)
    return _page(request, pk, said=form)


@login_required
@require_POST
def withdraw_post(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    found = selectors.get_voice(person=request.user, pk=pk)
    discussing.withdraw_post(by=request.user, voice=found, pk=post)
    return redirect("voice:voice", pk=pk)


@login_required
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a complaint to its cause."""
    found = selectors.get_voice(person=request.user, pk=pk)
    action = services.correct(by=request.user, voice=found)
    return redirect("actions:action", pk=action.pk)
