"""Everything the request page shows, for one reader, in a fixed number of queries."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from requests_app.agreements.states import IMPACT, PRIORITY, URGENCY, Measure
from requests_app.desk import policies
from requests_app.desk.models import Handoff, ServiceRequest, Watcher
from requests_app.desk.selectors.cards import Card
from requests_app.desk.selectors.clocks import (
    ClockFace,
    acceptance_face,
    agreement_words,
    clocks_of,
    customer_worktimes,
    face_of,
)
from requests_app.desk.selectors.requests import get_service_request
from requests_app.desk.selectors.sentences import Reader, Scene, Sentence, sentence_of
from requests_app.desk.selectors.steps import Steps, steps_of
from requests_app.desk.selectors.timeline import timeline_of
from requests_app.desk.selectors.underpinning import Underpinning, underpinning_of
from requests_app.desk.selectors.worklogs import Work, work_on
from requests_app.desk.states import ENDED
from requests_app.kernel.panels import Panel, panels_for
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import standing


@dataclass(frozen=True)
class Fact:
    """One line of "People and facts". `person` when the value is somebody."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class RequestPage:
    """One request as one reader sees it."""

    service_request: ServiceRequest
    sentence: Sentence
    steps: Steps
    cards: list[Card]
    faces: list[ClockFace]
    why: str
    facts: list[Fact]
    watchers: list[Person]
    handoff: Handoff | None
    underpinning: Underpinning | None
    work: Work
    panels: list[Panel]
    watching: bool
    may_reply: bool
    may_note: bool
    may_watch: bool
    may_unwatch: bool
    speaks_to: str

    @cached_property
    def criteria(self) -> list[str]:
        return self.service_request.service.criteria

    @property
    def ended(self) -> bool:
        return self.service_request.status in ENDED


def request_page(*, person: Person, number: str) -> RequestPage:
    """The page, or 404."""
    return page_of(person, get_service_request(person=person, number=number))


def page_of(person: Person, row: ServiceRequest) -> RequestPage:
    watchers = _watchers(row)
    handoff = policies.pending_handoff(row)
    if handoff is not None:
        handoff.service_request = row
    internal = policies.can_see_internal(person, row)
    now = timezone.now()
    clocks = clocks_of([row.pk], explained=True).get(row.pk, {})
    faces = {measure: face_of(clock, row, now, explained=True) for measure, clock in clocks.items()}
    reader = reader_of(person, row, handoff)
    customer_time = customer_worktimes([row]).get(row.pk)
    sentence = sentence_of(Scene(row, faces, handoff, reader, now, customer_time))
    resolution = clocks.get(Measure.RESOLUTION)
    may = {action: policies.allows(person, row, action) for action in _ASKED}
    own = acceptance_face(row, now, mine=reader.asks, worktime=customer_time)
    shown = [*_worth_showing(faces), *([own] if own else [])]
    return RequestPage(
        service_request=row,
        sentence=sentence,
        steps=steps_of(person, row, handoff),
        cards=timeline_of(row, reader=person, internal=internal),
        faces=[replace(face, why="") for face in shown],
        why=shown[0].why if shown else "",
        facts=_facts(row, agreement_words(resolution.agreement) if resolution else ""),
        watchers=watchers,
        handoff=handoff,
        underpinning=underpinning_of(handoff, now) if handoff else None,
        work=work_on(person, row) if internal else Work(),
        panels=panels_for("request", person=person, service_request=row),
        watching=any(watcher.pk == person.pk for watcher in watchers),
        may_reply=may["comment.add_public"],
        may_note=may["comment.add_internal"],
        may_watch=may["watcher.add"],
        may_unwatch=may["watcher.remove_other"],
        speaks_to=row.customer.name if _supplies(person, row) else row.supplier.name,
    )


def _worth_showing(faces: dict[str, ClockFace]) -> list[ClockFace]:
    """The first response and the resolution always; of the others those that run or were missed."""
    order = {measure: place for place, measure in enumerate(Measure.values)}
    always = (Measure.RESPONSE, Measure.RESOLUTION)
    kept = [face for face in faces.values() if face.stopped is None or face.measure in always or face.state == "missed"]
    return sorted(kept, key=lambda face: (face.inside, order[face.measure]))


_ASKED = ("comment.add_public", "comment.add_internal", "watcher.add", "watcher.remove_other")


def reader_of(person: Person, row: ServiceRequest, handoff: Handoff | None = None) -> Reader:
    here = policies.contexts(person, row)
    return Reader(
        person_id=person.pk,
        asks="RQ" in here,
        works=row.assignee_id == person.pk,
        offered=handoff is not None and policies.can_answer_handoff(person, handoff),
    )


def _supplies(person: Person, row: ServiceRequest) -> bool:
    asked = person.pk in (row.requester_id, row.filed_by_id)
    return not asked and row.supplier_id in standing(person).supplies_for


def _watchers(row: ServiceRequest) -> list[Person]:
    """Who reads along; remembered on the row, where the policy looks."""
    people = [watcher.person for watcher in _watched(request_id=row.pk)]
    row.watcher_ids = {person.pk for person in people}  # type: ignore[attr-defined]
    return people


@written_once
def _watched(*, request_id: int) -> QuerySet[Watcher]:
    rows = Watcher.objects.filter(service_request_id=request_id).select_related("person")
    return rows.order_by("person__name", "pk")


def _facts(row: ServiceRequest, agreement: str) -> list[Fact]:
    facts = [Fact(_("Requester"), row.requester.name)]
    if row.filed_by_id != row.requester_id:
        facts.append(Fact(_("Filed by"), row.filed_by.name))
    centre = row.customer.cost_centre
    facts.append(Fact(_("For"), row.customer.name, _("cost centre %(code)s") % {"code": centre} if centre else ""))
    facts.append(Fact(_("Agent"), row.assignee.name if row.assignee else _("nobody yet")))
    facts.append(Fact(_("Priority"), str(PRIORITY[row.priority]), _stated(row)))
    if agreement:
        facts.append(Fact(_("Agreement"), agreement.rstrip(".")))
    return facts


def _stated(row: ServiceRequest) -> str:
    """What the customer said, where the supplier sees it differently."""
    words = _("%(urgency)s; %(impact)s")
    stated = words % {"urgency": URGENCY[row.stated_urgency], "impact": IMPACT[row.stated_impact]}
    now = words % {"urgency": URGENCY[row.urgency], "impact": IMPACT[row.impact]}
    return now if stated == now else _("%(now)s. Stated: %(stated)s") % {"now": now, "stated": stated}
