"""One company in which every context of the matrix is one person, with a request in every state and privacy.

A module builds it once, inside a transaction that is undone at its end; what a test does is undone after each step.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from feedback.actions.causes import propose_cause
from feedback.actions.models import CorrectiveAction
from feedback.actions.proof import add_files
from feedback.asking.services import rate_asking
from feedback.asking.states import Asking
from feedback.forum.services import hide, mark_answer
from feedback.groups.models import JointGroup
from feedback.groups.working import open_check
from feedback.needs.services import add_source
from feedback.needs.sources import Found
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from feedback.voice.discussing import add_post
from feedback.voice.models import Voice
from metrics.charts.models import Chart, Signal
from metrics.exports.services import ask as take_along
from metrics.exports.services import carry_out
from metrics.improvement.services import add_action
from metrics.reports.services import subscribe
from metrics.rollups.services import refresh_figures
from metrics.whatif.services import ask as replay
from requests_app.agreements.models import Agreement
from requests_app.agreements.services import set_matrix, set_targets
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS
from requests_app.catalogue.models import Service
from requests_app.catalogue.services import create_service
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.services.assignment import assign_request
from requests_app.desk.services.conversation import add_watcher, attach, post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.states import number_of
from requests_app.events.models import Delivery
from requests_app.org.models import Department, Person
from requests_app.org.services import create_token, issue_token, save_department
from tests.api_stage import text_file
from tests.factories import Company, build_company, make_person
from tests.factories.actions import brought_to, cause_of
from tests.factories.agreements import drafted, proposed, signed
from tests.factories.awards import in_every_stage as awarded
from tests.factories.capacity import away
from tests.factories.chain import wall_check
from tests.factories.forum import replied, topic_of
from tests.factories.groups import at_work as group_at_work
from tests.factories.groups import founded as group_founded
from tests.factories.groups import met, seat_of, tasked
from tests.factories.improvements import planned
from tests.factories.needs import need_at, needed
from tests.factories.surveys import closed as survey_closed
from tests.factories.surveys import opened as survey_opened
from tests.factories.surveys import prepared as survey_prepared
from tests.factories.talks import arranged, begun, task_at
from tests.factories.talks import planned as talk_planned
from tests.factories.training import in_every_stage
from tests.factories.voices import answered, appealed, said

LETTERS = ("AN", "U", "RQ", "WT", "CC", "CH", "SA", "AS", "SH", "OA", "OH", "AD", "AU", "EX")
PRIVACIES = tuple(Privacy.values)
READ_ONLY = frozenset({"AU", "EX"})  # whoever only looks gets tokens that only read
GHOST = 99_999
STATES = (
    "new", "taken", "accepted", "in_progress", "on_hold", "delivered", "closed", "archived", "offered", "rated",
    "rated_privately", "asked",
)  # fmt: skip
UNASSIGNED = frozenset({"new"})


@dataclass
class World:
    company: Company
    legal: Department  # to whom requests are handed over; nobody of the 14 contexts belongs to it
    receiver: Person  # agent of Legal
    second_watcher: Person
    services: dict[str, Service]
    agreement: Agreement
    negotiated: dict[str, int]  # draft, proposal and signed, all of IT for Sales, drafted by IT
    rows: dict[tuple[str, str], ServiceRequest] = field(default_factory=dict)
    names_of: dict[int, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    own_tokens: dict[str, int] = field(default_factory=dict)
    dead_delivery: int = 0
    answers_to_nothing: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def person(self, letter: str) -> Person:
        return self.company.by_context[letter]

    def browser(self, letter: str) -> Client:
        """A browser with the open session of this person; AN has none."""
        client = Client()
        if letter != "AN":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[letter]
        return client

    def program(self, letter: str) -> APIClient:
        client = APIClient()
        if letter != "AN":
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.tokens[letter]}")
        return client

    def names(self, letter: str, privacy: str, state: str) -> dict[str, Any]:
        """What addresses and bodies may name, for a request that is there."""
        return self.about(letter) | self.names_of[self.rows[privacy, state].pk]

    def ghost(self, letter: str) -> dict[str, Any]:
        """The same names, of things that nobody ever made."""
        things = {"number": number_of(GHOST), "file": GHOST, "note_file": GHOST, "handoff": GHOST, "word": "ghostword"}
        return self.about(letter) | things | {"reply": "ghostreply", "note": "ghostnote"}

    def about(self, letter: str) -> dict[str, Any]:
        """Names that depend on who asks."""
        company = self.company
        me = None if letter == "AN" else self.person(letter)
        own = {"CH": company.sales, "RQ": company.sales, "CC": company.sales}
        own |= dict.fromkeys(("SA", "AS", "SH", "AD", "AU", "EX", "AN"), company.it)
        return {
            "me": me.email if me else "nobody@example.test",
            "me_pk": me.pk if me else GHOST,
            "own": own.get(letter, company.facilities).slug,
            "agreement": self.agreement.pk,
            **self.negotiated,
            "own_token": self.own_tokens.get(letter, GHOST),
            "stranger": company.stranger.email,
            "stranger_pk": company.stranger.pk,
            "stranger_token": self.own_tokens["U"],
            "requester": company.requester.email,
            "agent": company.agent.email,
            "agent_pk": company.agent.pk,
            "watcher": company.watcher.email,
            "second": self.second_watcher.email,
            "second_pk": self.second_watcher.pk,
            "delivery": self.dead_delivery,
        }


def build_world(states: tuple[str, ...] = STATES) -> World:
    company = build_company()
    admin = company.admin
    company.it.calendar_id = create_calendar(by=admin, name="Of IT", zone="Europe/Berlin", weekly=OFFICE_HOURS).pk
    company.it.save()
    legal = save_department(by=admin, slug="legal", name="Legal")
    services = {
        privacy: create_service(by=admin, department=company.it, name=f"Help {privacy}", slug=privacy, privacy=privacy)
        for privacy in PRIVACIES
    }
    set_matrix(by=admin, department=company.it, cells={level: dict.fromkeys((1, 2, 3), 3) for level in (1, 2, 3)})
    targets = {"response": {3: 3600}, "resolution": {3: 14400}}
    world = World(
        company=company,
        legal=legal,
        receiver=make_person("Lena Legal", legal, "agent"),
        second_watcher=make_person("Sam Second", company.facilities),
        services=services,
        agreement=set_targets(by=admin, supplier=company.it, customer=None, service=None, targets=targets),
        negotiated={
            "draft": drafted(company).pk,
            "proposal": proposed(company, service=services["private"]).pk,
            "signed": signed(company, service=company.laptop).pk,
        },
    )
    chart = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time")
    Signal.objects.create(chart=chart, week=date(2026, 1, 5), rule=1, verdict="worse")
    agreement = Agreement.objects.get(pk=world.negotiated["signed"])
    days = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    world.negotiated["run"] = replay(by=company.supplier_head, agreement=agreement, **days).pk
    asked = {"subject": "supplier", "form": "csv", "rhythm": "weekly", "span": "30"}
    world.negotiated["report"] = subscribe(by=company.supplier_head, department=company.it, **asked).pk
    export = take_along(by=company.supplier_head, department=company.it, side="supplier", **days)
    world.negotiated["export"] = carry_out(export).pk
    for privacy in PRIVACIES:
        for state in states:
            _add_request(world, privacy, state)
    world.negotiated |= awarded(world.company, third=world.legal)  # before IT is complained about
    _add_actions(world)
    _add_improvement(world)
    refresh_figures(request_ids={row.pk for row in world.rows.values()})
    _let_in(world)
    world.dead_delivery = _dead_delivery() if states else GHOST
    return world


def _add_actions(world: World) -> None:
    """Where steps can be taken, each of a request of its own that the requester asked for."""
    rows = [row for (privacy, _state), row in world.rows.items() if privacy == "department"]
    for place, state in enumerate(("open", "analysed", "done")):
        source = rows[-1 - place] if place < len(rows) else None
        world.negotiated[f"action_{state}"] = brought_to(world.company, state, source).pk
    first = CorrectiveAction.objects.get(pk=world.negotiated["action_open"])
    proof = add_files(by=world.company.supplier_head, action=first, files=[text_file("shown.txt")])
    world.negotiated["proof"] = proof[0].pk
    accepted = world.rows.get(("department", "accepted"))
    world.negotiated["complaint"] = said(world.company, "complaint", accepted).pk
    world.negotiated["answered"] = answered(world.company, accepted).pk
    world.negotiated["appealed"] = appealed(world.company, accepted).pk
    long_ago = timezone.now() - timedelta(days=20)
    world.negotiated["late"] = said(world.company, "complaint", accepted, at=long_ago).pk
    world.negotiated["in_confidence"] = said(world.company, "complaint", accepted, confidential=True).pk
    world.negotiated["suggestion"] = said(world.company, "suggestion").pk
    world.negotiated["praise"] = said(world.company, "praise").pk
    suggestion = Voice.objects.get(pk=world.negotiated["suggestion"])
    world.negotiated["post"] = add_post(by=world.company.requester, voice=suggestion, body="In summer too.").pk
    world.negotiated["absence"] = away(world.company).pk
    world.negotiated["cause"] = cause_of().pk
    proposed = propose_cause(by=world.company.agent, name="Image is old", parent=cause_of(), action=first)
    world.negotiated["cause_proposed"] = proposed.pk
    need = needed(world.company)
    talk = add_source(by=world.company.requester, need=need, source=Found("talk", words="In spring"))
    world.negotiated |= {"need": need.pk, "need_source": talk.sources.get().pk}
    world.negotiated["need_analysed"] = need_at(world.company, "analysed").pk
    _add_surveys(world)
    world.negotiated["wall_check"] = wall_check(world.company, [(1, 1, 1, 4, 4)]).pk
    world.negotiated |= in_every_stage(world.company, trainer=world.receiver)
    _add_talks(world)
    _add_groups(world)
    _add_topics(world)


def _add_topics(world: World) -> None:
    """A question with a reply, one with an answer, and a discussion that nobody of the contexts follows."""
    made, told = replied(world.company), replied(world.company)
    mark_answer(by=world.company.requester, topic=told.topic, reply=told)
    other = topic_of(world.company, by=world.receiver, kind="discussion")
    world.negotiated |= {"topic": made.topic_id, "topic_reply": made.pk}
    world.negotiated |= {"topic_answered": told.topic_id, "topic_other": other.pk}
    hidden, reply = topic_of(world.company), replied(world.company)
    hide(by=world.company.supplier_head, topic=hidden, reason="Old")
    hide(by=world.company.supplier_head, topic=reply.topic, reply=reply, reason="Old")
    world.negotiated |= {"topic_hidden": hidden.pk, "reply_hidden": reply.pk}


def _add_groups(world: World) -> None:
    """One at work that has met and meets again, with a wall check under way; one in which no meeting is planned."""
    company = world.company
    group = group_at_work(company)
    held = met(company, group)
    open_check(by=company.supplier_head, group=group)
    world.negotiated |= {
        "group": group.pk, "group_free": group_founded(company, name="Of nothing yet").pk, "group_held": held.pk,
        "group_meeting": group.meetings.get(state="planned").pk, "group_task": tasked(company, group).pk,
        "group_seat": seat_of(group_founded(company, name="Another"), company.requester).pk,
    }  # fmt: skip
    world.negotiated["group_left"] = JointGroup.objects.get(name="Another").pk


def _add_talks(world: World) -> None:
    """One planned, one under way with a task, and a series, of Sales as supplier, in which none is planned."""
    company = world.company
    talk = talk_planned(company)
    world.negotiated |= {"talk_series": talk.series_id, "talk_planned": talk.pk}
    going = begun(company, "supplier")
    world.negotiated |= {"talk_begun": going.pk, "talk_task": task_at(company, going).pk}
    free = arranged(company, supplier=company.sales, customer=company.it, every_weeks=0, minutes=31)
    world.negotiated["talk_free"] = free.pk


def _add_surveys(world: World) -> None:
    """Of IT, to Sales: one that is prepared, one that can be answered, one that has ended."""
    company = world.company
    draft = survey_prepared(company)
    world.negotiated["survey"] = draft.survey_id
    world.negotiated["campaign_draft"] = draft.pk
    world.negotiated["campaign_open"] = survey_opened(company, draft.survey, anonymous=False).pk
    ended = survey_closed(company, survey_opened(company, draft.survey, anonymous=False))
    world.negotiated["campaign_closed"] = ended.pk


def _add_improvement(world: World) -> None:
    row = planned(world.company)
    action = add_action(
        by=world.company.supplier_head, improvement=row, what="Draw it up", owner=world.company.supplier_head,
        due_on=row.effective_on,
    )  # fmt: skip
    world.negotiated |= {"improvement": row.pk, "improvement_action": action.pk}


def _add_request(world: World, privacy: str, state: str) -> None:
    company, key = world.company, f"{privacy}{state}".replace("_", "")
    filing = Filing(title=f"Help with word{key}", description="It does not work.")
    row = file_request(by=company.requester, service=world.services[privacy], filing=filing)
    for watcher in (company.watcher, world.second_watcher):
        add_watcher(by=company.supplier_head, service_request=row, person=watcher)
    post_message(by=company.requester, service_request=row, body=f"Please hurry, reply{key}")
    post_message(by=company.supplier_head, service_request=row, body=f"Between us, note{key}", internal=True)
    shown = attach(by=company.requester, service_request=row, files=[text_file(f"open{key}.txt")])[0]
    kept = attach(by=company.supplier_head, service_request=row, files=[text_file(f"kept{key}.txt")], internal=True)[0]
    row.refresh_from_db()
    _LEAD_TO[state](world, row)
    row.refresh_from_db()
    handoff = Handoff.objects.filter(service_request=row).values_list("pk", flat=True).first()
    world.rows[privacy, state] = row
    world.names_of[row.pk] = {
        "number": row.number, "file": shown.pk, "note_file": kept.pk, "handoff": handoff or GHOST,
        "word": f"word{key}", "reply": f"reply{key}", "note": f"note{key}",
    }  # fmt: skip


def _steps(*actions: str):
    def lead(world: World, row: ServiceRequest) -> None:
        assigned, requester = world.company.assigned, world.company.requester
        for action in actions:
            by = requester if action == "confirm" else assigned
            if action == "accept":
                _assigned(world, row)
            move_request(by=by, service_request=row, action=action, words=Words(hold_reason="customer"))

    return lead


def _assigned(world: World, row: ServiceRequest) -> None:
    assign_request(by=world.company.supplier_head, service_request=row, assignee=world.company.assigned)


def _offered(world: World, row: ServiceRequest) -> None:
    _steps("accept")(world, row)
    offer_handoff(by=world.company.assigned, service_request=row, to=world.legal, reason="It is about the law.")


def _archived(world: World, row: ServiceRequest) -> None:
    """Closed for so long that it is not opened again, and delivered for so long that it is not rated any more."""
    _steps("accept", "deliver", "confirm")(world, row)
    long_ago = timezone.now() - timedelta(days=40)
    ServiceRequest.objects.filter(pk=row.pk).update(delivered_at=long_ago, closed_at=long_ago)


def _rated(*, shared: bool):
    def lead(world: World, row: ServiceRequest) -> None:
        _steps("accept", "deliver", "confirm")(world, row)
        row.refresh_from_db()
        answer = Answer(4, {}, None, "Well done", shared)
        give_rating(by=world.company.requester, service_request=row, answer=answer)

    return lead


def _asked(world: World, row: ServiceRequest) -> None:
    _steps("accept", "deliver", "confirm")(world, row)
    row.refresh_from_db()
    rate_asking(by=world.company.assigned, service_request=row, asking=Asking(True, False, True, "Earlier"))


_LEAD_TO = {
    "new": lambda _world, _row: None,
    "taken": _assigned,
    "accepted": _steps("accept"),
    "in_progress": _steps("accept", "start"),
    "on_hold": _steps("accept", "start", "hold"),
    "delivered": _steps("accept", "deliver"),
    "closed": _steps("accept", "deliver", "confirm"),
    "archived": _archived,
    "offered": _offered,
    "rated": _rated(shared=True),
    "rated_privately": _rated(shared=False),
    "asked": _asked,
}


def _let_in(world: World) -> None:
    for letter, person in world.company.by_context.items():
        world.sessions[letter] = session_of(person)
        world.tokens[letter] = create_token(person=person)
        world.own_tokens[letter] = issue_token(by=person, name="reports")[0].pk


def session_of(person: Person) -> str:
    """The key of an open session, as signing in would leave it."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).session_key


def _dead_delivery() -> int:
    found = Delivery.objects.order_by("pk").first()
    assert found is not None
    Delivery.objects.filter(pk=found.pk).update(dead=True, last_error="It cannot be done.")
    return found.pk
