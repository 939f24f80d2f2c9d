"""Subscribing to reports, and queueing those that are due, each once."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.states import SPANS
from metrics.reports.models import ReportSubscription
from metrics.reports.selectors import get_subscription
from metrics.reports.states import SENT_AT, Form, Rhythm, next_day
from metrics.rollups.policies import require_sight
from metrics.rollups.states import Side
from requests_app.calendars.selectors import current_version_id, day_rule_of
from requests_app.kernel.errors import IllegalMove, WrongInput
from requests_app.messaging.services import queue_mail
from requests_app.org.models import Department, Person

KIND = "report.due"
MOST = 50  # of one person


@transaction.atomic
def subscribe(
    *, by: Person, department: Department, side: str, form: str, rhythm: str, span: str, now: datetime | None = None
) -> ReportSubscription:
    """The report comes to whoever asks, the first time on the next day of its rhythm. Asked twice it comes once."""
    require_sight(by, department)
    known = {"side": Side.ALL, "form": Form.values, "rhythm": Rhythm.values, "span": sorted(SPANS)}
    given = {"side": side, "form": form, "rhythm": rhythm, "span": span}
    wrong = {
        name: [_("Choose one of: %(c)s.") % {"c": ", ".join(known[name])}]
        for name, value in given.items()
        if value not in known[name]
    }
    if wrong:
        raise WrongInput(wrong)
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
    mine = ReportSubscription.objects.filter(person=by)
    found = mine.filter(department=department, **given).first()
    if found:
        return found
    if mine.count() >= MOST:
        raise IllegalMove(_("You get %(n)s reports already. Stop one of them first.") % {"n": MOST})
    due = due_after(department, rhythm, now or timezone.now())
    return ReportSubscription.objects.create(person=by, department=department, due_at=due, **given)


@transaction.atomic
def stop_subscription(*, by: Person, pk: int) -> None:
    """Http404 for one of somebody else."""
    get_subscription(person=by, pk=pk).delete()


def due_after(department: Department, rhythm: str, now: datetime) -> datetime:
    """The next instant at which a report of this department is due, in its zone and by its calendar."""
    zone = ZoneInfo(department.time_zone)
    day = next_day(rhythm, now.astimezone(zone).date(), _works(department))
    return datetime.combine(day, SENT_AT, zone).astimezone(timezone.get_default_timezone())


def _works(department: Department) -> Callable[[date], bool]:
    return day_rule_of(current_version_id(department.calendar_id)).counts


def queue_due_reports(now: datetime | None = None) -> int:
    """A mail for each report that is due; how many. What was missed during an outage comes once, not once a day."""
    now = now or timezone.now()
    due = ReportSubscription.objects.filter(due_at__lte=now).order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(_queue(pk, now) for pk in list(due))


@transaction.atomic
def _queue(pk: int, now: datetime) -> bool:
    rows = ReportSubscription.objects.select_for_update(of=("self",), skip_locked=True).select_related("department")
    found = rows.filter(pk=pk, due_at__lte=now).first()
    if found is None:
        return False
    queue_mail(
        kind=KIND,
        person_id=found.person_id,
        dedupe_key=f"{KIND}:{pk}:{found.due_at.isoformat()}",
        data={"subscription": pk},
    )
    found.due_at = due_after(found.department, found.rhythm, now)
    found.save(update_fields=["due_at"])
    return True
