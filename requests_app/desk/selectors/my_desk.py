"""What waits for one person, what they work on, what they asked for: always the same number of queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from requests_app.agreements.states import HoldReason, Time
from requests_app.calendars.worktime import Worktime
from requests_app.catalogue.models import Service
from requests_app.catalogue.policies import visible_services
from requests_app.desk.models import NEVER, Clock, Handoff, Message, ServiceRequest, ServiceRequestQuerySet
from requests_app.desk.selectors.clocks import ClockFace, clocks_of, customer_worktimes, face_of
from requests_app.desk.selectors.promises import usual_promises
from requests_app.desk.selectors.sentences import Reader, Scene, Sentence, sentence_of
from requests_app.desk.states import ACTIVE, DELIVERED, ENDED, ON_HOLD, OPEN, HandoffState
from requests_app.kernel.written import counted_once, written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever

SHOWN = 10
RECENT = 300  # how many of a department's newest requests say which services it uses


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the reader. `kind`: delivery, question or handoff."""

    kind: str
    service_request: ServiceRequest
    sentence: Sentence
    question: str = ""
    handoff: Handoff | None = None


@dataclass(frozen=True)
class Asked:
    """A request with what happens next. `face` is the clock that presses, if one does."""

    service_request: ServiceRequest
    sentence: Sentence
    overdue: bool
    offered: bool = False


@dataclass(frozen=True)
class UsedService:
    service: Service
    promise: Time | None
    times: int


@dataclass(frozen=True)
class MyDesk:
    waiting: list[Waiting]
    waiting_count: int
    work: list[Asked]
    work_count: int
    asked: list[Asked]
    asked_count: int
    ended_count: int


def my_desk(person: Person) -> MyDesk:
    """Everything but ratings, which belong to an upper package."""
    sums = next(iter(_sums(person=person.pk)), {"active": 0, "ended": 0, "waits": 0})
    supplied = sorted(standing(person).supplies_for)
    waiting_found, asked_found = _waiting_rows(person=person.pk), _asked_rows(person=person.pk)
    work_found = _work_rows(person=person.pk, supplied=supplied)
    offers = offers_to(person)
    passed = [offer.service_request for offer in offers]
    stage = _Stage.of([*waiting_found, *asked_found, *work_found, *passed], person)
    waiting = [stage.waiting(row) for row in waiting_found] + [stage.offer(offer) for offer in offers]
    return MyDesk(
        waiting=waiting,
        waiting_count=sums["waits"] + len(offers),
        work=[stage.asked(row) for row in work_found],
        work_count=len(work_found) if len(work_found) < SHOWN else _all_work(person=person.pk, supplied=supplied),
        asked=[stage.asked(row) for row in asked_found],
        asked_count=sums["active"],
        ended_count=sums["ended"],
    )


def next_steps(rows: Sequence[ServiceRequest], person: Person) -> list[Asked]:
    """Each of these with what happens next."""
    stage = _Stage.of(rows, person)
    return [stage.asked(row) for row in rows]


def _asked_by(person: int) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.filter(Q(requester_id=person) | Q(filed_by_id=person))


def _waits() -> Q:
    return Q(status=DELIVERED) | Q(status=ON_HOLD, hold_reason=HoldReason.CUSTOMER)


@written_once
def _sums(*, person: int) -> QuerySet[ServiceRequest, dict[str, int]]:
    together = _asked_by(person).order_by().annotate(all=Value(1)).values("all")
    return together.annotate(
        active=Count("pk", filter=Q(status__in=sorted(ACTIVE))),
        ended=Count("pk", filter=Q(status__in=sorted(ENDED))),
        waits=Count("pk", filter=_waits()),
    ).values("active", "ended", "waits")


@written_once
def _waiting_rows(*, person: int) -> QuerySet[ServiceRequest]:
    rows = _asked_by(person).filter(_waits()).for_row()
    return rows.order_by(F("acceptance_due_at").asc(nulls_last=True), "pk")[: SHOWN * 2]


@written_once
def _asked_rows(*, person: int) -> QuerySet[ServiceRequest]:
    return _asked_by(person).filter(status__in=sorted(ACTIVE)).for_row().order_by("-pk")[:SHOWN]


def _work(person: int, supplied: list[int]) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.filter(assignee_id=person, supplier__among=supplied, status__in=sorted(OPEN))


@written_once
def _work_rows(*, person: int, supplied: list[int]) -> QuerySet[ServiceRequest]:
    return _work(person, supplied).for_row().order_by(Coalesce("due_at", Value(NEVER)), "pk")[:SHOWN]


@counted_once
def _all_work(*, person: int, supplied: list[int]) -> QuerySet:
    return _work(person, supplied).values("pk")


def offers_to(person: Person) -> list[Handoff]:
    """Handoffs that this person's departments should answer, oldest first."""
    hats = standing(person)
    # step by step, as numbers of which there are few: the planner would else look at every request
    passed = _passed(receivers=sorted(hats.supplies_for)) if hats.supplies_for else []
    if not passed:
        return []
    visible = _visible_of(hats.shape, person=hats.person_id, pks=passed)
    return _offers(receivers=sorted(hats.supplies_for), pks=visible)


def _offered_to(receivers: list[int]) -> QuerySet[Handoff]:
    return Handoff.objects.filter(receiver__among=receivers, state=HandoffState.OFFERED)


@written_once
def _passed(*, receivers: list[int]) -> QuerySet[Handoff, int]:
    return _offered_to(receivers).values_list("service_request_id", flat=True)


@written_once
def _visible_of(hats: Standing, *, person: int, pks: list[int]) -> QuerySet[ServiceRequest, int]:
    rows = ServiceRequest.objects.visible_to(whoever(hats, person))
    return rows.filter(pk__among=pks).values_list("pk", flat=True)


@written_once
def _offers(*, receivers: list[int], pks: list[int]) -> QuerySet[Handoff]:
    related = ("sender", "receiver", "service_request__customer", "service_request__supplier")
    rows = _offered_to(receivers).filter(service_request__among=pks).select_related(*related)
    return rows.defer("service_request__search").order_by("offered_at", "pk")[:SHOWN]


@dataclass(frozen=True)
class _Stage:
    """What the sentences of several requests need, loaded at once."""

    person: Person
    now: datetime
    clocks: dict[int, dict[str, Clock]]
    handoffs: dict[int, Handoff]
    questions: dict[int, str]
    customer_times: dict[int, Worktime]

    @classmethod
    def of(cls, rows: Sequence[ServiceRequest], person: Person) -> "_Stage":
        pks = {row.pk for row in rows}
        held = [row.pk for row in rows if row.status == ON_HOLD]
        return cls(
            person=person,
            now=timezone.now(),
            clocks=clocks_of(pks),
            handoffs={row.service_request_id: row for row in _pending(pks=pks)},
            questions=_last_words(held),
            customer_times=customer_worktimes(rows),
        )

    def asked(self, row: ServiceRequest) -> Asked:
        faces = self._faces(row)
        sentence = sentence_of(self._scene(row, faces, self.handoffs.get(row.pk), self._reader(row)))
        overdue = any(face.state == "overdue" for face in faces.values() if not face.inside)
        return Asked(row, sentence, overdue=overdue, offered=row.pk in self.handoffs)

    def waiting(self, row: ServiceRequest) -> Waiting:
        sentence = sentence_of(self._scene(row, self._faces(row), None, self._reader(row)))
        kind = "delivery" if row.status == DELIVERED else "question"
        return Waiting(kind, row, sentence, question=self.questions.get(row.pk, "") if kind == "question" else "")

    def offer(self, handoff: Handoff) -> Waiting:
        row = handoff.service_request
        reader = Reader(person_id=self.person.pk, offered=True)
        sentence = sentence_of(self._scene(row, self._faces(row), handoff, reader))
        return Waiting("handoff", row, sentence, question=handoff.reason, handoff=handoff)

    def _scene(
        self, row: ServiceRequest, faces: dict[str, ClockFace], handoff: Handoff | None, reader: Reader
    ) -> Scene:
        return Scene(row, faces, handoff, reader, self.now, self.customer_times.get(row.pk))

    def _faces(self, row: ServiceRequest) -> dict[str, ClockFace]:
        return {measure: face_of(clock, row, self.now) for measure, clock in self.clocks.get(row.pk, {}).items()}

    def _reader(self, row: ServiceRequest) -> Reader:
        me = self.person.pk
        return Reader(person_id=me, asks=me in (row.requester_id, row.filed_by_id), works=row.assignee_id == me)


def _last_words(pks: Sequence[int]) -> dict[int, str]:
    """The newest reply on each request: most likely the question that is waited for."""
    return dict(_newest_replies(pks=pks)) if pks else {}


@written_once
def _newest_replies(*, pks: list[int]) -> QuerySet[Message, tuple[int, str]]:
    rows = Message.objects.filter(service_request__among=pks, internal=False)
    newest = rows.order_by("service_request_id", "-at", "-pk").distinct("service_request_id")
    return newest.values_list("service_request_id", "body")


@written_once
def _pending(*, pks: set[int]) -> QuerySet[Handoff]:
    rows = Handoff.objects.filter(service_request__among=pks, state=HandoffState.OFFERED)
    return rows.select_related("sender", "receiver")


def used_services(person: Person, *, most: int = 5) -> list[UsedService]:
    """The services that the person's department asked for most often of late, with the promise that holds for it."""
    home = standing(person).home_id
    if home is None:
        return []
    counts = Counter(_recent_services(home=home))
    rows = visible_services(person).filter(pk__in=counts).select_related("department").defer("description", "quality")
    found = sorted(rows, key=lambda service: (-counts[service.pk], service.name))[:most]
    promised = usual_promises(found, home)
    return [UsedService(service, promised.get(service.pk), counts[service.pk]) for service in found]


@written_once
def _recent_services(*, home: int) -> QuerySet[ServiceRequest, int]:
    rows = ServiceRequest.objects.filter(customer_id=home).order_by("-pk")
    return rows.values_list("service_id", flat=True)[:RECENT]
