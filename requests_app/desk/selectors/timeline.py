"""The history of a request as cards: told from the event log, with the words people wrote and the files they gave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from requests_app.agreements.states import PRIORITY, HoldReason, Measure, Step
from requests_app.desk.models import Attachment, Message, ServiceRequest
from requests_app.desk.selectors.cards import (
    Answer,
    Card,
    DeliveryCard,
    HandoffCard,
    LineCard,
    MessageCard,
    RejectionCard,
)
from requests_app.desk.states import DELIVERED
from requests_app.events.models import Event
from requests_app.events.selectors import events_of
from requests_app.events.states import REQUEST
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.selectors import names_of


@dataclass
class Story:
    """Everything the cards are made of, loaded at once, and the cards as they grow."""

    service_request: ServiceRequest
    reader_id: int
    internal: bool
    events: list[Event]
    messages: dict[int, Message]
    files: list[Attachment]
    people: dict[int, str]
    departments: dict[int, str]
    cards: list[Card] = field(default_factory=list)
    offers: dict[int, int] = field(default_factory=dict)
    told_files: set[int] = field(default_factory=set)

    def name(self, person_id: int | None) -> str:
        return self.people.get(person_id or 0) or _("the service desk")

    def place(self, department_id: int | None) -> str:
        return self.departments.get(department_id or 0, "")

    def take_files(self, wanted: Callable[[Attachment], bool]) -> tuple[Attachment, ...]:
        """The files not yet told of that belong here."""
        found = tuple(file for file in self.files if file.pk not in self.told_files and wanted(file))
        self.told_files.update(file.pk for file in found)
        return found


def timeline_of(service_request: ServiceRequest, *, reader: Person, internal: bool) -> list[Card]:
    """All cards, oldest first. Without `internal` there is no trace of notes: no card, no gap, no file."""
    story = _load(service_request, reader, internal=internal)
    for event in story.events:
        teller = _TELLERS.get(event.kind)
        if teller:
            teller(story, event)
    for file in story.take_files(lambda _file: True):
        story.cards.append(_loose_file(story, file))
    return sorted(story.cards, key=lambda card: card.at)


def _load(service_request: ServiceRequest, reader: Person, *, internal: bool) -> Story:
    events = events_of(REQUEST, service_request.pk)
    if not internal:
        events = [event for event in events if event.kind != "message.internal"]
    known = {message.pk: message for message in _messages(internal, request_id=service_request.pk)}
    file_rows = _files(internal, request_id=service_request.pk)
    wanted = {person for event in events for person in _people_in(event)} | {file.uploaded_by_id for file in file_rows}
    wanted |= {service_request.requester_id, service_request.filed_by_id}
    return Story(
        service_request=service_request,
        reader_id=reader.pk,
        internal=internal,
        events=events,
        messages=known,
        files=file_rows,
        people=names_of(wanted),
        departments=_departments(events, service_request),
    )


@written_once
def _messages(internal: bool, *, request_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(service_request_id=request_id).defer("search")
    return rows if internal else rows.filter(internal=False)


@written_once
def _files(internal: bool, *, request_id: int) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(service_request_id=request_id).order_by("at", "pk")
    return rows if internal else rows.filter(internal=False)


def _people_in(event: Event) -> Iterable[int | None]:
    return event.actor_id, event.data.get("assignee"), event.data.get("before") if _is_assignment(event) else None


def _is_assignment(event: Event) -> bool:
    return event.kind == "request.assigned"


def _departments(events: list[Event], service_request: ServiceRequest) -> dict[int, str]:
    """Names of the departments that the events mention; a query only when the request moved between departments."""
    known = {row.pk: row.name for row in (service_request.customer, service_request.supplier)}
    mentioned = {event.data.get(key) for event in events for key in ("department", "from", "to")} - {None}
    if mentioned - known.keys():
        known |= dict(Department.objects.filter(pk__in=mentioned).values_list("pk", "name"))
    return known


# ── One teller a kind ────────────────────────────────────────────────────────


def _line(
    story: Story,
    event: Event,
    icon: str,
    words: str,
    *,
    also: dict[str, str] | None = None,
    bold: bool = True,
    note: str = "",
    meaning: str = "",
) -> None:
    """A line about who did what; `words` may name %(who)s, %(department)s, %(customer)s and what `also` holds."""
    name = story.name(event.actor_id)
    names = {
        "who": name,
        "department": story.place(event.data.get("department")),
        "customer": story.service_request.customer.name,
    }
    filled = words % (names | (also or {}))
    shown = name if bold else ""
    story.cards.append(LineCard(at=event.at, icon=icon, words=filled, name=shown, note=note, meaning=meaning))


def _filed(story: Story, event: Event) -> None:
    row = story.service_request
    with_it = set(event.data.get("files", ()))
    card = MessageCard(
        at=event.at,
        who=story.name(row.requester_id),
        mine=row.requester_id == story.reader_id,
        of=_("%(department)s, asks") % {"department": row.customer.name},
        body=row.description,
        answers=answers_of(row),
        files=story.take_files(lambda file: file.pk in with_it),
        for_whom=story.name(row.filed_by_id) if row.filed_by_id != row.requester_id else "",
    )
    if card.body or card.answers or card.files or card.for_whom:
        story.cards.append(card)
    else:
        _line(story, event, "file", _("%(who)s of %(customer)s filed the request"))


def answers_of(service_request: ServiceRequest) -> tuple[Answer, ...]:
    """The questions of the form as it was then, with what was answered."""
    if service_request.form is None:
        return ()
    found = []
    for question in service_request.form.questions:
        value = service_request.answers.get(question.key)
        if value:
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            found.append(Answer(question.label, shown, is_long=question.type == "long_text"))
    return tuple(found)


def _message(story: Story, event: Event) -> None:
    message = story.messages.get(event.data.get("message") or 0)
    if message is None:  # an imported history knows that somebody wrote, not what
        if event.kind == "message.public":
            _line(story, event, "send", _("%(who)s wrote a reply"))
        return
    row = story.service_request
    place = story.place(message.department_id)
    story.cards.append(
        MessageCard(
            at=event.at,
            who=story.name(message.author_id),
            mine=message.author_id == story.reader_id,
            of=place,
            body=message.body,
            files=story.take_files(lambda file: file.message_id == message.pk),
            note=message.internal,
            reads=place or row.supplier.name,
            anchor=f"m{message.pk}",
        )
    )


def _accepted(story: Story, event: Event) -> None:
    _line(story, event, "user-check", _("%(who)s of %(department)s accepted the request"))


def _started(story: Story, event: Event) -> None:
    _line(story, event, "player-play", _("%(who)s started work"))


def _held(story: Story, event: Event) -> None:
    reason = event.data.get("reason", "")
    if reason == HoldReason.CUSTOMER:
        words = _("%(department)s waits for %(customer)s")
    elif reason in HoldReason.values:
        words = str(HoldReason(reason).label)
    else:
        words = _("%(department)s put this on hold")
    words = _("Clock paused: %(words)s") % {"words": words} if event.data.get("pauses") else words
    _line(story, event, "player-pause", words, bold=False, note=event.data.get("note", ""))


def _resumed(story: Story, event: Event) -> None:
    words = _("The answer is here, work goes on") if event.data.get("by_reply") else _("%(who)s goes on with the work")
    _line(story, event, "clock", words, note=event.data.get("note", ""))


def _delivered(story: Story, event: Event) -> None:
    with_it = set(event.data.get("files", ()))
    last = event is next((one for one in reversed(story.events) if one.kind == "request.delivered"), None)
    story.cards.append(
        DeliveryCard(
            at=event.at,
            who=story.name(event.actor_id),
            mine=event.actor_id == story.reader_id,
            of=story.place(event.data.get("department")),
            note=event.data.get("note", ""),
            files=story.take_files(lambda file: file.pk in with_it),
            open=last and story.service_request.status == DELIVERED,
        )
    )


def _rejected(story: Story, event: Event) -> None:
    words = {key: event.data.get(key, "") for key in ("agreed", "received", "remedy")}
    if not any(words.values()):
        _line(story, event, "arrow-back-up", _("%(who)s sent the delivery back"))
        return
    story.cards.append(
        RejectionCard(
            at=event.at,
            who=story.name(event.actor_id),
            mine=event.actor_id == story.reader_id,
            of=story.service_request.customer.name,
            **words,
        )
    )


def _confirmed(story: Story, event: Event) -> None:
    _line(story, event, "circle-check", _("%(who)s accepted the delivery"), note=_reason(event), meaning="good")


def _closed(story: Story, event: Event) -> None:
    _line(story, event, "circle-check", _("Closed: no answer to the delivery came in time, so it counts as accepted"))


def _declined(story: Story, event: Event) -> None:
    _line(story, event, "ban", _("%(who)s of %(department)s declined the request"), note=_reason(event))


def _cancelled(story: Story, event: Event) -> None:
    _line(story, event, "x", _("%(who)s cancelled the request"), note=_reason(event))


def _reopened(story: Story, event: Event) -> None:
    _line(story, event, "rotate-clockwise", _("%(who)s reopened the request"), note=_reason(event))


def _reason(event: Event) -> str:
    return event.data.get("reason") or ""


def _assigned(story: Story, event: Event) -> None:
    assignee = event.data.get("assignee")
    if assignee is None:
        words = _("%(who)s left it to whoever is free")
    elif assignee == event.actor_id:
        words = _("%(who)s took the request")
    else:
        words = _("%(who)s gave the request to %(assignee)s")
    _line(story, event, "user", words, also={"assignee": story.name(assignee)})


def _reprioritised(story: Story, event: Event) -> None:
    before, after = (event.data.get(side, {}).get("priority") for side in ("before", "after"))
    names = {"before": str(PRIORITY.get(before, "")), "after": str(PRIORITY.get(after, ""))}
    words = _("%(who)s changed the priority from %(before)s to %(after)s")
    if before == after:
        words = _("%(who)s changed urgency or impact; the priority stays %(after)s")
    _line(story, event, "flag", words, also=names, note=_reason(event))


def _edited(story: Story, event: Event) -> None:
    before, after = event.data.get("before", {}), event.data.get("after", {})
    title = before.get("title")
    note = _("The title was “%(title)s”.") % {"title": title} if title and title != after.get("title") else ""
    _line(story, event, "pencil", _("%(who)s changed the text"), note=note)


def _clock_warned(story: Story, event: Event) -> None:
    _clock(story, event, "clock", _("%(measure)s: three quarters of the time are used"), "warn")


def _clock_breached(story: Story, event: Event) -> None:
    _clock(story, event, "alert-triangle", _("%(measure)s: the agreed time is over"), "bad")


def _clock_escalated(story: Story, event: Event) -> None:
    also = {"percent": str(event.data["percent"]), "step": str(Step(event.data["step"]).label)}
    _clock(story, event, "alert-triangle", _("%(measure)s, %(percent)s %% used: %(step)s"), "warn", **also)


def _clock_recomputed(story: Story, event: Event) -> None:
    words = _("%(who)s had the due times counted by the calendar's new hours")
    if event.data.get("agreement"):
        words = _("%(who)s had the due times counted by the agreement's new version")
    _line(story, event, "calendar-time", words, bold=False)


def _clock(story: Story, event: Event, icon: str, words: str, meaning: str, **also: str) -> None:
    measure = event.data.get("measure", "")
    label = Measure(measure).label if measure in Measure.values else measure
    _line(story, event, icon, words, also={"measure": str(label), **also}, bold=False, meaning=meaning)


def _offered(story: Story, event: Event) -> None:
    data = event.data
    number = data.get("handoff") or 0
    story.offers[number] = len(story.cards)
    story.cards.append(
        HandoffCard(
            at=event.at,
            number=number,
            sender=story.place(data.get("from")),
            receiver=story.place(data.get("to")),
            reason=data.get("reason") or "",
            who=story.name(event.actor_id) if event.actor_id else "",
        )
    )


def _answered(story: Story, event: Event) -> None:
    place = story.offers.pop(event.data.get("handoff") or 0, None)
    state = event.kind.split(".")[1]
    card = story.cards[place] if place is not None else None
    if place is not None and isinstance(card, HandoffCard):
        story.cards[place] = card.answered(state, event.at, story.name(event.actor_id), _reason(event))
        return
    words = {
        "accepted": _("%(receiver)s took the request over from %(sender)s"),
        "declined": _("%(receiver)s gave the request back to %(sender)s"),
        "withdrawn": _("%(sender)s took back its offer to %(receiver)s"),
    }[state]
    names = {"sender": story.place(event.data.get("from")), "receiver": story.place(event.data.get("to"))}
    _line(story, event, "arrow-bar-to-right", words, also=names, bold=False)


def _loose_file(story: Story, file: Attachment) -> LineCard:
    name = story.name(file.uploaded_by_id)
    words = _("%(who)s added a file, for %(supplier)s only") if file.internal else _("%(who)s added a file")
    filled = words % {"who": name, "supplier": story.service_request.supplier.name}
    return LineCard(at=file.at, icon="paperclip", words=filled, name=name, files=(file,))


_TELLERS: dict[str, Callable[[Story, Event], None]] = {
    "request.filed": _filed,
    "request.accepted": _accepted,
    "request.started": _started,
    "request.held": _held,
    "request.resumed": _resumed,
    "request.delivered": _delivered,
    "request.confirmed": _confirmed,
    "request.closed": _closed,
    "request.rejected": _rejected,
    "request.declined": _declined,
    "request.cancelled": _cancelled,
    "request.reopened": _reopened,
    "request.assigned": _assigned,
    "request.reprioritised": _reprioritised,
    "request.edited": _edited,
    "message.public": _message,
    "message.internal": _message,
    "clock.warned": _clock_warned,
    "clock.breached": _clock_breached,
    "clock.escalated": _clock_escalated,
    "clock.recomputed": _clock_recomputed,
    "handoff.offered": _offered,
    "handoff.accepted": _answered,
    "handoff.declined": _answered,
    "handoff.withdrawn": _answered,
}
