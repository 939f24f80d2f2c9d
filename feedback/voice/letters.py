"""Mail about what is said: to the heads who answer, and to who said it when there is an answer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.voice.appeals import accused_of, arbiter_of
from feedback.voice.models import Post, Voice
from feedback.voice.selectors import due_of, next_step
from feedback.voice.states import APPEALED, OPEN, Kind
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS
from requests_app.org.models import Person

TO_HEADS = frozenset({"voice.said", "voice.disagreed", "voice.accepted"})
TO_BOTH = frozenset({"voice.decided"})
TO_AUTHOR = frozenset({"voice.answered", "voice.taken_up", "voice.declined", "voice.done"})
BROUGHT_UP = frozenset({"voice.appealed", "voice.escalated"})
TALKED = frozenset({"voice.posted", "voice.voted"})
KINDS = ("voice.said", "voice.disagreed", "voice.accepted", "voice.answered", "voice.taken_up", "voice.declined",
         "voice.done", "voice.appealed", "voice.escalated", "voice.decided", "voice.handed_on", "voice.late",
         "voice.posted", "voice.voted")  # fmt: skip


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news, but whoever caused it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    voices = Voice.objects.in_bulk({event.subject_id for event in events})
    queue_all(
        mail_row(event.kind, person_id, f"{_once_for(event)}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.subject_id in voices
        for person_id in _readers(event, voices[event.subject_id])
    )


def _once_for(event: Event) -> str:
    """What one mail is written for: each event, but votes only once a day and suggestion."""
    if event.kind == "voice.voted":
        day = event.at.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
        return f"{event.kind}:{event.subject_id}:{day}"
    return f"{event.kind}:{event.pk}"


def _readers(event: Event, voice: Voice) -> list[int]:
    if event.kind == "voice.late":
        return sorted(_late_readers(event, voice))
    if event.kind in TALKED:  # whoever said it, and who carries it out or, before that, decides
        owners = {voice.owner_id} if voice.owner_id else set(heads_of(voice.department_id))
        return sorted({voice.author_id, *owners} - {event.actor_id})
    people = {event.data["owner"]} if event.kind == "voice.handed_on" else set()
    if event.kind in TO_HEADS | TO_BOTH | BROUGHT_UP:
        people = {*heads_of(voice.department_id), voice.owner_id if voice.stands_in else None}
    if event.kind in BROUGHT_UP:
        people.add(voice.arbiter_id)
    elif event.kind in TO_BOTH | TO_AUTHOR:
        people.add(voice.author_id)
    return sorted(pk for pk in people if pk is not None and pk != event.actor_id)


def _late_readers(event: Event, voice: Voice) -> set[int]:
    """Who owes the answer, and who complained, as they can take it further. None once it has come.

    From the second level on all heads of the department too, and of a complaint that is not confidential who is above.
    """
    if voice.state == APPEALED:
        return {voice.arbiter_id} if voice.arbiter_id else set()
    if voice.state != OPEN:
        return set()
    is_complaint = voice.kind == Kind.COMPLAINT
    found = {voice.owner_id, voice.author_id if is_complaint else None}
    if voice.owner_id is None or event.data["level"] > 1:
        found |= set(heads_of(voice.department_id))
    if event.data["level"] > 1 and is_complaint and not voice.confidential:
        found.add(arbiter_of(voice))
    return {pk for pk in found if pk is not None and pk != accused_of(voice)}


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read it (any more). Titles of complaints stay out of the subject."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Voice.objects.visible_to(mail.person).select_related("department")
    voice = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or voice is None:
        return _told_above(event, mail.person) if event and event.kind == "voice.late" else None
    if event.kind in TALKED:
        return _talked(event, voice)
    due = due_of(voice)
    facts = ((_("Due"), moment(due)),) if due else ()
    return Letter(
        subject=f"{_headline(event.kind)}: {voice.department.name}",
        paragraphs=tuple(text for text in (f"{voice.get_kind_display()}: {voice.title}", next_step(voice)) if text),
        quote=event.data.get("note", ""),
        facts=facts,
        link=absolute(reverse("voice:voice", args=[voice.pk])),
        link_words=_("Open it"),
    )


def _told_above(event: Event, person: Person) -> Letter | None:
    """That a complaint waits too long, to who would decide on it: not a word of what it says."""
    rows = Voice.objects.filter(kind=Kind.COMPLAINT, state=OPEN, confidential=False).select_related("department")
    voice = rows.filter(pk=event.subject_id).first()
    if voice is None or arbiter_of(voice) != person.pk:
        return None
    name = {"name": voice.department.name}
    return Letter(
        subject=f"{_headline(event.kind)}: {voice.department.name}",
        paragraphs=(
            _("A complaint to %(name)s has waited for its answer for more than a week after it was due.") % name,
            _("Ask the heads of %(name)s to answer. Who complained can bring it to you to decide on.") % name,
        ),
        facts=((_("Due"), moment(voice.due_at)),) if voice.due_at else (),
        link=absolute(reverse("dashboards:department", args=[voice.department.slug])),
        link_words=_("Open the department"),
    )


def _talked(event: Event, voice: Voice) -> Letter | None:
    """What somebody said below a suggestion, or how many want it too; never who votes. None when it is taken back."""
    said = Post.objects.filter(pk=event.data.get("post"), withdrawn_at=None).select_related("author").first()
    if (said is None) if event.kind == "voice.posted" else not voice.votes:
        return None
    wanted = ngettext("%(n)s colleague wants it too.", "%(n)s colleagues want it too.", voice.votes)
    return Letter(
        subject=f"{_headline(event.kind)}: {voice.title}",
        paragraphs=(voice.title, wanted % {"n": voice.votes}) if voice.votes else (voice.title,),
        quote=said.body if said else "",
        facts=((_("By"), said.author.name),) if said else (),
        link=absolute(reverse("voice:voice", args=[voice.pk])),
        link_words=_("Open it"),
    )


def _headline(kind: str) -> str:
    return {
        "voice.said": _("Somebody said something to you"),
        "voice.disagreed": _("Your answer does not settle it"),
        "voice.accepted": _("Your answer was accepted"),
        "voice.answered": _("Your complaint was answered"),
        "voice.taken_up": _("Your suggestion was taken up"),
        "voice.declined": _("Your suggestion was not taken up"),
        "voice.done": _("Your suggestion was carried out"),
        "voice.appealed": _("Somebody appealed against an answer"),
        "voice.escalated": _("Somebody takes a complaint further"),
        "voice.decided": _("An appeal was decided"),
        "voice.handed_on": _("A complaint waits for your answer"),
        "voice.late": _("An answer is late"),
        "voice.posted": _("Somebody discusses a suggestion"),
        "voice.voted": _("A suggestion is wanted by others too"),
    }[kind]


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
