"""What training adds to my desk, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.training.coverage import trained_in
from feedback.training.selectors import recommended_between, recommended_to, waiting_for
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    found = waiting_for(person)
    return Panel("feedback/training/_waiting.html", found) if found.rows else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier" or standing(person).is_partner:
        return None
    found = recommended_to([department.pk])
    return Panel("feedback/training/_recommended.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """In what its people are trained, for the customer's side."""
    if side != "customer" or standing(person).is_partner:
        return None
    held, of = trained_in(person, department)
    behind = reverse("training:department", args=[department.slug])
    facts = [
        Fact(held, ngettext("course with a valid certificate", "courses with a valid certificate", held),
             f"{behind}?held=yes"),
        Fact(of, ngettext("course on offer", "courses on offer", of), behind),
    ]  # fmt: skip
    return facts_panel(_("Training of its people"), facts)


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    if standing(person).is_partner:
        return None
    found = recommended_between(one, other)
    return Panel("feedback/training/_recommended.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
    provide("department facts", among_the_facts)
