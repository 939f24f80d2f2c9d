"""What joint groups add to my desk, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from feedback.groups.glances import between, of_department, on_desk, sits_in
from feedback.groups.policies import can_found
from feedback.groups.states import AT_WORK, FINISHED
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    found = on_desk(person)
    return Panel("feedback/groups/_waiting.html", found) if found else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier":
        return None
    found = of_department(person, department)
    return Panel("feedback/groups/_department.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """The groups it sits in, for the customer's side; the supplier's has them by name."""
    if side != "customer":
        return None
    at_work, finished = sits_in(person, department)
    behind = f"{reverse('groups:list')}?department={department.slug}&state="
    facts = [
        Fact(at_work, pgettext("joint groups", "at work"), behind + AT_WORK),
        Fact(finished, pgettext("joint groups", "finished"), behind + FINISHED),
    ]
    return facts_panel(_("Joint groups"), facts)


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    """Also where there is none: heads of either found one from here."""
    found = between(person, one, other)
    partner = other if one.pk in standing(person).head_of else one
    own = {one.pk, other.pk} & standing(person).head_of
    return Panel(
        "feedback/groups/_pair.html",
        {"rows": found.rows, "partner": partner, "may_found": bool(own) and can_found(person)},
    )


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
    provide("department facts", among_the_facts)
