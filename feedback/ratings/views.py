"""Rating over pages: the signed-in requester, and the holder of a link from a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.ratings import selectors, services
from feedback.ratings.conversation import reply_to_rating
from feedback.ratings.forms import RatingForm, ReplyForm, RulesForm
from feedback.ratings.policies import require_set_rules
from feedback.ratings.rules import set_rules, values_of
from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.org.models import Person

PAGE, PART = "feedback/ratings/rate.html", "feedback/ratings/_panel.html"
LINK_PAGE, REPLY_PAGE = "feedback/ratings/link.html", "feedback/ratings/reply.html"
RULES_PAGE = "settings/ratings.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate_request(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and what it sends. A score alone is kept at once; then the page asks whether there is more to say."""
    service_request = get_service_request(person=request.user, number=number)
    if request.method == "POST":
        return _take(request, service_request)
    panel = selectors.own_panel(request.user, service_request)
    form = RatingForm.showing(panel.rating, request.GET.get("score", ""))
    return render_page_or_part(request, PAGE, PART, {"content": panel, "form": form, "editing": True})


def _take(request: HttpRequest, service_request: ServiceRequest) -> HttpResponse:
    form = RatingForm(request.POST)
    status = _give(form, request.user, service_request)
    panel = selectors.own_panel(request.user, service_request)
    if status != 200 or request.htmx:
        editing = status != 200 or form.is_score_alone
        shown = form if status != 200 else RatingForm.showing(panel.rating)
        context = {"content": panel, "form": shown, "editing": editing}
        return render_page_or_part(request, PAGE, PART, context, status=status)
    if form.is_score_alone:
        messages.success(request, _("Kept. Add a few words if you like."))
        return redirect("ratings:request", number=service_request.number)
    messages.success(request, _("Your rating is kept."))
    return redirect("desk:request", number=service_request.number)


def _give(form: RatingForm, by: Person, service_request: ServiceRequest, *, by_link: bool = False) -> int:
    """200 when the rating is kept; else the status of the refusal, whose words are then on the form."""
    if not form.is_valid():
        return 400
    try:
        services.give_rating(
            by=by,
            service_request=service_request,
            answer=form.answer,
            keep_blanks=by_link or form.is_score_alone,
            by_link=by_link,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return error.status
    return 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in. Opening the link only shows the score that was clicked; the button keeps it.

    SECURITY: shows no comment and no dimension given before, because mails are passed on.
    """
    page = selectors.link_page(token)
    form, status = RatingForm.showing(None, request.GET.get("score") or _score_of(page)), 200
    if not page.usable:
        status = 410
    elif request.method == "POST":
        form = RatingForm(request.POST)
        status = _give(form, page.invitation.person, page.service_request, by_link=True)
        if status == 200:
            messages.success(request, _("Your rating is kept. Thank you."))
            return redirect("ratings:rate", token=token)
    return render(request, LINK_PAGE, {"page": page, "form": form, "token": token}, status=status)


def _score_of(page: selectors.LinkPage) -> str:
    return str(page.rating.overall) if page.rating else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """What both sides say about a rating, and the next word; 404 for whoever does not read it."""
    service_request = get_service_request(person=request.user, number=number)
    panel = selectors.readable_panel(request.user, service_request)
    if panel is None or panel.rating is None:
        raise Http404
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form):
            reply_to_rating(by=request.user, service_request=service_request, text=form.cleaned_data["text"])
            messages.success(request, _("Kept. The other side is told."))
            return redirect("desk:request", number=number)
    return render(request, REPLY_PAGE, {"content": panel, "form": form}, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """How often people are asked, in the settings."""
    require_set_rules(request.user)
    form = _rules_form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_beside(form, newer=_rules_form):
            set_rules(by=request.user, based_on=form.based_on, **form.chosen())
            messages.success(request, _("Saved. It holds for deliveries from now on."))
            return redirect("settings:ratings")
    return render(request, RULES_PAGE, {"form": form}, status=400 if form.errors else 200)


def _rules_form(data: QueryDict | None = None) -> RulesForm:
    services = (
        Service.objects.filter(is_published=True).select_related("department").order_by("department__name", "name")
    )
    return RulesForm(data, services=services, values=values_of())
