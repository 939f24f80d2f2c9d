"""The forum over pages: the list, asking, a topic with its replies, marking the answer, hiding and showing again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.forum import policies, selectors, services
from feedback.forum.forms import EditReplyForm, EditTopicForm, FilterForm, HideForm, ReplyForm, TopicForm
from feedback.forum.states import Show
from requests_app.events.forms import take_once
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.selectors import departments_by_slug, departments_for

LIST, PAGE, NEW, EDIT = (f"feedback/forum/{name}.html" for name in ("list", "topic", "new", "edit"))
PAGE_SIZE = 30


@login_required
def topics(request: HttpRequest) -> HttpResponse:
    """Topics, those last spoken in first; searched, by department, by subject."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    sides = departments_by_slug(request.user, wanted, "department", "customer")
    chosen = {name: wanted.get(name, "") for name in ("q", "show", "subject")}
    rows = selectors.topics_for(request.user, **sides, **chosen)
    page = keyset_page(rows, order=selectors.NEWEST, cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page, "topics": page.rows, **sides,
        "departments": departments_for(request.user),
        "shows": selectors.shows_for(request.user), "may_speak": policies.can_speak(request.user), **chosen,
        "hidden": selectors.hidden_lines(request.user, page.rows) if chosen["show"] == Show.HIDDEN else [],
    }  # fmt: skip
    return render(request, LIST, context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    policies.require_speak(request.user)
    data = request.POST if request.method == "POST" else None
    initial = {"department": request.GET.get("department", ""), "title": request.GET.get("title", "")[:200]}
    form = TopicForm(data, departments=departments_for(request.user), initial=initial)
    if form.is_valid():
        with refusals_beside(form):
            ask = lambda: services.ask(by=request.user, **form.typed()).pk  # noqa: E731
            return redirect("forum:topic", pk=take_once(form, by=request.user, about="topic", make=ask))
    return render(request, NEW, {"form": form}, status=400 if form.errors else 200)


@login_required
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: forms.Form | None = None, place: str = "") -> HttpResponse:
    """`bound`: the form that was refused, in its place on the page."""
    page = selectors.topic_page(person=request.user, pk=pk)
    form = FilterForm(request.GET)
    cursor = form.cleaned_data.get("cursor", "") if form.is_valid() else ""
    replies = keyset_page(selectors.replies_of(page.topic), order=("pk",), cursor=cursor, size=PAGE_SIZE)
    shown = {"reply": ReplyForm() if page.may_speak else None, "hide": HideForm(auto_id="id_hide_%s")}
    refused = bound if bound is not None and shown.get(place) is None else None
    if bound is not None and refused is None:
        shown[place] = bound
    context = {
        "page": page, "topic": page.topic, "forms": shown, "refused": refused, "replies": replies,
        "lines": selectors.reply_lines(request.user, page.topic, replies.rows, timezone.now()),
    }  # fmt: skip
    return render(request, PAGE, context, status=400 if bound is not None else 200)


@login_required
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_topic(person=request.user, pk=pk)
    policies.require_speak(request.user)
    form = ReplyForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            say = lambda: services.reply(by=request.user, topic=found, **form.typed()).pk  # noqa: E731
            take_once(form, by=request.user, about=("reply", pk), make=say)
            return redirect("forum:topic", pk=pk)
    return _page(request, pk, form, "reply")


@login_required
@require_POST
def mark(request: HttpRequest, pk: int, reply_pk: int) -> HttpResponse:
    """This reply is the answer."""
    found = selectors.get_reply(person=request.user, pk=reply_pk)
    if found.topic_id != pk:
        raise Http404
    return _act(request, pk, lambda: services.mark_answer(by=request.user, topic=found.topic, reply=found))


@login_required
@require_POST
def unmark(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not answered after all."""
    found = selectors.get_topic(person=request.user, pk=pk)
    return _act(request, pk, lambda: services.mark_answer(by=request.user, topic=found, reply=None))


@login_required
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_topic(person=request.user, pk=pk)
    wanted = request.POST.get("wanted") != "no"
    return _act(request, pk, lambda: services.follow(by=request.user, topic=found, wanted=wanted))


def _act(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    form = forms.Form(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            act()
            return redirect("forum:topic", pk=pk)
    return _page(request, pk, form, "act")


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own words, within a day."""
    found = selectors.get_topic(person=request.user, pk=pk)
    policies.require_own(request.user, found)
    form = EditTopicForm(_data(request), initial={"title": found.title, "body": found.body})
    if form.is_valid():
        with refusals_beside(form):
            services.edit_topic(by=request.user, topic=found, **form.cleaned_data)
            return redirect("forum:topic", pk=pk)
    return render(request, EDIT, {"form": form, "topic": found}, status=400 if form.errors else 200)


@login_required
def edit_reply(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_reply(person=request.user, pk=pk)
    policies.require_own(request.user, found)
    form = EditReplyForm(_data(request), initial={"body": found.body})
    if form.is_valid():
        with refusals_beside(form):
            services.edit_reply(by=request.user, reply=found, **form.cleaned_data)
            return redirect("forum:topic", pk=found.topic_id)
    return render(request, EDIT, {"form": form, "topic": found.topic}, status=400 if form.errors else 200)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@login_required
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """A moderator hides the topic, with the reason."""
    found = selectors.get_topic(person=request.user, pk=pk)
    policies.require_hide(request.user, found)
    form = HideForm(request.POST, auto_id="id_hide_%s")
    if form.is_valid():
        with refusals_beside(form):
            services.hide(by=request.user, topic=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("Hidden."))
            return redirect("forum:list")
    return _page(request, pk, form, "hide")


@login_required
@require_POST
def hide_reply(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_reply(person=request.user, pk=pk)
    policies.require_hide(request.user, found.topic)
    form = HideForm(request.POST, auto_id="id_hide_%s")
    if form.is_valid():
        with refusals_beside(form):
            services.hide(by=request.user, topic=found.topic, reply=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("Hidden."))
            return redirect("forum:topic", pk=found.topic_id)
    return _page(request, found.topic_id, form, "hide_reply")


@login_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A moderator shows a hidden topic again."""
    found = selectors.get_topic(person=request.user, pk=pk)
    policies.require_hide(request.user, found)
    return _act(request, pk, lambda: services.show_again(by=request.user, topic=found))


@login_required
@require_POST
def show_reply(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_reply(person=request.user, pk=pk)
    policies.require_hide(request.user, found.topic)
    return _act(request, found.topic_id, lambda: services.show_again(by=request.user, topic=found.topic, reply=found))
