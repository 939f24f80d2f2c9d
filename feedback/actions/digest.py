"""Heads are mailed once a day which low ratings of the day before they could follow to their cause."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.actions.proposals import proposals_for
from feedback.ratings.models import Rating
from feedback.ratings.states import LOW
from requests_app.kernel.formats import day as day_words
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all

KIND = "action.proposed"
AT = 7  # o'clock, on the clocks of the company
DAYS_BACK = 3  # mails of days on which nothing ran are made up for


@transaction.atomic
def queue_digests(*, now: datetime | None = None) -> int:
    """A mail a day to each head whose department got a low rating with words; for how many. Safe to run twice."""
    now = (now or timezone.now()).astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE))
    last = now.date() - timedelta(days=1 if now.hour >= AT else 2)
    wanted = {
        (day, head)
        for day in (last - timedelta(days=back) for back in range(DAYS_BACK))
        for supplier in _rated_low(day)
        for head in heads_of(supplier)
    }
    queue_all(
        mail_row(KIND, head, f"{KIND}:{day}:{head}", None, {"day": day.isoformat()}) for day, head in sorted(wanted)
    )
    return len(wanted)


def _bounds(day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.COMPANY_TIME_ZONE)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _rated_low(day: date) -> list[int]:
    first, end = _bounds(day)
    rows = Rating.objects.filter(share_with_team=True, overall__lte=LOW, given_at__gte=first, given_at__lt=end)
    return sorted(set(rows.exclude(comment="").values_list("supplier_id", flat=True)))


def write_letter(mail: OutgoingMail) -> Letter | None:
    """What stands on the desk of its reader of that day; None when it was all followed up. Numbers only, no titles."""
    day = date.fromisoformat(mail.data["day"])
    first, end = _bounds(day)
    rows = [row for row in proposals_for(mail.person) if first <= row.given_at < end]
    if not rows:
        return None
    headline = ngettext("A low rating to follow up", "%(n)s low ratings to follow up", len(rows)) % {"n": len(rows)}
    score = _("%(score)s of 5")
    return Letter(
        subject=f"{headline}: {day_words(day)}",
        paragraphs=(_("Follow each to its cause with a corrective action, or leave it. Both are on your desk."),),
        facts=tuple((row.service_request.number, score % {"score": row.overall}) for row in rows),
        link=absolute(reverse("desk:home")),
        link_words=_("Open my desk"),
    )


def register() -> None:
    """Called once, while the apps start."""
    write_with(KIND, write_letter)
