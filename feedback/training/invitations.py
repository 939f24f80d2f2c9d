"""A session as an .ics file for calendars on desks and phones, in the zone it is held in."""

from zoneinfo import ZoneInfo

import icalendar

from feedback.training.models import Session, Signup
from requests_app.org.models import Person

CONTENT_TYPE, NAME = "text/calendar", "training.ics"


def write_ics(session: Session, person: Person, *, url: str, cancelled: bool = False) -> bytes:
    """The invitation of `person`, or with `cancelled` what takes it out of their calendar again.

    Its number grows with each change of the session and each coming back of the person, so calendars keep one entry.
    """
    arrival = Signup.objects.filter(session=session, person=person).values_list("arrival", flat=True).first() or 0
    zone = ZoneInfo(session.zone)
    file = icalendar.Calendar()
    file.add("prodid", "-//Service desk//Training//EN")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = icalendar.Event()
    event.add("uid", f"training-{session.pk}-{person.pk}@servicedesk")
    event.add("sequence", 2 * (session.version + arrival) + cancelled)
    event.add("dtstamp", session.cancelled_at or session.starts_at)
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", session.course.name)
    event.add("description", "\n".join(part for part in (session.link, url) if part))
    event.add("location", session.place or session.link)
    event.add("url", url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    file.add_component(event)
    file.add_missing_timezones()
    return file.to_ical()
