"""A meeting of a group as .ics, for the mail that invites and for who downloads it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.urls import reverse

from feedback.groups.models import Meeting
from feedback.groups.states import CANCELLED
from feedback.talks.ics import calendar_of
from requests_app.messaging.letters import absolute


def write_meeting(meeting: Meeting) -> bytes:
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
    return calendar_of([event], name=meeting.group.name)
