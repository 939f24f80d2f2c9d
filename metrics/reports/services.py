"""Subscribing to reports, and queueing those that are due, each once."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.states import SPANS
from metrics.reports.models import ReportSubscription
from metrics.reports.selectors import get_subscription, report_on
from metrics.reports.states import ABOUT, OF_COMPANY, SENT_AT, Form, Rhythm, next_day
from metrics.reports.subjects import SUBJECTS
from requests_app.calendars.selectors import current_version_id, day_rule_of
from requests_app.kernel.errors import IllegalMove, WrongInput
from requests_app.messaging.services import queue_mail
from requests_app.org.models import Department, Person

KIND = "report.due"
MOST = 50  # of one person


@transaction.atomic
def subscribe(
    *,
    by: Person,
    subject: str,
    form: str,
    rhythm: str,
    span: str,
    department: Department | None = None,
    more: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> ReportSubscription:
    """The report comes to whoever asks, the first time on the next day of its rhythm. Asked twice it comes once.

    It is made once here, so that what cannot be or is not theirs is refused now, and not by a mail that never comes.
    """
    known = {"subject": ABOUT, "form": Form.values, "rhythm": Rhythm.values, "span": sorted(SPANS)}
    given = {"subject": subject, "form": form, "rhythm": rhythm, "span": span}
    wrong = {
        name: [_("Choose one of: %(c)s.") % {"c": ", ".join(known[name])}]
        for name, value in given.items()
        if value not in known[name]
    }
    if not wrong and (department is None) != (subject in OF_COMPANY):
        wrong = {"department": [_("Give the slug of a department, or none for the whole company.")]}
    if wrong:
        raise WrongInput(wrong)
    kept = {name: value for name, value in (more or {}).items() if value and name in SUBJECTS[subject].takes}
    now = now or timezone.now()
    slug = department.slug if department else ""
    report_on(person=by, subject=subject, slug=slug, more=kept, choice=span, now=now)
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    mine = ReportSubscription.objects.filter(person=by)
    found = mine.filter(department=department, more=kept, **given).first()
    if found:
        return found
    if mine.count() >= MOST:
        raise IllegalMove(_("You get %(n)s reports already. Stop one of them first.") % {"n": MOST})
    due = due_after(by, department, rhythm, now)
    return ReportSubscription.objects.create(person=by, department=department, more=kept, due_at=due, **given)


@transaction.atomic
def stop_subscription(*, by: Person, pk: int) -> None:
    """Http404 for one of somebody else."""
    get_subscription(person=by, pk=pk).delete()


def due_after(person: Person, department: Department | None, rhythm: str, now: datetime) -> datetime:
    """The next instant at which a report is due: on a day that its reader works, at seven on the reader's walls.

    The reader's calendar is that of their home department; who has none goes by the report's, then the company's.
    """
    home = Department.objects.filter(memberships__person=person, memberships__home=True).first() or department
    zone = ZoneInfo(person.time_zone or (home.time_zone if home else settings.COMPANY_TIME_ZONE))
    works = day_rule_of(current_version_id(home.calendar_id if home else None)).counts
    day = next_day(rhythm, now.astimezone(zone).date(), works)
    return datetime.combine(day, SENT_AT, zone).astimezone(timezone.get_default_timezone())


def queue_due_reports(now: datetime | None = None) -> int:
    """A mail for each report that is due; how many. What was missed during an outage comes once, not once a day."""
    now = now or timezone.now()
    due = ReportSubscription.objects.filter(due_at__lte=now).order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(_queue(pk, now) for pk in list(due))


@transaction.atomic
def _queue(pk: int, now: datetime) -> bool:
    rows = ReportSubscription.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "person", "department"
    )
    found = rows.filter(pk=pk, due_at__lte=now).first()
    if found is None:
        return False
    queue_mail(
        kind=KIND,
        person_id=found.person_id,
        dedupe_key=f"{KIND}:{pk}:{found.due_at.isoformat()}",
        data={"subscription": pk},
    )
    found.due_at = due_after(found.person, found.department, found.rhythm, now)
    found.save(update_fields=["due_at"])
    return True
