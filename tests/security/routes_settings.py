"""How each address that is about no request is tried: the catalogue, people, settings, health, the description."""

from collections.abc import Mapping
from typing import Any

from django.core import mail, signing

from requests_app.agreements.models import Agreement, PriorityMatrix
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.catalogue.models import Service
from requests_app.events.models import Delivery
from requests_app.org.models import ApiToken, Department, Membership, Person
from tests.api_calls import ICS, TARGETS, WEEK
from tests.security.probes import Probe

SLUG, MISSION = {"slug": "department"}, {"mission": "Keep it running"}


def person(names: Mapping[str, Any], who: str) -> Person:
    return Person.objects.get(email=names[who])


def is_agent(who: str):
    return lambda _world, names, _letter: Membership.objects.filter(
        person__email=names[who], department__slug=names["own"], role="agent"
    ).exists()


def is_there(model: type, **values: Any):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def asked_for_a_password(_world, names, _letter) -> bool:
    return mail.outbox[-1].to == [names["second"]]


def has_token(_world, names, _letter) -> bool:
    return ApiToken.objects.filter(person__email=names["me"], name="spreadsheet").exists()


def _reads(action: str, *routes: str, **more: Any) -> list[Probe]:
    return [Probe(action, route, **more) for route in routes]


_PRINTER = {"department": "it", "name": "Printer"}
_NEW_WEEK = {"weekly": WEEK, "reason": "Shorter days"}
_WEEK_FORM = {
    "name": "Of IT", "zone": "Europe/Berlin", "mon": "10:00-12:00", "tue": "10:00-12:00", "reason": "Shorter days",
}  # fmt: skip
_HALF_DAY = {
    "total": "1", "row1-date": "2027-12-24", "row1-name": "Eve", "row1-windows": "9-12", "row1-years": "1",
}  # fmt: skip


def _an_offer() -> str:
    """What the page of a calendar's days offers to save, signed for that calendar."""
    calendar = Calendar.objects.select_related("current").get(slug="of-it")
    day = {"date": "2027-05-07", "name": "Bridge day", "windows": []}
    offer = {"days": [day], "reason": "Bridge day", "version": calendar.current.number}
    return signing.dumps(offer, salt=f"calendars.days.{calendar.pk}", compress=True)


_NORA = {"email": "nora@example.test", "name": "Nora New"}
_NORA_FORM = _NORA | {"sign_in": "later"}
_AGREED = {"supplier": "it", "targets": TARGETS}
_HOURS_FORM = {"response_1": "4 h", "resolution_1": "8 h", "acceptance_days": "5", "pausing": "customer"}
_NINE = {f"u{urgency}_i{impact}": "1" for urgency in (1, 2, 3) for impact in (1, 2, 3)}
_PROFILE = {"name": "Somebody", "position": "Boss of it all", "language": "", "time_zone": ""}

CATALOGUE = [
    *_reads("catalogue.view_published", "catalogue:list", "api:services", "api:agreements", "api:calendars"),
    *_reads("catalogue.view_published", "catalogue:service", "api:service", "desk:new", "desk:promise", path=SLUG),
    *_reads("catalogue.view_published", "api:calendar", "api:calendar-versions", "api:calendar-ics",
            path={"slug": "of-it"}),
    Probe("catalogue.view_published", "api:calendar-working-time", "post", {"slug": "of-it"}, {"between": []}, asks=True),
    Probe("catalogue.view_published", "api:agreement", path={"pk": "{agreement}"}),
    *_reads("settings.open", "settings:services", "settings:targets", "settings:calendars", "settings:service_new"),
    *_reads("catalogue.edit_own_service", "settings:service", "settings:service_form", path=SLUG),
    Probe("catalogue.edit_own_service", "api:services", "post", {}, _PRINTER, effect=is_there(Service, name="Printer")),
    Probe("catalogue.edit_own_service", "api:service", "patch", SLUG, {"summary": "More"},
          effect=is_there(Service, summary="More")),
    Probe("catalogue.edit_own_service", "settings:service", "post", SLUG,
          {"name": "More help", "need_type": "service", "privacy": "department", "is_published": "on"},
          effect=is_there(Service, name="More help")),
    Probe("catalogue.edit_own_service", "settings:service_form", "post", SLUG,
          {"do": "save", "count": "1", "order": "0", "0-label": "Which floor", "0-type": "text", "0-key": "floor"}),
    Probe("catalogue.edit_own_service", "settings:service_new", "post", {},
          {"name": "Printer", "need_type": "service", "privacy": "department"}, query="department=it",
          effect=is_there(Service, name="Printer"), refusals=(403, 200)),
    Probe("sla_policy.edit", "api:agreements", "post", {}, _AGREED, violated=({"supplier": "sales"},),
          skip=frozenset({"AD"})),
    Probe("sla_policy.edit", "api:agreements", "post", {}, _AGREED,
          violated=({"valid_from": "2020-01-01T00:00:00Z"},)),
    Probe("sla_policy.edit", "api:agreement", "put", {"pk": "{agreement}"}, {"targets": TARGETS},
          violated=({"valid_from": "2020-01-01T00:00:00Z"},),
          effect=lambda _w, _n, _l: Agreement.objects.filter(supplier__slug="it", customer=None).count() == 2),
    Probe("sla_policy.edit", "settings:target", query="supplier=it"),
    Probe("sla_policy.edit", "settings:target", "post", {}, _HOURS_FORM, query="supplier=it"),
    Probe("sla_policy.edit", "settings:target_end", "post", {}, {}, query="supplier=it"),
    Probe("sla_policy.edit", "settings:matrix", query="department=it"),
    Probe("sla_policy.edit", "settings:matrix", "post", {}, _NINE, query="department=it",
          effect=is_there(PriorityMatrix, department__slug="it")),
    Probe("sla_policy.edit", "settings:matrix_end", "post", {}, {}, query="department=it"),
    Probe("calendar.edit", "api:calendar", "put", {"slug": "of-it"}, _NEW_WEEK),
    Probe("calendar.edit", "settings:calendar", path={"slug": "of-it"}),
    Probe("calendar.edit", "settings:calendar_open", path={"slug": "of-it"}),
    Probe("calendar.edit", "api:calendar-days-off", "post", {"slug": "of-it"}, {"ics": ICS, "dry_run": True}, asks=True),
    Probe("calendar.edit", "api:calendar-recompute", "post", {"slug": "of-it"}, {"dry_run": True}, asks=True),
    Probe("calendar.edit", "settings:calendar", "post", {"slug": "of-it"}, _WEEK_FORM),
    Probe("calendar.edit", "settings:calendar_holidays", path={"slug": "of-it"}),
    Probe("calendar.edit", "settings:calendar_year", path={"slug": "of-it", "year": "2027"}),
    *_reads("calendar.edit", "settings:calendar_file", "settings:calendar_ics", path={"slug": "of-it"}),
    Probe("calendar.edit", "settings:calendar_half_days", "post", {"slug": "of-it"}, _HALF_DAY, asks=True),
    Probe("calendar.edit", "settings:calendar_add_days", "post", {"slug": "of-it"}, {"offer": _an_offer},
          effect=is_there(CalendarVersion, reason="Bridge day")),
    Probe("calendar.create", "api:calendars", "post", {}, {"name": "Shop", "zone": "Asia/Tokyo", "weekly": WEEK},
          effect=is_there(Calendar, name="Shop")),
    Probe("calendar.create", "settings:calendar_new"),
    Probe("calendar.create", "settings:calendar_new", "post", {}, _WEEK_FORM | {"name": "Shop"},
          effect=is_there(Calendar, name="Shop")),
]  # fmt: skip

_DRAFT = {"pk": "{draft}"}
_PROPOSAL = {"pk": "{proposal}"}
_SIGNED = {"pk": "{signed}"}
_BETWEEN = "go=on&supplier=it&customer=sales&service=confidential"
_WHY = {"reason": "Too dear"}
_COUNTER = {"price": "rate card A"}
_TEXT = _HOURS_FORM | {"do": "save", "price": "rate card A"}

AGREEMENTS = [
    *_reads("everybody", "agreements:list"),
    *_reads("everybody", "agreements:agreement", "agreements:pdf", "api:agreement_pdf", path=_SIGNED),
    *_reads("agreement.read_proposal", "agreements:agreement", "api:agreement", path=_PROPOSAL),
    *_reads("agreement.own_draft", "agreements:agreement", "agreements:text", "api:agreement", path=_DRAFT),
    *_reads("agreement.replay", "whatif:agreement", path=_SIGNED),
    *_reads("agreement.replay", "whatif:run", "api:agreement_what_if_run", path=_SIGNED | {"run": "{run}"}),
    Probe("agreement.replay", "whatif:agreement", "post", _SIGNED, {"first": "2026-01-01", "last": "2026-12-31"},
          skip=frozenset({"EX"})),
    Probe("agreement.replay", "api:agreement_what_if", "post", _SIGNED, {"from": "2026-01-01", "to": "2026-12-31"},
          skip=frozenset({"EX"})),
    Probe("agreement.end", "desk:agreement_open", path=_SIGNED),
    Probe("agreement.end", "api:agreement_recompute", "post", _SIGNED, {"dry_run": True}, asks=True),
    Probe("agreement.choose_parties", "agreements:new"),
    Probe("agreement.draft", "agreements:new", query=_BETWEEN),
    Probe("agreement.draft", "agreements:new", "post", {}, _TEXT, query=_BETWEEN,
          effect=is_there(Agreement, price="rate card A", life="draft")),
    Probe("agreement.draft_or_set", "api:agreements", "post", {}, {**_AGREED, "customer": "sales", "service": "department"},
          effect=is_there(Agreement, customer__slug="sales", service__slug="department")),
    Probe("agreement.own_draft", "api:agreement", "put", _DRAFT, {"targets": TARGETS, "price": "rate card A"},
          effect=is_there(Agreement, price="rate card A", life="draft")),
    Probe("agreement.own_draft", "agreements:text", "post", _DRAFT, _TEXT,
          effect=is_there(Agreement, price="rate card A", life="draft")),
    *(Probe("agreement.own_draft", f"{place}propose", "post", _DRAFT, {},
            effect=is_there(Agreement, service=None, life="proposed")) for place in ("agreements:", "api:agreement_")),
    Probe("agreement.answer", "agreements:text", path=_PROPOSAL),
    Probe("agreement.answer", "agreements:text", "post", _PROPOSAL, _TEXT | {"version": "1"},
          effect=is_there(Agreement, round=2)),
    Probe("agreement.answer", "api:agreement_counter", "post", _PROPOSAL, _COUNTER, effect=is_there(Agreement, round=2)),
    *(Probe("agreement.answer", f"{place}sign", "post", _PROPOSAL, {},
            effect=is_there(Agreement, service__slug="private", life="signed")) for place in ("agreements:", "api:agreement_")),
    *(Probe("agreement.withdraw", f"{place}withdraw", "post", _PROPOSAL, _WHY,
            effect=is_there(Agreement, end_reason="Too dear")) for place in ("agreements:", "api:agreement_")),
    *(Probe("agreement.end", f"{place}end", "post", _SIGNED, _WHY,
            effect=is_there(Agreement, end_reason="Too dear")) for place in ("agreements:", "api:agreement_")),
]  # fmt: skip

PEOPLE = [
    *_reads("user.directory_search", "api:people", "api:departments", "desk:people", query=""),
    Probe("user.directory_search", "api:person", path={"email": "{stranger}"}),
    Probe("user.directory_search", "api:department", path={"slug": "it"}),
    Probe("user.edit_own_profile", "api:me"),
    Probe("user.edit_own_profile", "me:profile"),
    Probe("user.edit_own_profile", "me:profile", "post", {}, _PROFILE, effect=is_there(Person, position="Boss of it all")),
    *(
        Probe("user.change_own_role_dept_email_active", "api:person", "patch", {"email": "{me}"}, change)
        for change in ({"is_admin": True, "is_auditor": True}, {"email": "other@example.test"}, {"is_active": False})
    ),
    Probe("user.change_own_role_dept_email_active", "api:hats", "put", {"slug": "it", "email": "{me}"},
          {"roles": ["head", "agent", "member"]}),
    Probe("user.change_own_role_dept_email_active", "settings:person_access", "post", {"pk": "{me_pk}"}, {}),
    Probe("user.change_own_role_dept_email_active", "settings:person_hats", "post", {"pk": "{me_pk}"},
          {"department": "legal", "roles": ["head"]}),
    Probe("user.set_agent_role_in_own_dept", "api:hats", "put", {"slug": "{own}", "email": "{second}"},
          {"roles": ["agent"]}, effect=is_agent("second"), skip=frozenset({"OH"})),
    Probe("user.set_agent_role_in_own_dept", "settings:agents", "post", {"slug": "{own}"},
          {"email": "{second}", "agent": "on"}, effect=is_agent("second"), violated=({"email": "{me}"},)),
    Probe("user.manage_any", "api:people", "post", {}, _NORA, effect=is_there(Person, name="Nora New")),
    Probe("user.manage_any", "api:person", "patch", {"email": "{second}"}, {"name": "Nora New"},
          effect=is_there(Person, name="Nora New")),
    *_reads("user.manage_any", "settings:people", "settings:person_new"),
    Probe("user.manage_any", "settings:person", path={"pk": "{second_pk}"}),
    Probe("user.manage_any", "settings:person", "post", {"pk": "{second_pk}"}, _NORA | {"is_auditor": "on"},
          effect=is_there(Person, name="Nora New", is_auditor=True)),
    Probe("user.manage_any", "settings:person_new", "post", {}, _NORA_FORM, effect=is_there(Person, name="Nora New")),
    Probe("user.manage_any", "settings:person_access", "post", {"pk": "{second_pk}"}, {"access": "end"},
          effect=is_there(Person, email="sam.second@example.test", is_active=False)),
    Probe("user.manage_any", "settings:person_password", "post", {"pk": "{second_pk}"},
          {"password": "correct horse battery"}),
    Probe("user.manage_any", "settings:person_link", "post", {"pk": "{second_pk}"}, {}, effect=asked_for_a_password),
    Probe("user.manage_any", "settings:person_hats", "post", {"pk": "{second_pk}"},
          {"department": "legal", "roles": ["head"]}),
    Probe("department.edit_settings", "api:department", "patch", {"slug": "{own}"}, MISSION,
          effect=is_there(Department, **MISSION)),
    *_reads("settings.open", "settings:departments"),
    Probe("department.edit_settings", "settings:department", path={"slug": "{own}"}),
    Probe("department.edit_settings", "settings:department", "post", {"slug": "{own}"},
          MISSION | {"name": "New name", "time_zone": "Europe/Berlin", "language": "en", "slug": "{own}",
                     "kind": "internal", "is_active": "on"}, effect=is_there(Department, **MISSION)),
    Probe("department.create", "api:departments", "post", {}, {"slug": "shop", "name": "Shop"},
          effect=is_there(Department, slug="shop")),
    Probe("department.create", "settings:department_new"),
    Probe("department.create", "settings:department_new", "post", {},
          {"slug": "shop", "name": "Shop", "kind": "internal", "time_zone": "Europe/Berlin", "language": "en",
           "is_active": "on"}, effect=is_there(Department, slug="shop")),
    Probe("audit_log.view", "settings:history"),
    Probe("settings.home", "settings:home"),
]  # fmt: skip

ACCESS = [
    Probe("everybody", "desk:home"),
    Probe("everybody", "api:tokens"),
    Probe("everybody", "api:token", path={"pk": "{own_token}"}),
    Probe("everybody", "api:token", "delete", {"pk": "{own_token}"}),
    Probe("everybody", "me:token_end", "post", {"pk": "{own_token}"}, {}),
    Probe("token.create_own", "me:tokens", "post", {}, {"name": "spreadsheet", "days": "30", "reads": "no"},
          violated=({"days": "366"},), effect=has_token),
    Probe("token.create_own", "api:tokens", "post", {}, {"name": "spreadsheet", "days": 30, "read_only": False},
          violated=({"days": 366},), effect=has_token),
    Probe("token.list_or_revoke_others", "api:tokens", query="person={second}"),
    Probe("token.list_or_revoke_others", "settings:person_token", "post",
          {"pk": "{stranger_pk}", "token": "{stranger_token}"}, {}),
    Probe("token.of_others", "api:token", path={"pk": "{stranger_token}"}, skip=frozenset({"U"})),
    Probe("token.of_others", "api:token", "delete", {"pk": "{stranger_token}"}, skip=frozenset({"U"})),
    *_reads("health.live", "health:live", "health:ready"),
    Probe("health.detail", "health:detail"),
    Probe("outbox.inspect_retry", "health:retry", "post", {"delivery_id": "{delivery}"}, {},
          effect=is_there(Delivery, dead=False, attempts=0)),
    *_reads("openapi.schema", "api:schema", "api:docs"),
]  # fmt: skip

SETTINGS = CATALOGUE + AGREEMENTS + PEOPLE + ACCESS
