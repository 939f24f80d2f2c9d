"""A meeting of a group as .ics, for the mail that invites, for who downloads it, and in the calendar of its members."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.urls import reverse

from feedback.groups.glances import meetings_of
from feedback.groups.models import Meeting
from feedback.groups.states import CANCELLED
from feedback.talks.ics import calendar_of
from feedback.talks.registry import provide_entries
from requests_app.messaging.letters import absolute
from requests_app.org.models import Person


def write_meeting(meeting: Meeting) -> bytes:
    return calendar_of([_event(meeting)], name=meeting.group.name)


def entries_for(person: Person) -> list[icalendar.Event]:
    """What the feed of the person's talks tells of joint groups. SECURITY: without who comes and what was said."""
    return [_event(meeting) for meeting in meetings_of(person)]


def register() -> None:
    """Called once, while the apps start."""
    provide_entries(entries_for)


def _event(meeting: Meeting) -> icalendar.Event:
    """On the clocks of the group's zone; a later version takes the place of an earlier one."""
    starts = meeting.starts_at.astimezone(ZoneInfo(meeting.group.zone))
    address = absolute(reverse("groups:meeting", args=[meeting.pk]))
    event = icalendar.Event()
    for name, value in {
        "uid": f"group-meeting-{meeting.pk}@servicedesk", "sequence": meeting.version,
        "dtstamp": meeting.held_at or meeting.starts_at, "dtstart": starts,
        "dtend": starts + timedelta(minutes=meeting.minutes), "summary": meeting.group.name, "description": address,
        "url": address, "status": "CANCELLED" if meeting.state == CANCELLED else "CONFIRMED",
    }.items():  # fmt: skip
        event.add(name, value)
    if meeting.place:
        event.add("location", meeting.place)
    return event
