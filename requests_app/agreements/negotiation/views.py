"""Agreements between two departments: the list, the page of one, drafting, answering, signing, ending."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.agreements import selectors as promises
from requests_app.agreements.forms.parties import PartiesForm
from requests_app.agreements.forms.targets import ProposalForm
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation import policies, selectors, services
from requests_app.agreements.negotiation.forms import EndForm, ReasonForm
from requests_app.agreements.negotiation.printing import signed_text
from requests_app.agreements.selectors import Parties
from requests_app.agreements.states import Life, Measure, Side
from requests_app.agreements.terms import Terms
from requests_app.catalogue.selectors import services_for
from requests_app.kernel.errors import DomainError, NotAllowed
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pages import render_page_or_part
from requests_app.kernel.pagination import keyset_page
from requests_app.kernel.panels import panels_for
from requests_app.kernel.rows import small_number
from requests_app.org.selectors import departments_for

LIST, PAGE, FORM, NEW = (f"agreements/{name}.html" for name in ("list", "page", "form", "new"))
OUTLOOK = "settings/_outlook.html"
PAGE_SIZE = 50


@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """Every version the reader may see, newest first; above them what waits for an answer."""
    rows = selectors.agreements_seen(request.user)
    page = keyset_page(rows, order=("-pk",), cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "lines": selectors.lines_of(page.rows, request.user),
        "waiting": selectors.lines_of(selectors.waiting_for(request.user), request.user),
        "may_draft": selectors.departments_to_agree_for(request.user).exists(),
    }
    return render(request, LIST, context)


@login_required
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@login_required
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed text as PDF."""
    name, content = signed_text(person=request.user, pk=pk)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _page(request: HttpRequest, pk: int, *, reason: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    page = selectors.agreement_page(person=request.user, pk=pk)
    context = {
        "page": page,
        "agreement": page.agreement,
        "parties": Parties(page.agreement.supplier, page.agreement.customer, page.agreement.service),
        "reason": reason or (EndForm() if page.can_end else ReasonForm()),
        "panels": panels_for("agreement", person=request.user, agreement=page.agreement),
    }
    return render(request, PAGE, context, status=status)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """First between whom, then the text."""
    parties = _parties(request)
    if parties is None:
        form = PartiesForm(
            request.GET if request.GET else None,
            suppliers=departments_for(request.user),
            customers=departments_for(request.user),
            services=services_for(request.user).select_related("department"),
            between_two=True,
        )
        if not selectors.departments_to_agree_for(request.user).exists():
            raise NotAllowed(_("Heads and their deputies negotiate agreements."), needed=_("Ask your head."))
        if form.is_valid():
            return redirect(_new_address(form.address()))
        return render(request, NEW, {"form": form}, status=400 if form.errors else 200)
    if not policies.can_draft(request.user, parties.customer.pk, parties.supplier.pk):
        raise NotAllowed(
            _("Only the head of one of the two departments drafts this."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % {"one": parties.customer, "other": parties.supplier},
        )
    here = _new_address({name: row.slug for name, row in parties.by_name.items() if row})

    def save(form: ProposalForm) -> Agreement:
        return services.draft_agreement(by=request.user, terms=form.terms(), **parties.by_name)

    return _form(
        request, parties, _stands(parties), here, save, said=_("The draft is saved. Propose it when it is right.")
    )


def _new_address(named: dict[str, str]) -> str:
    return f"{reverse('agreements:new')}?{urlencode(named | {'go': 'on'})}"


def _parties(request: HttpRequest) -> Parties | None:
    """Those of the address once they are settled; None while they are being chosen."""
    if not request.GET.get("go"):
        return None
    named = {name: request.GET.get(name, "")[:80] for name in ("supplier", "customer", "service")}
    found = promises.get_parties(person=request.user, **named)
    return found if found.supplier and found.customer else None


def _stands(parties: Parties) -> Terms:
    """What the form begins with: the version in force, without its dates, else what holds otherwise."""
    versions = promises.versions_between(parties)
    if versions:
        return Terms.of(versions[0]).changed(valid_from=None, valid_to=None)
    return Terms()


@login_required
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Another text: of a draft by its side, or as the answer to a proposal."""
    agreement = selectors.get_negotiated(person=request.user, pk=pk)
    parties = Parties(agreement.supplier, agreement.customer, agreement.service)
    side = (
        Side(agreement.proposed_by) if agreement.life == Life.DRAFT else Side(agreement.proposed_by or "customer").other
    )
    if not _previews(request):  # one may arrive after the text it is of; it shows what the reader may see anyway
        policies.require_side(request.user, agreement, side)
        services.require_open(agreement)

    def save(form: ProposalForm) -> Agreement:
        if agreement.life == Life.DRAFT:
            return services.revise_draft(by=request.user, agreement=agreement, terms=form.terms())
        seen = small_number(form.cleaned_data["version"])
        return services.counter_agreement(
            by=request.user, agreement=agreement, terms=form.terms(), note=form.cleaned_data["note"], round_seen=seen
        )

    here = reverse("agreements:text", args=[pk])
    said = _("Saved.") if agreement.life == Life.DRAFT else _("Your counter-proposal is on the table, signed by you.")
    return _form(request, parties, Terms.of(agreement), here, save, said=said, agreement=agreement)


def _previews(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") == "preview"


def _form(
    request: HttpRequest,
    parties: Parties,
    stands: Terms,
    here: str,
    save: Callable[[ProposalForm], Agreement],
    *,
    said: str,
    agreement: Agreement | None = None,
) -> HttpResponse:
    """The text as a form, with what it comes to beside it."""
    otherwise = promises.holds_otherwise(parties, at=timezone.now())
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        versions=promises.versions_between(parties),
        otherwise=otherwise,
        stands=stands,
    )
    form.initial["version"] = str(agreement.round) if agreement else "0"
    previews = _previews(request)
    if form.is_valid() and not previews:
        with refusals_beside(form):
            saved = save(form)
            messages.success(request, said)
            return redirect("agreements:agreement", saved.pk)
    context = {
        "form": form,
        "parties": parties,
        "agreement": agreement,
        "here": here,
        "measures": [words for _code, words in Measure.choices],
        "outlook": promises.outlook(parties.supplier, form.as_promised(), at=timezone.now()),
    }
    refused = form.errors and not previews
    return render_page_or_part(request, FORM, OUTLOOK, context, status=400 if refused else 200)


@login_required
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    note = request.POST.get("note", "")
    return _step(request, pk, services.propose_agreement, _("Proposed, and signed by you."), note=note)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    seen = small_number(request.POST.get("round", "")) or None
    return _step(request, pk, services.sign_agreement, _("Signed by both."), round_seen=seen)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, reason=form, status=400)
    return _step(request, pk, services.withdraw_agreement, _("It is off the table."), **form.cleaned_data)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, reason=form, status=400)
    said = _("It ends. What is less specific holds from then on.")
    return _step(request, pk, services.end_agreement, said, **form.cleaned_data)


def _step(request: HttpRequest, pk: int, act: Callable[..., Agreement], said: str, **values) -> HttpResponse:
    """One step of the negotiation; a refusal is said on the page it was tried from."""
    agreement = selectors.get_negotiated(person=request.user, pk=pk)
    try:
        act(by=request.user, agreement=agreement, **values)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, pk, status=error.status)
    messages.success(request, said)
    return redirect("agreements:agreement", pk)
