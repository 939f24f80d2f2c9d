"""Talks as .ics: the invitation that goes with a mail, and the feed that calendars follow by a link.

The link is the key: whoever holds it reads when and with whom its owner talks or meets, nothing else. It is derived
from the owner's sign-in, so a new password makes a new link.
"""

import hmac
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from feedback.talks.models import Talk
from feedback.talks.selectors import leader_of
from feedback.talks.states import CANCELLED
from feedback.talks.wording import title_of
from requests_app.messaging.letters import absolute
from requests_app.org.models import Person

SALT = "feedback.talks.feed"


def feed_key(person: Person) -> str:
    digest = salted_hmac(SALT, f"{person.pk}:{person.get_session_auth_hash()}", algorithm="sha256").hexdigest()
    return f"{person.pk}-{digest}"


def feed_owner(key: str) -> Person | None:
    """Whose feed this is; None for a key that is wrong or of somebody who is gone."""
    pk, _dash, _digest = key.partition("-")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 15:
        return None
    person = Person.objects.filter(pk=int(pk), is_active=True).first()
    return person if person is not None and hmac.compare_digest(feed_key(person).encode(), key.encode()) else None


def write_talks(talks: Iterable[Talk], more: Iterable[icalendar.Event] = ()) -> bytes:
    """A calendar of these talks and `more`; times on the clocks of their series. SECURITY: without who comes."""
    return calendar_of([*(_event(talk) for talk in talks), *more], name=_("Talks"))


def write_invitation(talk: Talk, people: Iterable[Person], *, called_off: bool = False) -> bytes:
    """What mail programs answer with yes or no, or with `called_off` what takes it out of a calendar again.

    The answers go to whoever leads the talk. `people`: whom it names; of somebody who is left out, only them.
    """
    event, leader = _event(talk), leader_of(talk.series)
    organizer = icalendar.vCalAddress(f"mailto:{leader.email}")
    organizer.params["CN"] = icalendar.vText(leader.name)
    event["organizer"] = organizer
    for person in people:
        attendee = icalendar.vCalAddress(f"mailto:{person.email}")
        attendee.params["CN"] = icalendar.vText(person.name)
        attendee.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = icalendar.vText("ACCEPTED" if person.pk == leader.pk else "NEEDS-ACTION")
        attendee.params["RSVP"] = icalendar.vText("TRUE")
        event.add("attendee", attendee, encode=False)
    event["status"] = icalendar.vText("CANCELLED" if called_off else "CONFIRMED")
    return calendar_of([event], name=_("Talks"), method="CANCEL" if called_off else "REQUEST")


def calendar_of(events: Iterable[icalendar.Event], *, name: str, method: str = "PUBLISH") -> bytes:
    """A file of these entries, with the time zones that they name."""
    file = icalendar.Calendar()
    for key, value in {
        "prodid": "-//Service desk//Talks//EN", "version": "2.0", "calscale": "GREGORIAN", "method": method,
        "x-wr-calname": name,
    }.items():  # fmt: skip
        file.add(key, value)
    for event in events:
        file.add_component(event)
    file.add_missing_timezones()
    return file.to_ical()


def _event(talk: Talk) -> icalendar.Event:
    """The same talk keeps its UID; a later version of it or of its series takes the place of an earlier one."""
    starts = talk.starts_at.astimezone(ZoneInfo(talk.series.zone))
    address = absolute(reverse("talks:talk", args=[talk.pk]))
    event = icalendar.Event()
    event.add("uid", f"talk-{talk.pk}@servicedesk")
    event.add("sequence", talk.version + talk.series.version - 1)
    event.add("dtstamp", talk.ended_at or talk.begun_at or talk.starts_at)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=talk.series.minutes))
    event.add("summary", title_of(talk.series))
    event.add("description", address)
    event.add("url", address)
    if talk.series.place:
        event.add("location", talk.series.place)
    event.add("status", "CANCELLED" if talk.state == CANCELLED else "CONFIRMED")
    return event
