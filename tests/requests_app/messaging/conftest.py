from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from requests_app.events.services import deliver
from requests_app.messaging import services
from requests_app.messaging.models import OutgoingMail
from tests.requests_app.messaging.mailservers import MailServer


@pytest.fixture
def mail_server(settings):
    """A mail server on a socket, to which mail really goes."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def told():
    """told() → what the log has newly caused, as {(kind, name)}, after the subscriber has run."""
    seen: set[int] = set()

    def news() -> set[tuple[str, str]]:
        deliver("messaging.notices")
        rows = list(OutgoingMail.objects.exclude(pk__in=seen).select_related("person"))
        seen.update(row.pk for row in rows)
        return {(row.kind, row.person.name) for row in rows}

    return news


@pytest.fixture
def post():
    """post() → sends what waits, and answers the mails that went out since."""

    def send() -> list:
        deliver("messaging.notices")
        before = len(mail.outbox)
        services.send_waiting()
        return mail.outbox[before:]

    return send


@pytest.fixture
def due_now():
    """due_now() → makes every waiting mail due, as if its time had come."""

    def hurry() -> None:
        OutgoingMail.objects.update(next_attempt_at=timezone.now() - timedelta(days=1))

    return hurry
