"""What the forum adds to my desk, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from feedback.forum.selectors import Shown, asked_by, of_department, put_to_each_other, waiting_for
from feedback.forum.states import Show
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/forum/_waiting.html", Shown(rows)) if rows else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier":
        return None
    found = of_department(person, department)
    return Panel("feedback/forum/_department.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """The questions of its people, to whomever they put them."""
    if side != "customer":
        return None
    waiting, answered = asked_by(person, department)
    behind = f"{reverse('forum:list')}?customer={department.slug}&show="
    facts = [
        Fact(waiting, pgettext("questions", "without an answer"), behind + Show.OPEN),
        Fact(answered, pgettext("questions", "answered"), behind + Show.ANSWERED),
    ]
    return facts_panel(_("Its questions in the forum"), facts)


def between_the_two(*, person: Person, one: Department, other: Department) -> Panel | None:
    ways = zip(put_to_each_other(person, one, other), ((one, other), (other, one)), strict=True)
    facts = [
        Fact(
            n, _t("from %(who)s to %(whom)s") % {"who": who.name, "whom": whom.name},
            f"{reverse('forum:list')}?department={whom.slug}&customer={who.slug}",
        )
        for n, (who, whom) in ways
    ]  # fmt: skip
    return facts_panel(_("In the forum"), facts)


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("department", on_the_dashboard)
    provide("department facts", among_the_facts)
    provide("relation facts", between_the_two)
