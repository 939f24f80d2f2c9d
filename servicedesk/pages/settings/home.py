"""The first page of the settings: what can be set, what it is for, how much of it there is."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.agreements.selectors import agreements_to_edit
from requests_app.calendars.selectors import calendars_to_edit
from requests_app.catalogue.selectors import services_to_edit
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.selectors import department_tree, people_in_settings
from servicedesk.pages.settings.sections import parts_for


def _departments(person: Person) -> str:
    n = len(department_tree(person))
    return ngettext("%(n)s department", "%(n)s departments", n) % {"n": n}


def _people(person: Person) -> str:
    n = people_in_settings(person).count()
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": n}


def _services(person: Person) -> str:
    n = services_to_edit(person).count()
    return ngettext("%(n)s service", "%(n)s services", n) % {"n": n}


def _targets(person: Person) -> str:
    n = agreements_to_edit(person).count()
    return ngettext("%(n)s agreement", "%(n)s agreements", n) % {"n": n}


def _calendars(person: Person) -> str:
    n = calendars_to_edit(person).count()
    return ngettext("%(n)s calendar", "%(n)s calendars", n) % {"n": n}


SIZES: dict[str, Callable[[Person], str]] = {
    "departments": _departments,
    "people": _people,
    "services": _services,
    "targets": _targets,
    "calendars": _calendars,
}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    sections = [
        {"part": part, "url": reverse(f"settings:{part.name}"), "size": _size(part.name, request.user)}
        for part in parts_for(request.user)
    ]
    if not sections:
        raise NotAllowed(
            _("Settings are for administrators and for the heads of departments."),
            needed=_("Ask the head of your department or one of the administrators."),
        )
    return render(request, "settings/home.html", {"sections": sections})


def _size(name: str, person: Person) -> str:
    return SIZES[name](person) if name in SIZES else ""
