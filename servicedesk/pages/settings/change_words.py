"""Each changed value in words: ids become names, seconds working time, codes what people call them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.awards.states import Criterion, Tie, Unit, Way
from metrics.rollups.definitions import DEFINITIONS
from requests_app.agreements.models import Agreement
from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, HoldReason, target_name, time_in_words
from requests_app.calendars.models import Calendar
from requests_app.calendars.states import DAY_TERMS, WEEKDAYS
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.states import NeedType, Privacy
from requests_app.events.models import Event
from requests_app.kernel import formats
from requests_app.org.models import ApiToken, Department, Person
from requests_app.org.states import DepartmentKind, Role

LABELS = {
    "slug": gettext_lazy("Short name"), "name": gettext_lazy("Name"), "kind": gettext_lazy("Kind"),
    "mission": gettext_lazy("What it is there for"), "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"), "zone": gettext_lazy("Time zone"),
    "cost_centre": gettext_lazy("Cost centre"), "calendar_id": gettext_lazy("Working calendar"),
    "is_active": gettext_lazy("Active"), "parent_id": gettext_lazy("Belongs to"),
    "email": gettext_lazy("E-mail address"), "position": gettext_lazy("Position"),
    "is_admin": gettext_lazy("Administrator"), "is_executive": gettext_lazy("Executive"),
    "is_auditor": gettext_lazy("Auditor"), "summary": gettext_lazy("In one line"),
    "description": gettext_lazy("Description"), "quality": gettext_lazy("Quality standard"),
    "keywords": gettext_lazy("Words people search"), "need_type": gettext_lazy("Kind of need"),
    "privacy": gettext_lazy("Who reads along"), "open_to_partners": gettext_lazy("Open to partners"),
    "is_published": gettext_lazy("Published"), "owner_id": gettext_lazy("Responsible"),
    "form": gettext_lazy("Form"), "country": gettext_lazy("Country"), "region": gettext_lazy("Region"),
    "is_default": gettext_lazy("The company's calendar"), "version": gettext_lazy("Version"),
    "person_id": gettext_lazy("Whose"), "read_only": gettext_lazy("Only reads"),
    "expires_at": gettext_lazy("Lasts until"), "below": gettext_lazy("Below"),
    "rest_days": gettext_lazy("Days of rest between two questions"),
    "campaign_rest_days": gettext_lazy("Days of rest between two surveys"),
    "remind": gettext_lazy("Reminds once"),
    "propose_actions": gettext_lazy("Proposes corrective actions"),
    "unit": gettext_lazy("Who can win"), "way": gettext_lazy("What decides"), "tie": gettext_lazy("With equal votes"),
    "jury": gettext_lazy("Jury"), "fewest_requests": gettext_lazy("Fewest requests"),
    "most_requests": gettext_lazy("Most requests"), "fewest_response": gettext_lazy("Fewest ratings given, %"),
    "most_flagged": gettext_lazy("Doubtful times below, %"),
}  # fmt: skip
LABELS |= {f"weight_{key}": label for key, label in Criterion.choices}
WORDS: dict[str, dict] = {
    "kind": dict(DepartmentKind.choices),
    "language": dict(settings.LANGUAGES),
    "need_type": dict(NeedType.choices),
    "privacy": dict(Privacy.choices),
    "unit": dict(Unit.choices),
    "way": dict(Way.choices),
    "tie": dict(Tie.choices),
}
LONGEST = 160
ORDER = ["name", "slug", "email", *LABELS, *WEEKDAYS, *DAY_TERMS]


@dataclass(frozen=True)
class Line:
    """One value that changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Names:
    """What the ids of some events are called, looked up once for all of them."""

    people: dict[int | None, str] = field(default_factory=dict)
    departments: dict[int | None, str] = field(default_factory=dict)
    department_slugs: dict[str, str] = field(default_factory=dict)
    calendars: dict[int | None, str] = field(default_factory=dict)
    services: dict[int | None, str] = field(default_factory=dict)
    forms: dict[int | None, int] = field(default_factory=dict)
    tokens: dict[int | None, str] = field(default_factory=dict)
    agreements: dict[int | None, Agreement] = field(default_factory=dict)
    slugs: dict[tuple[str, int], str] = field(default_factory=dict)

    def subject(self, event: Event) -> str:
        """What was changed, by name."""
        pk = event.subject_id
        if event.subject_kind == "agreement":
            return parties_of(self.agreements.get(pk))
        if event.subject_kind in ("matrix", "figure_target"):
            return self.departments.get(event.data.get("department")) or _("The company")
        if event.subject_kind == "rating_rules":
            return _("The company")
        if event.subject_kind == "token":
            return self.tokens.get(pk) or _given(event, "name")
        by_kind = {
            "person": self.people, "department": self.departments, "service": self.services, "calendar": self.calendars,
            "cause": {}, "award_programme": {},
        }  # fmt: skip
        return by_kind[event.subject_kind].get(pk) or _given(event, "name")


def parties_of(agreement: Agreement | None) -> str:
    """Between whom, for what."""
    if agreement is None or not (agreement.supplier_id or agreement.customer_id):
        return _("The company's default")
    pair = {"supplier": agreement.supplier or _("every department"), "customer": agreement.customer}
    words = _("%(supplier)s for %(customer)s") % pair if agreement.customer else str(pair["supplier"])
    return f"{words}: {agreement.service}" if agreement.service else words


def names_for(events: Iterable[Event]) -> Names:
    """Everything that the events mention, in one query for each kind of thing that they mention."""
    wanted = _mentioned(events)
    named = wanted["department"] or wanted["person"] or wanted["matrix"] or wanted["figure_target"]
    departments = list(Department.objects.defer("mission")) if named else []
    calendars, services = _rows(Calendar, wanted["calendar"]), _rows(Service, wanted["service"])
    slugs = {
        (kind, row.pk): row.slug
        for kind, rows in (("department", departments), ("calendar", calendars), ("service", services))
        for row in rows
    }
    agreements = Agreement.objects.filter(pk__in=wanted["agreement"]).prefetch_related("targets")
    return Names(
        people={person.pk: person.name for person in _rows(Person, wanted["person"] | wanted["actor"])},
        departments={department.pk: department.name for department in departments},
        department_slugs={department.slug: department.name for department in departments},
        calendars={calendar.pk: calendar.name for calendar in calendars},
        services={service.pk: service.name for service in services},
        forms={form.pk: form.number for form in _rows(ServiceForm, wanted["form"])},
        tokens={token.pk: token.name for token in _rows(ApiToken, wanted["token"])},
        agreements={row.pk: row for row in agreements.select_related("supplier", "customer", "service")}
        if wanted["agreement"]
        else {},
        slugs=slugs,
    )


REFERENCES = {
    "parent_id": "department", "calendar_id": "calendar", "owner_id": "person", "person_id": "person", "form": "form",
    "agreement": "agreement",
}  # fmt: skip


def _mentioned(events: Iterable[Event]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.subject_kind].add(event.subject_id)
        wanted["actor"].add(event.actor_id)
        for side in ("before", "after"):
            for key, value in (event.data.get(side) or {}).items():
                if key in REFERENCES and value:
                    wanted[REFERENCES[key]].add(value)
    return wanted


def _rows(model: type[Model], ids: set[int]) -> list:
    return list(model._default_manager.filter(pk__in=ids)) if ids else []


def _given(event: Event, key: str) -> str:
    """The name in the event itself, for what is gone."""
    sides = (event.data.get("after") or {}, event.data.get("before") or {})
    return next((str(side[key]) for side in sides if side.get(key)), "")


def lines_of(event: Event, names: Names) -> list[Line]:
    """What changed, value by value; of something new only what says something."""
    if event.subject_kind == "agreement":
        return _agreement_lines(event, names)
    if event.subject_kind == "matrix":
        return _matrix_lines(event.data)
    if event.subject_kind == "figure_target":
        return _figure_lines(event.data)
    before, after = event.data.get("before") or {}, event.data.get("after") or {}
    found = (
        Line(_label(key, names), _words(key, before.get(key), names), _words(key, after.get(key), names))
        for key in sorted(after, key=_place)
    )
    return [line for line in found if line.before != line.after]


def _place(key: str) -> tuple[int, str]:
    """Values in the order in which the pages have them; the database keeps its own."""
    return (ORDER.index(key), "") if key in ORDER else (len(ORDER), key)


def _label(key: str, names: Names) -> str:
    known = LABELS.get(key) or WEEKDAYS.get(key) or DAY_TERMS.get(key) or names.department_slugs.get(key)
    return str(known or key)


def _words(key: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(dict(Role.choices).get(role, role)) for role in value)
    if key in REFERENCES:
        return _named(key, value, names)
    text = str(WORDS.get(key, {}).get(value, value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _named(key: str, value: int, names: Names) -> str:
    if key == "form":
        return _("version %(n)s") % {"n": names.forms.get(value, "?")}
    by_kind = {"department": names.departments, "calendar": names.calendars, "person": names.people}
    return by_kind[REFERENCES[key]].get(value, f"{value}")


def _agreement_lines(event: Event, names: Names) -> list[Line]:
    former = names.agreements.get((event.data.get("before") or {}).get("agreement"))
    now = names.agreements.get(event.subject_id)
    if now is None or "targets" not in (event.data.get("after") or {}):
        return [Line(_("In force"), _("yes"), _("no, what is less specific holds again"))]
    before, after = _promises(former), _promises(now)
    return [
        Line(label, before.get(label, ""), after.get(label, ""))
        for label in before | after
        if before.get(label, "") != after.get(label, "")
    ]


def _promises(agreement: Agreement | None) -> dict[str, str]:
    if agreement is None:
        return {}
    targets = sorted(agreement.targets.all(), key=lambda target: (target.priority, target.measure))
    reasons = dict(HoldReason.choices)
    return {target_name(target.measure, target.priority): time_in_words(target.time) for target in targets} | {
        _("When the clock stands still"): ", ".join(str(reasons[code]) for code in agreement.pausing),
        _("Accepted without an answer after"): formats.days(agreement.acceptance_days),
    }


def _matrix_lines(data: dict) -> list[Line]:
    before, after = data.get("before") or {}, data.get("after") or {}
    cells = ((urgency, impact) for urgency in URGENCY for impact in IMPACT)
    found = (
        Line(f"{URGENCY[urgency]} × {IMPACT[impact]}", _cell(before, urgency, impact), _cell(after, urgency, impact))
        for urgency, impact in cells
    )
    return [line for line in found if line.before != line.after]


def _figure_lines(data: dict) -> list[Line]:
    before, after = data.get("before") or {}, data.get("after") or {}
    return [
        Line(str(DEFINITIONS[key].label), _figure(key, before.get(key)), _figure(key, after.get(key)))
        for key in DEFINITIONS
        if key in after
    ]


def _figure(key: str, value: float | None) -> str:
    if value is None:
        return ""
    unit = DEFINITIONS[key].unit.value
    return formats.number(value, 1) if unit in ("score", "mean") else formats.amount(value, unit)


def _cell(cells: dict, urgency: int, impact: int) -> str:
    value = cells.get(str(urgency), {}).get(str(impact))
    return str(PRIORITY[value]) if value else ""
