"""What surveys add to my desk, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from feedback.surveys.selectors import Waiting, between, of_department, waiting_for
from feedback.surveys.states import CLOSED, OPEN
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/surveys/_waiting.html", Waiting(rows)) if rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """The campaigns that ask it or that it runs, the same from both sides."""
    opened, closed = of_department(person, department)
    behind = f"{reverse('surveys:list')}?department={department.slug}&state="
    facts = [
        Fact(opened, pgettext("campaigns", "open for answers"), behind + OPEN),
        Fact(closed, pgettext("campaigns", "closed"), behind + CLOSED),
    ]
    return facts_panel(_("Surveys"), facts)


def between_the_two(*, person: Person, one: Department, other: Department) -> Panel | None:
    ways = zip(between(person, one, other), ((one, other), (other, one)), strict=True)
    facts = [
        Fact(
            n, _t("%(who)s asks %(whom)s") % {"who": who.name, "whom": whom.name},
            f"{reverse('surveys:list')}?department={whom.slug}&by={who.slug}",
        )
        for n, (who, whom) in ways
    ]  # fmt: skip
    return facts_panel(_("Surveys"), facts)


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department facts", among_the_facts)
    provide("relation facts", between_the_two)
