"""Open requests that run by something older: by former hours of a calendar, or by what a newer agreement replaces."""

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from requests_app.agreements.models import Agreement, Target
from requests_app.agreements.selectors import specificity
from requests_app.calendars.models import Calendar
from requests_app.desk.models import Clock, Handoff
from requests_app.desk.states import OPEN, HandoffState

Rule = Calendar | Agreement  # what clocks are measured by


def outdated(rule: Rule) -> QuerySet[Clock]:
    """The running clocks of open requests that would be measured otherwise if they followed `rule` as it is now.

    A deadline that came with an import belongs to no agreement; it is a date, whatever the rules.
    """
    running = Clock.objects.filter(stopped_at=None, agreement__isnull=False, service_request__status__in=OPEN)
    return _by_older_hours(running, rule) if isinstance(rule, Calendar) else _by_older_terms(running, rule)


def _by_older_hours(running: QuerySet[Clock], calendar: Calendar) -> QuerySet[Clock]:
    return running.filter(calendar_version__calendar=calendar).exclude(calendar_version=calendar.current)


def _by_older_terms(running: QuerySet[Clock], agreement: Agreement) -> QuerySet[Clock]:
    """The customers' clocks of the requests it is for, where it promises something and nothing more specific holds."""
    promised = Target.objects.filter(
        agreement=agreement, measure=OuterRef("measure"), priority=OuterRef("service_request__priority")
    )
    rows = running.filter(Exists(promised), holder=None).exclude(agreement=agreement)
    if agreement.customer_id:
        rows = rows.filter(service_request__customer=agreement.customer_id)
    if agreement.service_id:
        rows = rows.filter(service_request__service=agreement.service_id)
    if agreement.supplier_id:
        # Whoever took a request over, the promise is the first supplier's.
        passed_on = Handoff.objects.filter(service_request=OuterRef("service_request"), state=HandoffState.ACCEPTED)
        first = Subquery(passed_on.order_by("answered_at", "pk").values("sender_id")[:1])
        rows = rows.annotate(
            promiser=Coalesce(first, F("service_request__supplier_id"), output_field=BigIntegerField())
        )
        rows = rows.filter(promiser=agreement.supplier_id)
    return rows.filter(agreement__in=_giving_way(rows, agreement))


def _giving_way(rows: QuerySet[Clock], agreement: Agreement) -> list[int]:
    """Of the agreements by which these clocks run, those that are no more specific than this one."""
    found = Agreement.objects.filter(pk__in=rows.values("agreement"))
    return [one.pk for one in found if _rank(one) <= _rank(agreement)]


def _rank(agreement: Agreement) -> int:
    return specificity(
        customer_id=agreement.customer_id, supplier_id=agreement.supplier_id, service_id=agreement.service_id
    )
