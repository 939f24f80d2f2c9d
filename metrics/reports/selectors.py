"""Reports for one reader, and which of them come to whom by mail."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from metrics.charts.policies import require_chart
from metrics.charts.states import can_be_charted
from metrics.relations.policies import require_relation
from metrics.reports.models import ReportSubscription
from metrics.reports.states import Asked, Report
from metrics.reports.subjects import SUBJECTS, Subject
from metrics.rollups import policies
from metrics.scorecard.policies import require_scorecard
from requests_app.org.models import Department, Person
from requests_app.org.selectors import get_department


def get_subject(key: str) -> Subject:
    """What a report may be about, or 404."""
    if key not in SUBJECTS:
        raise Http404
    return SUBJECTS[key]


def report_on(
    *,
    person: Person,
    subject: str,
    slug: str = "",
    more: Mapping[str, str] | None = None,
    choice: str = "",
    start: str = "",
    end: str = "",
    now: datetime | None = None,
) -> Report:
    """What the page of this subject shows this reader. Refuses as that page does: 404, NotAllowed, WrongInput.

    `slug` is the department's; `more` holds the rest of what the page is asked for, by name.
    """
    asked = Asked(person, slug, dict(more or {}), choice, start, end, now or timezone.now())
    return get_subject(subject).build(asked)


def subscriptions_of(person: Person) -> QuerySet[ReportSubscription]:
    """What comes to this person by mail."""
    rows = ReportSubscription.objects.filter(person=person).select_related("department")
    return rows.order_by("department__name", "subject", "pk")


def get_subscription(*, person: Person, pk: int) -> ReportSubscription:
    """One of the reader's own; those of others are not there."""
    found = subscriptions_of(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def title_of(row: ReportSubscription) -> str:
    """What a report that comes by mail is called in a list."""
    return SUBJECTS[row.subject].title(row.department.name if row.department else "", row.more)


def address_of(row: ReportSubscription) -> str:
    """The page that shows the same, with its parameters."""
    return SUBJECTS[row.subject].address(row.department.slug if row.department else "", row.more, row.span)


def mails_of(row: ReportSubscription) -> str:
    """The page on which it was asked for."""
    subject = SUBJECTS[row.subject]
    names = {"slug": row.department.slug} if row.department else {}
    return reverse(f"reports:{row.subject}_by_mail", kwargs=names | {part: row.more[part] for part in subject.parts})


def require_subject(*, person: Person, subject: str, department: Department | None, more: Mapping[str, str]) -> None:
    """As the page itself refuses, without making it."""
    if department is None:
        policies.require_company(person)
    elif subject == "scorecard":
        require_scorecard(person, department)
    elif subject == "relation":
        other = get_department(person=person, slug=more["other"])
        if other == department:
            raise Http404
        require_relation(person, department, other)
    elif subject == "chart":
        if not can_be_charted(more["figure"]):
            raise Http404
        require_chart(person, department, more["figure"], None, finer=False)
    else:
        policies.require_sight(person, department)
