"""Mail about joint groups: who is brought in, what is given to do, when the group meets, what came of it."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.groups.ics import write_meeting
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting
from feedback.groups.states import DONE, GOING, PLANNED
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS
from requests_app.org.models import Person

TO_ONE = {
    "group.joined": "person", "group.task_given": "owner", "group.task_passed": "owner", "group.task_put_off": "owner",
}  # fmt: skip
MEETINGS = ("group.meeting_planned", "group.meeting_shifted", "group.meeting_cancelled")
TO_ALL = ("group.founded", "group.begun", "group.finished", "group.given_up", "group.wall_opened", "group.meeting_held")
KINDS = (*TO_ONE, "group.task_late", *MEETINGS, *TO_ALL)
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
    """Invitations also to whoever planned it, for they carry the calendar entry."""
    if event.kind in TO_ONE:
        return [pk for pk in [event.data[TO_ONE[event.kind]]] if pk != event.actor_id]
    group = JointGroup.objects.filter(pk=event.subject_id).first()
    members = group.members.current() if group else GroupMember.objects.none()
    if event.kind == "group.task_late":
        return sorted({event.data["owner"], *members.filter(leads=True).values_list("person_id", flat=True)})
    people = set(members.values_list("person_id", flat=True))
    return sorted(people if event.kind in MEETINGS else people - {event.actor_id})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not see the group any more, or when the news is none any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    group = JointGroup.objects.visible_to(mail.person).filter(pk=event.subject_id).first() if event else None
    if event is None or group is None:
        return None
    if "task" in event.data:
        return _task(event, group, mail.person)
    if "meeting" in event.data:
        return _meeting(event, group)
    return _of_group(event, group)


def _of_group(event: Event, group: JointGroup) -> Letter:
    headline = {
        "group.founded": _("You sit in a joint group"),
        "group.joined": _("You sit in a joint group"),
        "group.begun": _("A joint group begins its work"),
        "group.finished": _("A joint group has a result"),
        "group.given_up": _("A joint group was given up"),
        "group.wall_opened": _("How does the common work go? Five questions"),
    }[event.kind]
    return Letter(
        subject=f"{headline}: {group.name}",
        paragraphs=(f"{group.name}. {_('The goal:')} {group.goal}",),
        quote=event.data.get("note", ""),
        facts=((_("Until"), day(group.ends_on)),),
        link=absolute(reverse("groups:group", args=[group.pk])),
        link_words=_("Open the group"),
    )


def _task(event: Event, group: JointGroup, reader: Person) -> Letter | None:
    """None once it is done or no business of the reader; that it is late also once it has another day."""
    task = GroupTask.objects.exclude(state=DONE).select_related("owner__person").filter(pk=event.data["task"]).first()
    if task is None:
        return None
    own, late = task.owner.person_id == reader.pk, event.kind == "group.task_late"
    leads = late and group.members.current().filter(person=reader, leads=True).exists()
    if not (own or leads) or (late and (group.state not in GOING or task.due_on.isoformat() != event.data["due_on"])):
        return None
    headline = {
        "group.task_put_off": _("Another day for your task in a joint group"),
        "group.task_late": _("Your task in a joint group is late") if own else _("A task of your joint group is late"),
    }.get(event.kind, _("A task in a joint group"))
    said = _("You take this on in the group “%(name)s”.") if own else _("It is on the board of the group “%(name)s”.")
    whose = () if own else ((_("By whom"), task.owner.person.name),)
    return Letter(
        subject=f"{headline}: {task.text}",
        paragraphs=(said % {"name": group.name}, task.text),
        facts=(*whose, (_("Due"), day(task.due_on))),
        link=absolute(reverse("groups:group", args=[group.pk])),
        link_words=_("Open the board"),
    )


def _meeting(event: Event, group: JointGroup) -> Letter | None:
    meeting = Meeting.objects.select_related("group").filter(pk=event.data["meeting"]).first()
    if meeting is None:
        return None
    if event.kind == "group.meeting_held":
        lines = meeting.decisions.splitlines() or [_("Nothing was decided.")]
        words: dict[str, Any] = {"subject": _("What the meeting settled"), "link_words": _("Read the minutes")}
        return _letter_of(meeting, paragraphs=(group.name, *lines), **words)
    off = event.kind == "group.meeting_cancelled"
    then = parse_datetime(event.data.get("starts_at", "")) or meeting.starts_at
    if not off and (meeting.state != PLANNED or meeting.starts_at != then):
        return None
    headline = {
        "group.meeting_planned": _("Meeting planned"),
        "group.meeting_shifted": _("Meeting put off"),
        "group.meeting_cancelled": _("Meeting called off"),
    }[event.kind]
    minutes = ngettext("%(n)s minute", "%(n)s minutes", meeting.minutes) % {"n": meeting.minutes}
    facts = [(_("When"), f"{moment(meeting.starts_at)} · {minutes}")]
    if meeting.place:
        facts.append((_("Where"), meeting.place))
    return _letter_of(
        meeting, subject=headline, paragraphs=(group.name,), quote=event.data.get("reason", ""), facts=tuple(facts),
        link_words=_("Open the meeting"), files=(("meeting.ics", write_meeting(meeting), ICS),),
    )  # fmt: skip


def _letter_of(meeting: Meeting, *, subject: str, **words: Any) -> Letter:
    link = absolute(reverse("groups:meeting", args=[meeting.pk]))
    return Letter(subject=f"{subject}: {meeting.group.name}", link=link, **words)


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
