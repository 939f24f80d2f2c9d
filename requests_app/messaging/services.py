"""Queueing mail with the change it tells of, and sending it later, each once."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.desk.states import Channel
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError
from requests_app.messaging import envelopes, selectors, states
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.states import MailState
from requests_app.org.models import Person
from requests_app.org.policies import require_admin

log = logging.getLogger(__name__)


def queue_mail(
    *, kind: str, person_id: int, dedupe_key: str, service_request_id: int | None = None, data: dict | None = None
) -> None:
    """One mail to one person; a second call with the same key changes nothing. Call inside a transaction."""
    queue_all([mail_row(kind, person_id, dedupe_key, service_request_id, data or {})])


def queue_all(mails: Iterable[OutgoingMail]) -> None:
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)


def mail_row(kind: str, person_id: int, key: str, service_request_id: int | None, data: dict) -> OutgoingMail:
    return OutgoingMail(
        kind=kind,
        person_id=person_id,
        dedupe_key=key,
        service_request_id=service_request_id,
        data=data,
        # Stays the same however often the mail is tried, so a mail server that got it twice shows it once.
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>",
    )


def queue_notices(events: list[Event], *, now: datetime | None = None) -> None:
    """A mail row for everybody to whom one of the events is news. Safe to run twice."""
    oldest = (now or timezone.now()) - timedelta(days=states.NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    service_requests = selectors.requests_of(events) if events else {}
    mails = []
    for event in events:
        service_request = service_requests.get(event.subject_id)
        if service_request is None or service_request.channel == Channel.IMPORT:
            continue
        for person_id in selectors.readers_of(event, service_request):
            key = f"{event.kind}:{event.pk}:{person_id}"
            mails.append(mail_row(event.kind, person_id, key, service_request.pk, {"event": event.pk}))
    queue_all(mails)


def send_waiting(*, most: int = 200) -> int:
    """Send what is due, one after the other over one connection; how many rows were dealt with.

    No transaction is open while the mail server is spoken to. A worker that dies after the server took the
    mail and before the row says so leads to one more sending, with the same Message-ID.
    """
    connection = get_connection()
    done = 0
    try:
        while done < most:
            mail = _claim()
            if mail is None:
                break
            done += 1
            if not _deal_with(mail, connection):
                break
    finally:
        _hang_up(connection)
    return done


@transaction.atomic
def _claim() -> OutgoingMail | None:
    """The next due row, its attempt counted and its lease taken before anything is sent."""
    due = OutgoingMail.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=Now())
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    mail = rows.order_by("next_attempt_at", "pk").first()
    if mail:
        mail.attempts += 1
        OutgoingMail.objects.filter(pk=mail.pk).update(
            attempts=mail.attempts, next_attempt_at=timezone.now() + timedelta(seconds=states.LEASE_SECONDS)
        )
    return mail


def _deal_with(mail: OutgoingMail, connection: BaseEmailBackend) -> bool:
    """False when the mail server is away, so that trying the next mail would only cost time."""
    message = _message_for(mail)
    if message is None:
        return True
    try:
        connection.send_messages([message])
    except Exception as error:  # whatever the mail server or the way to it does
        _refused(mail, error)
        return states.is_about_one_mail(error)
    _settle(mail, state=MailState.SENT, sent_at=Now(), address=message.to[0], subject=message.subject[:200])
    return True


def _message_for(mail: OutgoingMail) -> EmailMultiAlternatives | None:
    """What is to be sent; None when the row is settled without sending."""
    if mail.attempts > states.MOST_ATTEMPTS:
        _give_up(mail, "The worker ended at every try.")
        return None
    if not _can_be_reached(mail.person):
        _give_up(mail, "The address is not one that mail can be sent to.")
        return None
    try:
        message = envelopes.message_of(mail) if mail.person.is_active else None
    except Exception as error:  # one mail that cannot be written must not stop the others
        log.exception("mail %s cannot be written", mail.pk)
        _put_back(mail, error)
        return None
    if message is None:
        _settle(mail, state=MailState.WITHHELD)
    return message


def _can_be_reached(person: Person) -> bool:
    """SECURITY: exactly one plain address, whatever got into the row; no list of them, no further header."""
    try:
        validate_email(person.email)
    except ValidationError:
        return False
    return True


def _refused(mail: OutgoingMail, error: Exception) -> None:
    log.warning("mail %s was not taken: %s", mail.pk, error)
    if states.is_permanent(error):
        _give_up(mail, _words(error))
    else:
        _put_back(mail, error)


def _put_back(mail: OutgoingMail, error: Exception) -> None:
    pause = states.pause_after(mail.attempts)
    if pause is None:
        _give_up(mail, _words(error))
        return
    _settle(mail, next_attempt_at=timezone.now() + timedelta(seconds=pause), last_error=_words(error))


def _give_up(mail: OutgoingMail, words: str) -> None:
    _settle(mail, state=MailState.FAILED, last_error=words)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]


def _settle(mail: OutgoingMail, **values: Any) -> None:
    """Only the attempt that still holds the lease may say how it went."""
    OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=MailState.QUEUED).update(**values)


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception as error:  # the mails are sent; how the talk ended does not matter
        log.info("the mail server hung up: %s", error)


@transaction.atomic
def retry_mail(*, by: Person, mail_id: int) -> None:
    """Put a mail that was given up back in line (admins)."""
    require_admin(by)
    found = OutgoingMail.objects.filter(pk=mail_id, state=MailState.FAILED)
    if not found.update(state=MailState.QUEUED, attempts=0, next_attempt_at=Now(), last_error=""):
        raise DomainError(_("This mail is not waiting for anybody any more."))
