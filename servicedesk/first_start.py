"""What an installation needs before the first request: hours to promise in, and a promise."""

from django.conf import settings
from django.db import transaction

from feedback.actions.causes import ensure_causes
from requests_app.agreements.services import ensure_company_default
from requests_app.calendars.services import ensure_default_calendar


@transaction.atomic
def ensure_defaults() -> None:
    """Safe to repeat: what admins have set since stays as it is."""
    ensure_default_calendar(zone=settings.COMPANY_TIME_ZONE)
    ensure_company_default()
    ensure_causes()
