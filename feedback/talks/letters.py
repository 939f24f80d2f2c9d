"""Mail about talks: the invitation with its calendar entry, what was settled, and the task one is given."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.talks.ics import write_invitation
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
from requests_app.org.models import Person

KINDS = (
    "meeting.changed", "meeting.planned", "meeting.shifted", "meeting.cancelled", "meeting.near", "meeting.held",
    "meeting.noted", "meeting.task_late",
)  # fmt: skip
INVITING = ("meeting.planned", "meeting.shifted", "meeting.cancelled", "meeting.near")
ENTRY = ("minutes", "place")  # what stands in calendars besides the time
ICS = "text/calendar; charset=utf-8; method={}".format


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
    if event.kind in ("meeting.noted", "meeting.task_late"):
        owner = event.data.get("owner")
        return [owner] if owner and owner != event.actor_id else []
    series = TalkSeries.objects.filter(pk=event.data["series"]).first()
    people = {person.pk for person in attending(series)} if series else set()
    if event.kind == "meeting.changed":
        before, after = event.data["before"], event.data["after"]
        moved = any(before.get(name) != after.get(name) for name in ENTRY)
        changed = set(before["people"]) ^ set(after["people"])
        return sorted(people | changed if moved else changed - (people & set(before["people"])))
    return sorted(people if event.kind in INVITING else people - {event.actor_id})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read the talk any more, or when the news is none any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    if event is None:
        return None
    rows = Talk.objects.visible_to(mail.person).select_related(
        "series__supplier", "series__customer", "series__created_by"
    )
    if event.kind == "meeting.changed":
        talk = rows.filter(series=event.subject_id, state=PLANNED).first()
    else:
        talk = rows.filter(pk=event.subject_id).first()
    if event.kind == "meeting.changed" and mail.person_id in set(event.data["before"]["people"]):
        left = _left_out(event, mail.person)
        if left is not None:
            return left
    if talk is None:
        return None
    if event.kind in ("meeting.noted", "meeting.task_late"):
        return _task(event, talk)
    if event.kind == "meeting.held":
        return _held(talk)
    return _invitation(event, talk, mail.person)


def _left_out(event: Event, person: Person) -> Letter | None:
    """For somebody who was invited and is not any more, though nothing else of the talks is theirs to read."""
    rows = Talk.objects.filter(series=event.subject_id, state=PLANNED)
    talk = rows.select_related("series__supplier", "series__customer", "series__created_by").first()
    if talk is None or person.pk in {one.pk for one in attending(talk.series)}:
        return None
    headline, title = _("You are no longer invited"), title_of(talk.series)
    return Letter(
        subject=f"{headline}: {title}",
        paragraphs=(title, _("The attached file takes it out of your calendar.")),
        facts=((_("When"), moment(talk.starts_at)),),
        link=absolute(reverse("talks:list")),
        link_words=_("Open your talks"),
        files=(("talk.ics", write_invitation(talk, [person], called_off=True), ICS("CANCEL")),),
    )


def _invitation(event: Event, talk: Talk, person: Person) -> Letter | None:
    off = event.kind == "meeting.cancelled"
    then = parse_datetime(event.data.get("starts_at", "")) or talk.starts_at
    if not off and (talk.state not in OPEN or talk.starts_at != then):
        return None
    n = talk.series.minutes
    minutes = ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    facts = [(_("When"), f"{moment(talk.starts_at)} · {minutes}")]
    if talk.series.place:
        facts.append((_("Where"), talk.series.place))
    said = _("It does not take place.") if off else _("The agenda is written from the data; add your points before.")
    file = write_invitation(talk, attending(talk.series), called_off=off)
    return Letter(
        subject=f"{_headline(event, person)}: {title_of(talk.series)}",
        paragraphs=(title_of(talk.series), said),
        quote=event.data.get("reason", ""),
        facts=tuple(facts),
        link=_link(talk),
        link_words=_("Open the talk"),
        files=() if event.kind == "meeting.near" else (("talk.ics", file, ICS("CANCEL" if off else "REQUEST")),),
    )


def _headline(event: Event, person: Person) -> str:
    if event.kind == "meeting.changed" and person.pk in set(event.data["after"]["people"]) - set(
        event.data["before"]["people"]
    ):
        return _("Talk planned")
    return {
        "meeting.changed": _("Talk changed"),
        "meeting.planned": _("Talk planned"),
        "meeting.shifted": _("Talk put off"),
        "meeting.cancelled": _("Talk called off"),
        "meeting.near": _("A reminder: you talk soon"),
    }[event.kind]


def _held(talk: Talk) -> Letter | None:
    """What was decided and who does what; agenda and minutes stay on the page."""
    if talk.state == CANCELLED:
        return None
    lines = [f"{item.get_kind_display()}: {item.text}" for item in _outcomes(talk)]
    headline = _("What the talk settled")
    return Letter(
        subject=f"{headline}: {title_of(talk.series)}",
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
    late = event.kind == "meeting.task_late"
    headline = _("Your task from a talk is late") if late else _("A task from a talk")
    return Letter(
        subject=f"{headline}: {item.text}",
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
