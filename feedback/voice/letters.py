"""Mail about what is said: to the heads who answer, and to who said it when there is an answer."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.voice.models import Voice
from feedback.voice.selectors import next_step
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

TO_HEADS = frozenset({"voice.said", "voice.disagreed", "voice.accepted"})
KINDS = ("voice.said", "voice.disagreed", "voice.accepted", "voice.answered", "voice.taken_up", "voice.declined",
         "voice.done")  # fmt: skip


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news, but whoever caused it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    voices = Voice.objects.in_bulk({event.subject_id for event in events})
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.subject_id in voices
        for person_id in _readers(event, voices[event.subject_id])
    )


def _readers(event: Event, voice: Voice) -> list[int]:
    people = heads_of(voice.department_id) if event.kind in TO_HEADS else [voice.author_id]
    return sorted(set(people) - {event.actor_id})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read it (any more). Titles of complaints stay out of the subject."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Voice.objects.visible_to(mail.person).select_related("department")
    voice = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or voice is None:
        return None
    facts = ((_("Due"), moment(voice.due_at)),) if voice.due_at and voice.state == "open" else ()
    return Letter(
        subject=f"{_headline(event.kind)}: {voice.department.name}",
        paragraphs=tuple(text for text in (f"{voice.get_kind_display()}: {voice.title}", next_step(voice)) if text),
        quote=event.data.get("note", ""),
        facts=facts,
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
    }[kind]


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
