"""Logging work on a request and putting it right; the log of events says the same in seconds."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.desk import policies
from requests_app.desk.models import ServiceRequest, WorkLog
from requests_app.desk.services.moves import lock_request
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput, check_text
from requests_app.org.models import Person

MINUTES_A_DAY = 1440
LONGEST_NOTE = 200


@transaction.atomic
def log_work(
    *,
    by: Person,
    service_request: ServiceRequest,
    minutes: int,
    day: date | None = None,
    note: str = "",
    at: datetime | None = None,
) -> WorkLog:
    """`by` worked so many minutes on a request that their department holds, on a day up to today (None: today).

    Neither the request's version nor its search text changes: the asking side could see that.
    """
    service_request = lock_request(service_request.pk)
    policies.require_log_work(by, service_request)
    now = at or timezone.now()
    _require_minutes(minutes, fewest=1)
    log = WorkLog(
        service_request=service_request,
        department_id=service_request.supplier_id,
        person=by,
        day=_worked_on(service_request, day, now),
        seconds=minutes * 60,
        note=check_text("note", note, longest=LONGEST_NOTE).strip(),
        entered_by=by,
        at=now,
    )
    return _kept(log)


@transaction.atomic
def correct_work(*, by: Person, log: WorkLog, minutes: int, at: datetime | None = None) -> WorkLog | None:
    """A stretch was `minutes` long, 0 takes it back: a row with the difference; None when there is none."""
    lock_request(log.service_request_id)
    policies.require_correct_work(by, log)
    _require_minutes(minutes, fewest=0)
    corrected = WorkLog.objects.filter(corrects=log).aggregate(seconds=Sum("seconds"))["seconds"] or 0
    difference = minutes * 60 - (log.seconds + corrected)
    if not difference:
        return None
    return _kept(
        WorkLog(
            service_request_id=log.service_request_id,
            department_id=log.department_id,
            person_id=log.person_id,
            day=log.day,
            seconds=difference,
            corrects=log,
            entered_by=by,
            at=at or timezone.now(),
        )
    )


def _kept(log: WorkLog) -> WorkLog:
    log.save(force_insert=True)
    record(
        kind="work.logged",
        subject_kind="request",
        subject_id=log.service_request_id,
        by=log.entered_by,
        at=log.at,
        data={
            "department": log.department_id,
            "person": log.person_id,
            "seconds": log.seconds,
            "day": log.day.isoformat(),
            "log": log.corrects_id or log.pk,
        },
    )
    return log


def _require_minutes(minutes: int, *, fewest: int) -> None:
    if not fewest <= minutes <= MINUTES_A_DAY:
        raise WrongInput(
            {"minutes": [_("Give whole minutes from %(fewest)d to 1440, a day at most.") % {"fewest": fewest}]}
        )


def _worked_on(service_request: ServiceRequest, day: date | None, now: datetime) -> date:
    zone = ZoneInfo(service_request.supplier.time_zone)
    today, first = now.astimezone(zone).date(), service_request.created_at.astimezone(zone).date()
    day = day or today
    if day > today:
        raise WrongInput({"day": [_("This day is still to come. Choose today or an earlier day.")]})
    if day < first:
        raise WrongInput(
            {
                "day": [
                    _("The request was filed on %(day)s. Choose that day or a later one.") % {"day": first.isoformat()}
                ]
            }
        )
    return day
