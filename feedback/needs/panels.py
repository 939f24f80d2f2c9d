"""What needs add to my desk, to requests, to what people say, to dashboards and to the page of two departments."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.needs.policies import can_propose
from feedback.needs.selectors import Waiting, between, of_department, taken_to_others, waiting_for
from feedback.needs.states import CARRIED_OUT
from feedback.voice.models import Voice
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/needs/_waiting.html", Waiting(rows)) if rows else None


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    """The button that makes a need of it: for the two sides, without a query."""
    sides = {service_request.supplier_id, service_request.customer_id}
    if len(sides) < 2 or not sides & standing(person).member_of:
        return None
    return Panel("feedback/needs/_request.html", service_request)


def on_the_voice(*, person: Person, voice: Voice) -> Panel | None:
    return Panel("feedback/needs/_voice.html", voice) if can_propose(person) and not voice.confidential else None


def on_the_dashboard(*, person: Person, department: Department, side: str) -> Panel | None:
    if side != "supplier":
        return None
    found = of_department(person, department)
    return Panel("feedback/needs/_department.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """What it needs of its suppliers, as far as it is still on their boards."""
    if side != "customer":
        return None
    n, done = taken_to_others(person, department)
    behind = f"{reverse('needs:list')}?customer={department.slug}"
    facts = [
        Fact(n, ngettext("is on a board", "are on boards", n), behind),
        Fact(done, ngettext("carried out, to be judged", "carried out, to be judged", done),
             f"{behind}&state={CARRIED_OUT}"),
    ]  # fmt: skip
    return facts_panel(_("Its needs"), facts)


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = between(person, one, other)
    return Panel("feedback/needs/_pair.html", found) if found.rows else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("request", on_the_request)
    provide("voice", on_the_voice)
    provide("department", on_the_dashboard)
    provide("relation", on_the_relation)
    provide("department facts", among_the_facts)
