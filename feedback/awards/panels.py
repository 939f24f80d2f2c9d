"""What awards add to my desk, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.awards.selectors import prizes_of, waiting_for, won_by
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    if standing(person).is_partner:
        return None
    found = waiting_for(person, timezone.now())
    return Panel("feedback/awards/_waiting.html", found) if found.count else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier" or standing(person).is_partner:
        return None
    found = won_by(department)
    return Panel("feedback/awards/_won.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """What it won, for the customer's side; the supplier's has it by name."""
    if side != "customer" or standing(person).is_partner:
        return None
    [n] = prizes_of(person, [department])
    return facts_panel(_("Awards won"), [Fact(n, ngettext("award", "awards", n), _behind(department))])


def between_the_two(*, person: Person, one: Department, other: Department) -> Panel | None:
    if standing(person).is_partner:
        return None
    both = [one, other]
    facts = [Fact(n, who.name, _behind(who)) for n, who in zip(prizes_of(person, both), both, strict=True)]
    return facts_panel(_("Awards won"), facts)


def _behind(department: Department) -> str:
    return f"{reverse('awards:list')}?department={department.slug}"


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("department facts", among_the_facts)
    provide("relation facts", between_the_two)
