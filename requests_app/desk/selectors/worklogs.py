"""The work logged on a request, for the side that did it: stretches with their corrections added in."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404

from requests_app.desk import policies
from requests_app.desk.models import ServiceRequest, WorkLog
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import standing


@dataclass
class Worked:
    """One stretch as it stands: `seconds` after all corrections."""

    pk: int
    person: Person
    department_id: int
    day: date
    seconds: int
    note: str
    at: datetime
    corrected: bool = False
    may_correct: bool = False

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)


@dataclass(frozen=True)
class Work:
    """All of it, the latest day first; `may_log`: whether the reader may add to it."""

    rows: list[Worked] = field(default_factory=list)
    may_log: bool = False

    @property
    def seconds(self) -> int:
        return sum(row.seconds for row in self.rows)

    @property
    def is_there(self) -> bool:
        return bool(self.rows) or self.may_log


def work_on(person: Person, row: ServiceRequest) -> Work:
    """Everything logged on a request, taken back stretches left out. One query; the reader may see internal notes."""
    stretches: dict[int, Worked] = {}
    for log in _logged(request_id=row.pk):
        if log.corrects_id is None:
            stretches[log.pk] = Worked(log.pk, log.person, log.department_id, log.day, log.seconds, log.note, log.at)
        elif log.corrects_id in stretches:
            stretch = stretches[log.corrects_id]
            stretch.seconds, stretch.corrected = stretch.seconds + log.seconds, True
    hats = standing(person)
    for stretch in stretches.values():
        stretch.may_correct = policies.is_of(hats, stretch.person.pk, stretch.department_id)
    left = [stretch for stretch in stretches.values() if stretch.seconds]
    return Work(sorted(left, key=lambda one: (one.day, one.at), reverse=True), policies.may_log_work(person, row))


@written_once
def _logged(*, request_id: int) -> QuerySet[WorkLog]:
    rows = WorkLog.objects.filter(service_request_id=request_id).select_related("person")
    return rows.order_by("at", "pk")


def require_work(person: Person, row: ServiceRequest) -> Work:
    """For whoever may read internal notes; for everybody else there is no such thing."""
    if not policies.can_see_internal(person, row):
        raise Http404
    return work_on(person, row)


def get_worklog(*, person: Person, row: ServiceRequest, pk: int) -> WorkLog:
    """A stretch that is there to be corrected."""
    found = WorkLog.objects.filter(service_request=row, pk=pk, corrects=None).first()
    if found is None or not policies.can_see_internal(person, row):
        raise Http404
    return found
