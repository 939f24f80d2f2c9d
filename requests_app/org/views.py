"""Pages about people: those that administrators set up, and one's own profile."""

import logging
from smtplib import SMTPException

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org import selectors, services
from requests_app.org.forms import (
    HatsForm,
    NewPersonForm,
    PasswordForm,
    PeopleFilter,
    PersonForm,
    ProfileForm,
    TokenForm,
)
from requests_app.org.models import Person
from requests_app.org.policies import require_admin

PEOPLE, PERSON, PROFILE = "settings/people.html", "settings/person.html", "settings/profile.html"
log = logging.getLogger(__name__)


@login_required
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    rows = selectors.people_in_settings(request.user, **form.wanted())
    page = keyset_page(rows, order=("name", "pk"), cursor=request.GET.get("cursor", ""))
    return render(request, PEOPLE, {"form": form, "page": page}, status=400 if form.errors else 200)


@login_required
def new_person(request: HttpRequest) -> HttpResponse:
    require_admin(request.user)
    form = NewPersonForm(_typed(request), by=request.user)
    if form.is_valid():
        with refusals_beside(form):
            person = services.add_person(by=request.user, **form.wanted())
            messages.success(request, _("%(name)s is added.") % {"name": person.name})
            if form.cleaned_data["sign_in"] == "link":
                _send_link(request, person)
            return redirect("settings:person", pk=person.pk)
    return render(request, "settings/person_new.html", {"form": form}, status=400 if form.errors else 200)


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_person_to_edit(person=request.user, pk=pk)
    form = PersonForm(_typed(request), by=request.user, person=found)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: PersonForm(by=request.user, person=_again(found))):
            services.save_person(by=request.user, person=found, based_on=form.based_on, **form.values())
            messages.success(request, _("Saved."))
            return redirect("settings:person", pk=pk)
    return _person_page(request, found, form=form)


@login_required
@require_POST
def person_access(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access, or give it back; in force with the next click of theirs."""
    found = selectors.get_person_to_edit(person=request.user, pk=pk)
    gives = request.POST.get("access") == "give"
    services.save_person(by=request.user, person=found, is_active=gives)
    said = _("%(name)s has access again.") if gives else _("%(name)s has no access from now on.")
    messages.success(request, said % {"name": found.name})
    return redirect("settings:person", pk=pk)


@login_required
@require_POST
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a password; whoever was signed in with the old one is signed out."""
    found = selectors.get_person_to_edit(person=request.user, pk=pk)
    form = PasswordForm(request.POST, person=found)
    if form.is_valid():
        with refusals_beside(form):
            services.save_person(by=request.user, person=found, password=form.cleaned_data["password"])
            messages.success(request, _("The password is set. Tell it to %(name)s in person.") % {"name": found.name})
            return redirect("settings:person", pk=pk)
    return _person_page(request, found, password_form=form)


@login_required
@require_POST
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    _send_link(request, selectors.get_person_to_edit(person=request.user, pk=pk))
    return redirect("settings:person", pk=pk)


def _send_link(request: HttpRequest, person: Person) -> None:
    """The link by which somebody chooses a password: the same as they can ask for on the sign-in page."""
    form = ResetPasswordForm({"email": person.email})
    try:
        if person.is_active and form.is_valid():
            form.save(request)
            messages.success(request, _("A link to choose a password is on its way to %(to)s.") % {"to": person.email})
            return
    except (SMTPException, OSError):
        log.exception("the link for person %s was not sent", person.pk)
    messages.error(request, _("The link could not be sent. Try again later, or set a password here."))


@login_required
@require_POST
def person_hats(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person is in one department from now on."""
    found = selectors.get_person_to_edit(person=request.user, pk=pk)
    form = HatsForm(request.POST, by=request.user)
    if form.is_valid():
        with refusals_beside(form):
            services.set_hats(by=request.user, person=found, **form.wanted())
            messages.success(request, _("Saved."))
            return redirect("settings:person", pk=pk)
    return _person_page(request, found, hats_form=form)


@login_required
@require_POST
def person_token(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    """token.list_or_revoke_others: withdraw somebody's token."""
    found = selectors.get_person_to_edit(person=request.user, pk=pk)
    services.withdraw_token(by=request.user, token=selectors.get_token_of(found, pk=token))
    messages.success(request, _("The token is withdrawn."))
    return redirect("settings:person", pk=pk)


def _typed(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def _person_page(request: HttpRequest, found: Person, **forms) -> HttpResponse:
    """The page with all its forms; the one that was sent keeps what was typed."""
    context = {
        "found": found,
        "form": PersonForm(by=request.user, person=found),
        "hats": _hats_rows(request.user, found),
        "hats_form": HatsForm(by=request.user, auto_id="new_%s"),
        "password_form": PasswordForm(person=found),
        "tokens": list(selectors.tokens_for(request.user, owner=found)),
    } | forms
    return render(request, PERSON, context, status=400 if any(form.errors for form in forms.values()) else 200)


def _hats_rows(by: Person, found: Person) -> list[dict]:
    """A form for each department in which the person is something."""
    rows = []
    for hats in selectors.hats_of(found):
        initial = {"department": hats.department.slug, "roles": list(hats.roles), "home": hats.home}
        rows.append({"hats": hats, "form": HatsForm(by=by, initial=initial, auto_id=f"hats_{hats.department.pk}_%s")})
    return rows


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(_typed(request), person=request.user)
    if form.is_valid():
        with refusals_beside(form, newer=lambda: ProfileForm(person=_again(request.user))):
            services.change_profile(by=request.user, based_on=form.based_on, **form.values())
            messages.success(request, _("Saved."))
            return redirect("me:profile")
    return _profile_page(request, form=form)


@login_required
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """The token's text is on this one answer and nowhere else."""
    form = TokenForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            token, text = services.issue_token(by=request.user, **form.wanted())
            return _profile_page(request, made=token, text=text)
    return _profile_page(request, token_form=form)


@login_required
@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    services.withdraw_token(by=request.user, token=selectors.get_token_of(request.user, pk=pk))
    messages.success(request, _("The token is withdrawn. Programs that use it are refused from now on."))
    return redirect("me:profile")


def _profile_page(request: HttpRequest, **given) -> HttpResponse:
    context = {
        "form": ProfileForm(person=request.user),
        "token_form": TokenForm(),
        "tokens": list(selectors.tokens_for(request.user)),
        "hats": selectors.hats_of(request.user),
    } | given
    refused = any(given[name].errors for name in ("form", "token_form") if name in given)
    return render(request, PROFILE, context, status=400 if refused else 200)
