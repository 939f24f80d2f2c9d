"""From a row to a message as it goes over the wire: the reader's language and zone, safe headers, two bodies."""

import contextlib
import re
import zoneinfo
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import ENCLOSERS, WRITERS, Letter
from requests_app.messaging.states import one_line
from requests_app.org.models import Person

ANSWERED = ("method=REQUEST", "method=CANCEL")  # calendar files that are an invitation, or take one back
METHOD = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)


class _Message(EmailMultiAlternatives):
    """With the method of calendar files in the head of their part, which is where mail programs look for it."""

    def message(self, *args: Any, **options: Any) -> Any:
        made = super().message(*args, **options)
        for part in made.walk():
            content: Any = part.get_payload(decode=True) if part.get_content_type() == "text/calendar" else b""
            if method := METHOD.search(content.decode()):
                part.set_param("method", method[1])
        return made


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives | None:
    """The mail in its reader's words, or None when there is nothing to tell (any more)."""
    with speaking_to(mail.person):
        letter = WRITERS[mail.kind](mail)
        if letter is None:
            return None
        encloser = ENCLOSERS.get(mail.kind)
        choices = letter.choices or (encloser(mail) if encloser else None)
        context = {"letter": letter, "choices": choices, "language": translation.get_language()}
        message = _Message(
            subject=_subject(mail, letter),
            body=render_to_string("emails/letter.txt", context),
            to=[mail.person.email],
            headers=_headers(mail),
        )
        message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
        for name, content, content_type in letter.files:
            message.attach(name, content, content_type)
            if content_type.endswith(ANSWERED):  # as one more reading of the mail, which calendars draw with buttons
                message.attach_alternative(content.decode(), content_type)
        return message


@contextlib.contextmanager
def speaking_to(person: Person) -> Iterator[None]:
    """The person's language and zone, else the installation's."""
    offered = dict(settings.LANGUAGES)
    language = person.language if person.language in offered else settings.LANGUAGE_CODE
    try:
        zone = zoneinfo.ZoneInfo(person.time_zone or settings.COMPANY_TIME_ZONE)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        zone = zoneinfo.ZoneInfo(settings.COMPANY_TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        yield


def _subject(mail: OutgoingMail, letter: Letter) -> str:
    number = f"[{mail.service_request.number}] " if mail.service_request else ""
    return number + one_line(letter.subject)


def _headers(mail: OutgoingMail) -> dict[str, str]:
    """No other machine answers this (no loops), and mail programs keep one request in one thread."""
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if mail.service_request_id:
        # Not guessable from outside, though nothing may ever be believed because of it.
        root = salted_hmac("requests_app.messaging.thread", str(mail.service_request_id), algorithm="sha256")
        thread = f"<{root.hexdigest()[:32]}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"
        headers |= {"In-Reply-To": thread, "References": thread}
    return headers
