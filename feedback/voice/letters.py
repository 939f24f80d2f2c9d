"""Mail about what is said: to the heads who answer, and to who said it when there is an answer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.voice.models import Post, Voice
from feedback.voice.selectors import due_of, next_step
from feedback.voice.states import APPEALED, OPEN
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

TO_HEADS = frozenset({"voice.said", "voice.disagreed", "voice.accepted"})
TO_BOTH = frozenset({"voice.decided"})
TALKED = frozenset({"voice.posted", "voice.voted"})
KINDS = ("voice.said", "voice.disagreed", "voice.accepted", "voice.answered", "voice.taken_up", "voice.declined",
         "voice.done", "voice.appealed", "voice.decided", "voice.late", "voice.posted", "voice.voted")  # fmt: skip


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
    heads = heads_of(voice.department_id) if event.kind in TO_HEADS | TO_BOTH | {"voice.appealed"} else []
    people = set(heads) if event.kind in TO_HEADS else {voice.author_id, *heads}
    if event.kind == "voice.appealed":
        people = {*heads, *([voice.arbiter_id] if voice.arbiter_id else [])}
    return sorted(people - {event.actor_id})


def _late_readers(event: Event, voice: Voice) -> set[int]:
    """Who owes the answer; from the second level on all heads of the department too. None once it has come."""
    if voice.state == APPEALED:
        return {voice.arbiter_id} if voice.arbiter_id else set()
    if voice.state != OPEN:
        return set()
    heads = heads_of(voice.department_id)
    if voice.owner_id is None or event.data["level"] > 1:
        return {*heads, *([voice.owner_id] if voice.owner_id else [])}
    return {voice.owner_id}


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read it (any more). Titles of complaints stay out of the subject."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Voice.objects.visible_to(mail.person).select_related("department")
    voice = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or voice is None:
        return None
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
        "voice.decided": _("An appeal was decided"),
        "voice.late": _("An answer is late"),
        "voice.posted": _("Somebody discusses a suggestion"),
        "voice.voted": _("A suggestion is wanted by others too"),
    }[kind]


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
