"""The history of changes: which of it a person may read, and each change in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.models import Agreement
from requests_app.catalogue.models import Service
from requests_app.events.models import Event
from requests_app.kernel.pagination import Page, keyset_page
from requests_app.org.models import Department, Person
from requests_app.org.policies import require_set_up, standing
from requests_app.org.services import PERSON_FIELDS
from servicedesk.pages.settings.change_words import Line, Names, lines_of, names_for

KINDS = {
    "department": gettext_lazy("Department"),
    "person": gettext_lazy("Person"),
    "service": gettext_lazy("Service"),
    "agreement": gettext_lazy("Targets"),
    "matrix": gettext_lazy("Priorities"),
    "figure_target": gettext_lazy("Figure targets"),
    "calendar": gettext_lazy("Calendar"),
    "token": gettext_lazy("API token"),
    "cause": gettext_lazy("Cause"),
    "rating_rules": gettext_lazy("Ratings"),
    "award_programme": gettext_lazy("Award programme"),
}
ROWS = 30
MOST_LINES = 12  # a new calendar has hundreds of days off


@dataclass(frozen=True)
class Change:
    """Who changed what, when, from what to what."""

    at: datetime
    by: str
    kind: str
    subject: str
    url: str
    made: bool
    lines: list[Line] = field(default_factory=list)
    more: int = 0
    reason: str = ""


def changes_for(person: Person) -> QuerySet[Event]:
    """audit_log.view: administrators and auditors everything, heads what is their department's."""
    require_set_up(person, "audit_log.view")
    rows = Event.objects.filter(kind="config.changed", subject_kind__in=KINDS)
    hats = standing(person)
    return rows if hats.is_admin or hats.is_auditor else rows.filter(_of_departments(hats.head_of))


def openable(person: Person) -> Collection[str]:
    """The kinds whose pages in the settings open for who reads the history: auditors set nothing up."""
    hats = standing(person)
    return tuple(KINDS) if hats.is_admin else ("department", "service", "calendar") if hats.head_of else ()


def _of_departments(heads: Iterable[int]) -> Q:
    own = Department.objects.filter(pk__in=heads)
    hats = [slug for slug in own.values_list("slug", flat=True) if slug not in PERSON_FIELDS]
    services = Service.objects.filter(department__in=own)
    promised = Agreement.objects.filter(supplier__in=own)
    calendars = own.exclude(calendar_id=None)
    return (
        Q(subject_kind="department", subject_id__in=own.values("pk"))
        | Q(subject_kind="service", subject_id__in=services.values("pk"))
        | Q(subject_kind="agreement", subject_id__in=promised.values("pk"))
        | Q(subject_kind="figure_target", subject_id__in=own.values("pk"))
        | Q(subject_kind="matrix", data__department__in=list(heads))
        | Q(subject_kind="calendar", subject_id__in=calendars.values("calendar_id"))
        | Q(subject_kind="person", data__after__has_any_keys=hats)
    )


def change_page(
    rows: QuerySet[Event], *, cursor: str = "", size: int = ROWS, opens: Collection[str] = tuple(KINDS)
) -> tuple[list[Change], Page]:
    """A page of changes, newest first, in a fixed number of queries; `opens`: kinds whose pages open for the reader."""
    page = keyset_page(rows, order=("-at", "-id"), cursor=cursor, size=size)
    names = names_for(page.rows)
    return [_change(event, names, opens=opens) for event in page.rows], page


def changes_of(kind: str, pk: int, *, size: int = 5) -> list[Change]:
    """The latest changes of one thing, for the page on which it is set up."""
    rows = Event.objects.filter(kind="config.changed", subject_kind=kind, subject_id=pk).order_by("-at", "-id")
    events = list(rows[:size])
    names = names_for(events)
    return [_change(event, names) for event in events]


def _change(event: Event, names: Names, *, opens: Collection[str] = tuple(KINDS)) -> Change:
    lines = lines_of(event, names)
    return Change(
        at=event.at,
        by=names.people.get(event.actor_id) or _("The installation"),
        kind=str(KINDS[event.subject_kind]),
        subject=names.subject(event),
        url=_address(event, names) if event.subject_kind in opens else "",
        made=_is_new(event.data.get("before") or {}),
        lines=lines[:MOST_LINES],
        more=max(len(lines) - MOST_LINES, 0),
        reason=event.data.get("reason", ""),
    )


def _is_new(before: dict[str, Any]) -> bool:
    """Whatever has a name had none before it was there; an agreement is new when it follows no other."""
    return not before or before.get("name", "") is None or before.get("agreement", 0) is None


def _address(event: Event, names: Names) -> str:
    """Where it is set up; nothing for what has no page or is gone."""
    known: dict[str, Any] = {
        "department": names.slugs.get(("department", event.subject_id)),
        "service": names.slugs.get(("service", event.subject_id)),
        "calendar": names.slugs.get(("calendar", event.subject_id)),
        "person": event.subject_id,
    }
    key = known.get(event.subject_kind)
    return reverse(f"settings:{event.subject_kind}", args=[key]) if key else ""
