"""Requests in which every text is a word of its own, so that whoever sees the word has seen that text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from metrics.rollups.services import refresh_figures
from requests_app.catalogue.models import Service
from requests_app.catalogue.services import change_service
from requests_app.catalogue.states import FormField
from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.services.assignment import assign_request, edit_request, reprioritise_request
from requests_app.desk.services.conversation import add_watcher, attach, post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import decline_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from tests.api_stage import text_file
from tests.factories import make_person
from tests.security.probes import ALLOWED, Probe, code_of
from tests.security.world import PRIVACIES, World

# What holds a word → the row of the matrix that says who reads it.
KINDS = {
    "title": "request.view", "description": "request.view", "answer": "request.view", "oldtitle": "request.view_history",
    "reply": "comment.view_public", "note": "comment.view_internal",
    "filename": "attachment.download_public", "filecontent": "attachment.download_public",
    "notefilename": "attachment.download_internal", "notefilecontent": "attachment.download_internal",
    "offer": "request.view_history", "declined": "request.view_history", "priority": "request.view_history",
    "hold": "request.view_history", "resumed": "request.view_history", "delivered": "request.view_history",
    "agreed": "request.view_history", "received": "request.view_history", "remedy": "request.view_history",
    "confirmed": "request.view_history", "reopened": "request.view_history",
    "rating": "feedback.view_shared_answer", "ratingkept": "feedback.view_own_answer",
    "opentitle": "request.view", "question": "comment.view_public", "opennote": "comment.view_internal",
}  # fmt: skip
WORD = re.compile(r"zq([a-z]+)of(department|private|confidential)x")
NUMBER = re.compile(r"SR-[0-9]{6,}")


def word(kind: str, privacy: str) -> str:
    return f"zq{kind}of{privacy}x"


@dataclass
class Told:
    """What was written: the two requests of each privacy, and whose words can be found on which."""

    ended: dict[str, ServiceRequest]
    open: dict[str, ServiceRequest]

    def rows(self) -> Iterator[tuple[str, ServiceRequest]]:
        for rows in (self.ended, self.open):
            yield from rows.items()


def plant(world: World) -> Told:
    head = make_person("Leo Legal", world.legal, "head")
    told = Told({}, {})
    for privacy in PRIVACIES:
        service = _with_question(world, world.services[privacy])
        told.ended[privacy] = _whole_life(world, head, service, privacy)
        told.open[privacy] = _waiting(world, service, privacy)
    refresh_figures(request_ids={row.pk for _privacy, row in told.rows()})
    return told


def _with_question(world: World, service: Service) -> Service:
    fields = [FormField("what", "What exactly")]
    return change_service(by=world.company.supplier_head, service=service, fields=fields)


def _file(world: World, service: Service, filing: Filing, **more: Any) -> ServiceRequest:
    return file_request(by=world.company.requester, service=service, filing=filing, **more)


def _whole_life(world: World, legal_head, service: Service, privacy: str) -> ServiceRequest:
    company = world.company
    asks, works, leads = company.requester, company.assigned, company.supplier_head
    say = {kind: word(kind, privacy) for kind in KINDS}
    filing = Filing(say["oldtitle"], say["description"], answers={"what": say["answer"]})
    row = _file(world, service, filing)
    edit_request(by=asks, service_request=row, title=say["title"], description=say["description"])
    assign_request(by=leads, service_request=row, assignee=works)
    reprioritise_request(by=leads, service_request=row, urgency=1, impact=1, reason=say["priority"])
    add_watcher(by=leads, service_request=row, person=company.watcher)

    def move(by, action: str, **words: str) -> None:
        move_request(by=by, service_request=row, action=action, words=Words(**words))

    move(works, "accept")
    move(works, "start")
    post_message(by=asks, service_request=row, body=say["reply"])
    post_message(by=works, service_request=row, body=say["note"], internal=True)
    attach(by=asks, service_request=row, files=[_text(say["filename"], say["filecontent"])])
    attach(by=works, service_request=row, files=[_text(say["notefilename"], say["notefilecontent"])], internal=True)
    move(works, "hold", hold_reason="part", reason=say["hold"])
    move(works, "resume", reason=say["resumed"])
    handoff = offer_handoff(by=works, service_request=row, to=world.legal, reason=say["offer"])
    decline_handoff(by=legal_head, handoff=handoff, reason=say["declined"])
    move(works, "deliver", reason=say["delivered"])
    move(asks, "reject", agreed=say["agreed"], received=say["received"], remedy=say["remedy"])
    move(works, "deliver")
    move(asks, "confirm", reason=say["confirmed"])
    move(asks, "reopen", reason=say["reopened"])
    move(works, "deliver")
    move(asks, "confirm")
    shared = privacy != "private"
    comment = say["rating" if shared else "ratingkept"]
    row.refresh_from_db()
    give_rating(by=asks, service_request=row, answer=Answer(4, {}, None, comment, shared))
    return row


def _text(name: str, content: str):
    return text_file(f"{name}.txt", content.encode())


def _waiting(world: World, service: Service, privacy: str) -> ServiceRequest:
    """Overdue, assigned, and waiting for the customer's answer to a question."""
    company = world.company
    long_ago = timezone.now() - timedelta(days=40)
    row = _file(world, service, Filing(word("opentitle", privacy)), at=long_ago)
    assign_request(by=company.supplier_head, service_request=row, assignee=company.assigned)
    add_watcher(by=company.supplier_head, service_request=row, person=company.watcher)
    move_request(by=company.assigned, service_request=row, action="accept", at=long_ago)
    post_message(by=company.assigned, service_request=row, body=word("question", privacy))
    post_message(by=company.assigned, service_request=row, body=word("opennote", privacy), internal=True)
    held = Words(hold_reason="customer")
    move_request(by=company.assigned, service_request=row, action="hold", words=held)
    row.refresh_from_db()
    return row


def allowed_words(letter: str) -> set[str]:
    """The words that the matrix lets this context read."""
    return {
        word(kind, privacy)
        for kind, action in KINDS.items()
        for privacy in PRIVACIES
        if _is_planted(kind, privacy) and code_of(Probe(action, ""), letter, privacy) in ALLOWED
    }


def _is_planted(kind: str, privacy: str) -> bool:
    """Ratings are shared with the team, but for the private request's."""
    return {"rating": privacy != "private", "ratingkept": privacy == "private"}.get(kind, True)


def names_of(row: ServiceRequest) -> dict[str, Any]:
    files = {file.internal: file.pk for file in row.attachments.all()}
    handoff = Handoff.objects.filter(service_request=row).values_list("pk", flat=True).first()
    return {
        "number": row.number, "file": files.get(False, 0), "note_file": files.get(True, 0), "handoff": handoff or 0,
        "word": "", "reply": "", "note": "",
    }  # fmt: skip
