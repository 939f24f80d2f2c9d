"""Reading what was said: the lists, the page of one, what waits for somebody, what came of complaints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import SourceKind
from feedback.voice import policies
from feedback.voice.models import Post, Voice, Vote
from feedback.voice.states import (
    ANSWERED,
    APPEALED,
    CLOSED,
    DECIDED,
    MEANING,
    OPEN,
    TAKEN_UP,
    WITHDRAWN,
    Kind,
    Move,
    State,
)
from requests_app.desk.models import ServiceRequest
from requests_app.events.selectors import events_of
from requests_app.kernel.written import summed, summed_once, written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.selectors import names_of

PARTIES = ("department", "customer", "author", "owner", "arbiter")
MOST_WAITING, MOST_OUTCOMES, MOST_BETWEEN = 20, 10, 5


def voices_for(
    person: Person,
    *,
    kind: str = "",
    department: Department | None = None,
    customer: Department | None = None,
    waiting: bool = False,
) -> QuerySet[Voice]:
    """What the person may read, newest first. `customer`: said by its people; `waiting`: for a first answer."""
    rows = Voice.objects.visible_to(person).select_related(*PARTIES, "service_request")
    rows = rows.defer("service_request__search")
    if kind:
        rows = rows.filter(kind=kind)
    if waiting:
        rows = rows.filter(state=OPEN)
    if customer:
        rows = rows.filter(_said_by(customer.pk))
    return rows.filter(department=department) if department else rows


def _said_by(customer: int) -> Q:
    """Confidential complaints belong to no department (the database holds that), so they are in none of these."""
    return Q(customer_id=customer) & ~Q(state=WITHDRAWN)


def get_voice(*, person: Person, pk: int) -> Voice:
    """What was said, or 404 when it is not there or not theirs to see."""
    found = voices_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Line:
    """Something said, in a list. `author` is empty for whom it is about."""

    voice: Voice
    state: str
    meaning: str
    author: str
    next: str
    late: bool


def lines_of(rows: Iterable[Voice], person: Person, now: datetime | None = None) -> list[Line]:
    now = now or timezone.now()
    return [_line(row, person, now) for row in rows]


def _line(voice: Voice, person: Person, now: datetime) -> Line:
    author = voice.author.name if policies.reads_author(person, voice) else ""
    due = due_of(voice)
    late = due is not None and due < now
    return Line(voice, str(State(voice.state).label), MEANING[voice.state], author, next_step(voice), late)


def due_of(voice: Voice) -> datetime | None:
    """Until when the answer, or the decision on an appeal, is due; None when none is awaited."""
    return {OPEN: voice.due_at, APPEALED: voice.appeal_due_at}.get(voice.state)


NEXT = {
    APPEALED: gettext_lazy("%(arbiter)s decides, and that is final."),
    OPEN: gettext_lazy("%(department)s answers."),
    "stands in": gettext_lazy("%(owner)s answers in place of the heads of %(department)s."),
    "late": gettext_lazy("%(owner)s answers. Who complained can take it further, because no answer came in time."),
    ANSWERED: gettext_lazy("Who complained accepts the answer, or disagrees."),
    TAKEN_UP: gettext_lazy("%(department)s carries it out and says what came of it."),
}


def next_step(voice: Voice) -> str:
    """Who must do what; empty when nothing is left to do."""
    words = NEXT.get(_awaited(voice), "")
    return str(words) % _names(voice)


def _awaited(voice: Voice) -> str:
    if voice.kind == Kind.COMPLAINT and voice.is_late(timezone.now()):
        return "late"
    return "stands in" if voice.stands_in and voice.state == OPEN else voice.state


def _names(voice: Voice) -> dict[str, str]:
    return {
        "department": voice.department.name,
        "arbiter": voice.arbiter.name if voice.arbiter else _("An executive"),
        "owner": voice.owner.name if voice.owner and voice.stands_in else voice.department.name,
    }


@dataclass(frozen=True)
class Happened:
    words: str
    at: datetime
    note: str


@dataclass(frozen=True)
class VoicePage:
    """What was said, as one person sees it."""

    voice: Voice
    line: Line
    moves: list[Move]
    history: list[Happened]
    may_vote: bool
    voted: bool
    may_correct: bool
    correction: CorrectiveAction | None
    request_number: str
    may_discuss: bool


def voice_page(*, person: Person, pk: int) -> VoicePage:
    """The page, or 404."""
    voice = get_voice(person=person, pk=pk)
    is_complaint = voice.kind == Kind.COMPLAINT
    actions = CorrectiveAction.objects.visible_to(person).filter(source_kind=SourceKind.COMPLAINT, source_id=voice.pk)
    correction = actions.first() if is_complaint else None
    seen = ServiceRequest.objects.visible_to(person).filter(pk=voice.service_request_id or 0)
    votable = voice.kind == Kind.SUGGESTION and voice.state == OPEN and voice.author_id != person.pk
    leads = voice.department_id in standing(person).head_of
    return VoicePage(
        voice=voice,
        line=_line(voice, person, timezone.now()),
        moves=policies.moves_for(person, voice),
        history=_history(voice, person),
        may_vote=votable and bool(standing(person).member_of),
        voted=votable and Vote.objects.filter(voice=voice, person=person).exists(),
        may_correct=is_complaint and correction is None and leads and voice.customer_id is not None,
        correction=correction,
        request_number=voice.service_request.number if voice.service_request and seen.exists() else "",
        may_discuss=voice.kind == Kind.SUGGESTION and voice.state != WITHDRAWN and bool(standing(person).member_of),
    )


def source_voice(person: Person, action: CorrectiveAction) -> Voice | None:
    """The complaint that a corrective action came of, for who may read that."""
    if action.source_kind != SourceKind.COMPLAINT:
        return None
    return Voice.objects.visible_to(person).filter(pk=action.source_id).first()


WORDS = {
    "voice.said": gettext_lazy("%(who)s said it"),
    "voice.answered": gettext_lazy("%(who)s answered"),
    "voice.accepted": gettext_lazy("%(who)s accepted the answer"),
    "voice.disagreed": gettext_lazy("%(who)s disagreed"),
    "voice.withdrawn": gettext_lazy("%(who)s took it back"),
    "voice.appealed": gettext_lazy("%(who)s appealed"),
    "voice.escalated": gettext_lazy("%(who)s took it further, because no answer came in time"),
    "voice.handed_on": gettext_lazy("From now on %(owner)s answers"),
    "voice.decided": gettext_lazy("%(who)s decided on it"),
    "voice.taken_up": gettext_lazy("%(who)s took it up"),
    "voice.declined": gettext_lazy("%(who)s decided not to take it up"),
    "voice.done": gettext_lazy("%(who)s said what came of it"),
}


def _history(voice: Voice, person: Person) -> list[Happened]:
    """The steps with their words; of a complaint, whom it is about reads no name of the asking side."""
    events = [event for event in events_of("voice", voice.pk) if event.kind in WORDS]
    named = policies.reads_author(person, voice)
    names = names_of([event.actor_id for event in events]) if named else {}
    owners = names_of([event.data.get("owner") for event in events])
    return [
        Happened(
            str(WORDS[event.kind])
            % {
                "who": names.get(event.actor_id or 0, _("Somebody")),
                "owner": owners.get(event.data.get("owner") or 0, _("somebody else")),
            },
            event.at,
            event.data.get("note", ""),
        )
        for event in events
    ]


def posts_of(voice: Voice) -> QuerySet[Post]:
    """What was said below a suggestion; whoever reads the suggestion reads it."""
    return Post.objects.filter(voice=voice).select_related("author")


@dataclass(frozen=True)
class Outcome:
    """What came of a complaint: for everybody, without who complained and without its words."""

    department: str
    at: datetime | None
    words: str


def outcomes(person: Person, department: Department | None = None) -> list[Outcome]:
    """Of settled complaints, the newest first. Those on requests that are not their department's own stay out."""
    if standing(person).is_partner:
        return []
    settled = Voice.objects.filter(kind=Kind.COMPLAINT, state__in=[CLOSED, DECIDED], confidential=False)
    rows = settled.select_related("department").exclude(service_request__privacy__in=["private", "confidential"])
    rows = rows.filter(department=department) if department else rows
    return [
        Outcome(row.department.name, row.decided_at or row.answered_at, row.decision or row.outcome)
        for row in rows.order_by("-pk")[:MOST_OUTCOMES]
    ]


@dataclass(frozen=True)
class Waiting:
    """The block of my desk with what was said and waits for the reader."""

    rows: list[Line]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person) -> list[Line]:
    """To answer as head or in their place, to accept or to take further as who complained; one query."""
    hats = standing(person)
    return lines_of(_waiting(hats.head_of, person=hats.person_id), person)


@written_once
def _waiting(head_of: frozenset[int], *, person: int) -> QuerySet[Voice]:
    mine = Q(author_id=person, state=ANSWERED) | Q(arbiter_id=person, state=APPEALED)
    mine |= Q(author_id=person, kind=Kind.COMPLAINT, state=OPEN, due_at__lt=Now())
    mine |= Q(owner_id=person, stands_in=True, state=OPEN)
    if head_of:
        about = Q(kind=Kind.COMPLAINT, service_request__assignee_id=person)
        mine |= Q(department_id__in=head_of, state__in=[OPEN, TAKEN_UP]) & ~about
    rows = Voice.objects.filter(mine).select_related(*PARTIES, "service_request").defer("service_request__search")
    return rows.order_by("due_at", "pk")[:MOST_WAITING]


@dataclass(frozen=True)
class OnRequest:
    """What the asking side finds on the request page."""

    service_request: ServiceRequest
    rows: list[Line]


def on_request(person: Person, service_request: ServiceRequest) -> OnRequest | None:
    """None for all but who asked and their head, and before there was anything to judge."""
    hats = standing(person)
    asked = hats.person_id == service_request.requester_id or service_request.customer_id in hats.head_of
    if not asked or service_request.customer_id == service_request.supplier_id:
        return None
    rows = _said_about(hats.shape, person=hats.person_id, request_id=service_request.pk)
    return OnRequest(service_request, lines_of(rows, person))


@written_once
def _said_about(hats: Standing, *, person: int, request_id: int) -> QuerySet[Voice]:
    rows = Voice.objects.visible_to(whoever(hats, person)).filter(service_request_id=request_id)
    return rows.select_related(*PARTIES, "service_request").defer("service_request__search").order_by("pk")


@dataclass(frozen=True)
class Between:
    """The block of the page of two departments: what each said to the other, newest first."""

    rows: list[Line]


def between(person: Person, one: Department, other: Department) -> Between:
    pair = Q(department=one, customer=other) | Q(department=other, customer=one)
    rows = (
        Voice.objects.visible_to(person)
        .filter(pair)
        .select_related("department", "author", "owner", "arbiter", "service_request")
    )
    return Between(lines_of(rows.order_by("-pk")[:MOST_BETWEEN], person))


@dataclass(frozen=True)
class SaidBy:
    """What the people of a department said of others, as far as the reader may read it."""

    complaints: int
    suggestions: int
    praise: int
    waiting: int


def said_by(person: Person, customer: Department) -> SaidBy:
    """One query; each number as long as the list `voices_for` gives."""
    hats = standing(person)
    return SaidBy(*(_counted(hats.shape, person=hats.person_id, customer=customer.pk) or (0, 0, 0, 0)))


@summed_once
def _counted(hats: Standing, *, person: int, customer: int) -> QuerySet:
    """In the order of `SaidBy`."""
    found = Voice.objects.visible_to(whoever(hats, person)).filter(_said_by(customer))
    counts = {f"n_{kind}": Count("pk", filter=Q(kind=kind)) for kind in (Kind.COMPLAINT, Kind.SUGGESTION, Kind.PRAISE)}
    return summed(found, **counts, waiting=Count("pk", filter=Q(state=OPEN)))


# ── How many, for appraisals ─────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """What was said to some departments in a stretch of time; what was taken back does not count."""

    complaints: int
    answered_in_time: int
    waiting: int
    suggestions: int
    praise: int


def said_to(department_ids: Iterable[int], since: datetime, until: datetime) -> Said:
    """Numbers only; confidential complaints are in none. One query."""
    rows = Voice.objects.filter(
        confidential=False, department_id__in=list(department_ids), said_at__gte=since, said_at__lt=until
    )
    complaint = Q(kind=Kind.COMPLAINT)
    found = rows.exclude(state=WITHDRAWN).aggregate(
        complaints=Count("pk", filter=complaint),
        answered_in_time=Count("pk", filter=complaint & Q(answered_at__lte=F("due_at"))),
        waiting=Count("pk", filter=complaint & Q(answered_at=None, decided_at=None)),
        suggestions=Count("pk", filter=Q(kind=Kind.SUGGESTION)),
        praise=Count("pk", filter=Q(kind=Kind.PRAISE)),
    )
    return Said(**found)
