"""The parts of the settings: where they are, who may open them, what they are for."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.org.models import Person
from requests_app.org.policies import can_set_up


@dataclass(frozen=True)
class Part:
    """`name` is that of the address in the namespace settings, `action` a row of the permission matrix."""

    name: str
    icon: str
    action: str
    title: Promise
    purpose: Promise


PARTS = (
    Part(
        "departments", "building-community", "department.edit_settings", _("Departments"),
        _("Who supplies and asks whom: the tree, who leads, by which calendar and cost centre they work."),
    ),
    Part(
        "people", "users", "user.manage_any", _("People"),
        _("Who has access, what they are in which department, and who administers, leads or audits."),
    ),
    Part(
        "services", "layout-grid", "catalogue.edit_own_service", _("Services"),
        _("What departments do for others: the description, the quality standard and the questions asked."),
    ),
    Part(
        "targets", "target", "sla_policy.edit", _("Targets"),
        _("What is promised: first response and resolution in working time, by priority."),
    ),
    Part(
        "figure_targets", "chart-line", "sla_policy.edit", _("Figure targets"),
        _("What the figures are to reach: the company's, and those of a department."),
    ),
    Part(
        "matrix", "flag", "sla_policy.edit", _("Priorities"),
        _("Which priority follows from how soon it hurts and how many are touched."),
    ),
    Part(
        "calendars", "calendar-time", "calendar.edit", _("Calendars"),
        _("Working hours, public holidays and other days off; all targets count by them."),
    ),
    Part(
        "ratings", "star", "user.manage_any", _("Ratings"),
        _("How often people are asked: days of rest, and the share of deliveries of each service."),
    ),
    Part(
        "causes", "category", "feedback.configure", _("Causes"),
        _("What problems come of: the tree from which corrective actions choose, and by which recurrence is seen."),
    ),
    Part(
        "history", "history", "audit_log.view", _("History of changes"),
        _("Who changed which setting when, from what to what."),
    ),
)  # fmt: skip


def parts_for(person: Person) -> list[Part]:
    """Those that the person may open, whichever department they are about."""
    return [part for part in PARTS if can_set_up(person, part.action)]
