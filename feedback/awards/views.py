"""Awards over pages: the list and the hall of fame, one award, nominating, voting, programmes, the certificate."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.awards import judging, keeping, papers, policies, selectors, services
from feedback.awards.days import company_day
from feedback.awards.forms import AwardForm, FilterForm, NominationForm, ProgrammeForm, StepForm, VoteForm
from feedback.awards.models import Programme
from feedback.awards.voters import everybody
from feedback.awards.wording import outcome_of
from requests_app.kernel.errors import IllegalMove, NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.selectors import departments_by_slug

PAGES = "feedback/awards/{}.html".format
PAGE_SIZE = 30


@login_required
def awards(request: HttpRequest) -> HttpResponse:
    """What is open, who won before, and by which programmes."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    department = departments_by_slug(request.user, wanted, "department")["department"]
    rows = selectors.hall_of_fame(request.user, department)
    page = keyset_page(rows, order=("-last", "-pk"), cursor=wanted.get("cursor", ""), size=PAGE_SIZE)
    keeps = policies.keeps(request.user)
    context = {
        "page": page,
        "department": department,
        "open": selectors.open_awards(request.user),
        "keeps": keeps,
        "programmes": Programme.objects.order_by("-is_active", "name") if keeps else [],
    }
    return render(request, PAGES("list"), context)


@login_required
def award(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, cancel: StepForm | None = None) -> HttpResponse:
    page = selectors.award_page(person=request.user, pk=pk, now=timezone.now())
    context = {
        "page": page,
        "award": page.award,
        "outcome": outcome_of(page.award) if page.shows_result else "",
        "cancel": cancel or StepForm(),
    }
    return render(request, PAGES("award"), context, status=400 if cancel else 200)


@login_required
def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a unit and say why."""
    found = selectors.get_award(person=request.user, pk=pk)
    departments = selectors.choices_to_nominate(request.user, found)
    form = NominationForm(request.POST or None, departments=departments)
    policies.require_take_part(request.user)
    if request.method != "POST" and not selectors.may_nominate(request.user, found, timezone.now()):
        raise IllegalMove(_("Nominations are closed."))
    if form.is_valid():
        with refusals_beside(form):
            services.nominate(by=request.user, award=found, **form.cleaned_data)
            messages.success(request, _("Nominated."))
            return redirect("awards:award", pk=pk)
    return render(request, PAGES("nominate"), {"form": form, "award": found}, status=400 if form.errors else 200)


@login_required
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """One secret vote. SECURITY: what was chosen is in no address, message or log."""
    found = selectors.get_award(person=request.user, pk=pk)
    nominees = selectors.choices_to_vote(request.user, found)
    form = VoteForm(request.POST if request.method == "POST" else None, nominees=nominees)
    if request.method != "POST":
        _require_may_vote(request, pk)
    elif form.is_valid():
        with refusals_beside(form):
            services.cast_vote(by=request.user, award=found, nominee_id=int(form.cleaned_data["nominee"]))
            messages.success(request, _("You have voted. Nobody sees for whom."))
            return redirect("awards:award", pk=pk)
    context = {"form": form, "award": found, "nominees": nominees}
    return render(request, PAGES("vote"), context, status=400 if form.errors else 200)


def _require_may_vote(request: HttpRequest, pk: int) -> None:
    page = selectors.award_page(person=request.user, pk=pk, now=timezone.now())
    if page.why_no_vote:
        raise NotAllowed(page.why_no_vote, needed=_("The others decide."))
    if page.has_voted:
        raise IllegalMove(_("You have voted already. As the vote is secret, it cannot be changed."))
    if not page.may_vote:
        raise IllegalMove(_("The vote is not open."))


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Begin the vote, count, announce, cancel."""
    found = selectors.get_award(person=request.user, pk=pk)
    form = StepForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            services.take_step(by=request.user, award=found, name=name, note=form.cleaned_data["note"])
            messages.success(request, _done(name))
            return redirect("awards:award", pk=pk)
    return _page(request, pk, form)


def _done(name: str) -> str:
    if name == "announce":
        n = everybody().count()
        return ngettext("Announced: %(n)s person is told.", "Announced: %(n)s people are told.", n) % {"n": n}
    return _("Kept.")


@login_required
def new_programme(request: HttpRequest) -> HttpResponse:
    policies.require_keep(request.user)
    return _edit(request, None)


@login_required
def edit_programme(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, selectors.get_programme(person=request.user, pk=pk))


def _edit(request: HttpRequest, programme: Programme | None) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, programme=programme)
    if form.is_valid():
        with refusals_beside(form):
            keeping.save_programme(by=request.user, programme=programme, **form.values())
            messages.success(request, _("Kept."))
            return redirect("awards:list")
    context = {"form": form, "programme": programme}
    return render(request, PAGES("programme"), context, status=400 if form.errors else 200)


@login_required
def open_award(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the units over some days, and open the award."""
    programme = selectors.get_programme(person=request.user, pk=pk)
    form = AwardForm(request.POST or None, programme=programme, today=company_day(timezone.now()))
    if form.is_valid():
        with refusals_beside(form):
            made = judging.open_award(by=request.user, programme=programme, **form.cleaned_data)
            messages.success(request, _("The award is open."))
            return redirect("awards:award", pk=made.pk)
    context = {"form": form, "programme": programme}
    return render(request, PAGES("open"), context, status=400 if form.errors else 200)


@login_required
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as PDF, for everybody: it is an honour."""
    name, content = papers.pdf_of(selectors.get_won(person=request.user, pk=pk))
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)
