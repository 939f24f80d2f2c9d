"""What comes near is told once: a session the day before, a certificate a month before it expires."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from feedback.training.models import Certificate, Session
from feedback.training.services import lock_session, record_session
from requests_app.events.services import record

SESSION_BEFORE, CERTIFICATE_BEFORE = timedelta(days=1), timedelta(days=30)


def tell_what_is_near(*, now: datetime | None = None) -> tuple[int, int]:
    """Say of sessions that they begin within a day, and of certificates that they expire within a month; how many.

    A session that was moved is told anew. Certificates after which a later one was got are passed over. Safe twice.
    """
    now = now or timezone.now()
    today = now.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
    near = Session.objects.filter(cancelled_at=None, reminded_at=None, starts_at__gt=now)
    near = near.filter(starts_at__lte=now + SESSION_BEFORE).order_by("pk")
    return (
        sum(_tell_session(pk, now) for pk in near.values_list("pk", flat=True)),
        sum(_tell_certificate(pk, now) for pk in _expiring(today)),
    )


def _expiring(today: date) -> list[int]:
    later = Certificate.objects.filter(
        course=OuterRef("course"), person=OuterRef("person"), valid_until__gt=OuterRef("valid_until")
    )
    rows = Certificate.objects.filter(reminded_at=None, valid_until__gte=today, person__is_active=True)
    rows = rows.filter(~Exists(later), valid_until__lte=today + CERTIFICATE_BEFORE, course__is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell_session(pk: int, now: datetime) -> bool:
    """The mark and the event commit together, so nothing is told twice."""
    session = lock_session(pk)
    near = now < session.starts_at <= now + SESSION_BEFORE
    if session.reminded_at is not None or session.cancelled_at is not None or not near:
        return False
    session.reminded_at = now
    session.save(update_fields=["reminded_at"])
    record_session("training.near", session, None, now)
    return True


@transaction.atomic
def _tell_certificate(pk: int, now: datetime) -> bool:
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("signup")
    certificate = rows.get(pk=pk)
    if certificate.reminded_at is not None:
        return False
    certificate.reminded_at = now
    certificate.save(update_fields=["reminded_at"])
    signup = certificate.signup
    data = {"course": certificate.course_id, "department": signup.department_id, "person": certificate.person_id}
    data |= {"signup": signup.pk, "certificate": certificate.pk}
    record(kind="training.expiring", subject_kind="training", subject_id=signup.session_id, at=now, data=data)
    return True
