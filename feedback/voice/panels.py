"""What is said adds to my desk, to dashboards, to pages of requests and pairs, and to actions that came of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.actions.models import CorrectiveAction
from feedback.voice.selectors import Waiting, between, on_request, said_by, source_voice, waiting_for
from feedback.voice.states import Kind
from requests_app.desk.models import ServiceRequest
from requests_app.kernel.panels import Fact, Panel, facts_panel, provide
from requests_app.org.models import Department, Person


def on_my_desk(*, person: Person) -> Panel | None:
    rows = waiting_for(person)
    return Panel("feedback/voice/_waiting.html", Waiting(rows)) if rows else None


def on_the_request(*, person: Person, service_request: ServiceRequest) -> Panel | None:
    found = on_request(person, service_request)
    return Panel("feedback/voice/_request.html", found) if found else None


def on_the_relation(*, person: Person, one: Department, other: Department) -> Panel | None:
    found = between(person, one, other)
    return Panel("feedback/voice/_pair.html", found) if found.rows else None


def among_the_facts(*, person: Person, department: Department, side: str) -> Panel | None:
    """What its people said of other departments; the supplier's side has what is said of it."""
    if side != "customer":
        return None
    said, behind = said_by(person, department), f"{reverse('voice:list')}?customer={department.slug}"
    kinds = (
        (Kind.COMPLAINT, said.complaints, ngettext("complaint", "complaints", said.complaints)),
        (Kind.SUGGESTION, said.suggestions, ngettext("suggestion", "suggestions", said.suggestions)),
        (Kind.PRAISE, said.praise, ngettext("praise", "praises", said.praise)),
    )
    facts = [Fact(n, words, f"{behind}&kind={kind}") for kind, n, words in kinds]
    words = ngettext("waits for an answer", "wait for an answer", said.waiting)
    return facts_panel(_("What its people say"), [*facts, Fact(said.waiting, words, f"{behind}&waiting=yes")])


def on_the_action(*, person: Person, action: CorrectiveAction) -> Panel | None:
    found = source_voice(person, action)
    return Panel("feedback/voice/_source.html", found) if found else None


def register() -> None:
    """Called once, while the apps start."""
    provide("home", on_my_desk)
    provide("request", on_the_request)
    provide("relation", on_the_relation)
    provide("department facts", among_the_facts)
    provide("action", on_the_action)
