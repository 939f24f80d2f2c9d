"""Mail about talks: the invitation with its calendar entry, what was settled, and the task one is given."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.talks.ics import write_talks
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.selectors import attending
from feedback.talks.states import CANCELLED, OPEN, PLANNED, Point
from feedback.talks.wording import title_of
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

KINDS = ("meeting.changed", "meeting.planned", "meeting.shifted", "meeting.cancelled", "meeting.held", "meeting.noted")
INVITING = ("meeting.planned", "meeting.shifted", "meeting.cancelled")
ICS = "text/calendar; charset=utf-8; method=PUBLISH"


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        for person_id in _readers(event)
    )


def _readers(event: Event) -> list[int]:
    """Invitations also to whoever planned it, for they carry the calendar entry; and to who is invited later."""
    if event.kind == "meeting.noted":
        owner = event.data.get("owner")
        return [owner] if owner and owner != event.actor_id else []
    if event.kind == "meeting.changed":
        return sorted(set(event.data["after"]["people"]) - set(event.data["before"]["people"]))
    series = TalkSeries.objects.filter(pk=event.data["series"]).first()
    people = {person.pk for person in attending(series)} if series else set()
    return sorted(people if event.kind in INVITING else people - {event.actor_id})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read the talk any more, or when the news is none any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    if event is None:
        return None
    rows = Talk.objects.visible_to(mail.person).select_related("series__supplier", "series__customer")
    if event.kind == "meeting.changed":
        talk = rows.filter(series=event.subject_id, state=PLANNED).first()
    else:
        talk = rows.filter(pk=event.subject_id).first()
    if talk is None:
        return None
    if event.kind == "meeting.noted":
        return _task(event, talk)
    if event.kind == "meeting.held":
        return _held(talk)
    return _invitation(event, talk)


def _invitation(event: Event, talk: Talk) -> Letter | None:
    off = event.kind == "meeting.cancelled"
    then = parse_datetime(event.data.get("starts_at", "")) or talk.starts_at
    if not off and (talk.state not in OPEN or talk.starts_at != then):
        return None
    headline = {
        "meeting.changed": _("Talk planned"),
        "meeting.planned": _("Talk planned"),
        "meeting.shifted": _("Talk put off"),
        "meeting.cancelled": _("Talk called off"),
    }[event.kind]
    n = talk.series.minutes
    minutes = ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    facts = [(_("When"), f"{moment(talk.starts_at)} · {minutes}")]
    if talk.series.place:
        facts.append((_("Where"), talk.series.place))
    said = _("It does not take place.") if off else _("The agenda is written from the data; add your points before.")
    return Letter(
        subject=f"{headline}: {title_of(talk.series)}",
        paragraphs=(title_of(talk.series), said),
        quote=event.data.get("reason", ""),
        facts=tuple(facts),
        link=_link(talk),
        link_words=_("Open the talk"),
        files=(("talk.ics", write_talks([talk], method="PUBLISH"), ICS),),
    )


def _held(talk: Talk) -> Letter | None:
    """What was decided and who does what; agenda and minutes stay on the page."""
    if talk.state == CANCELLED:
        return None
    lines = [f"{item.get_kind_display()}: {item.text}" for item in _outcomes(talk)]
    return Letter(
        subject=f"{_('What the talk settled')}: {title_of(talk.series)}",
        paragraphs=(title_of(talk.series), *(lines or [_("Nothing was decided.")])),
        link=_link(talk),
        link_words=_("Read the minutes"),
    )


def _outcomes(talk: Talk) -> list[TalkItem]:
    kinds = [Point.DECISION, Point.TASK, Point.CORRECTION]
    return list(talk.items.filter(kind__in=kinds).order_by("pk"))


def _task(event: Event, talk: Talk) -> Letter | None:
    item = talk.items.filter(pk=event.data["item"], done_at=None).first()
    if item is None:
        return None
    return Letter(
        subject=f"{_('A task from a talk')}: {item.text}",
        paragraphs=(
            _("You take this on, as settled in the talk: %(talk)s.") % {"talk": title_of(talk.series)},
            item.text,
        ),
        facts=((_("Due"), day(item.due_on)),) if item.due_on else (),
        link=_link(talk),
        link_words=_("Open the talk"),
    )


def _link(talk: Talk) -> str:
    return absolute(reverse("talks:talk", args=[talk.pk]))


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
