"""The same problem again: which earlier action it was, and which others only sound alike."""

from datetime import datetime, timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import CLOSED, RECURRENCE_DAYS, SIMILAR_FROM, VERIFIED
from requests_app.org.models import Person

MOST_SIMILAR = 5


def earlier_of(action: CorrectiveAction, now: datetime) -> CorrectiveAction | None:
    """The action with the same cause, service and parties confirmed at most 90 days before this one was opened.

    It comes locked, as it is then: one that was opened again in between is no longer it. Only this exact key counts;
    like wording suggests and never counts.
    """
    rows = CorrectiveAction.objects.filter(
        state__in=[VERIFIED, CLOSED],
        cause=action.cause,
        supplier=action.supplier,
        customer=action.customer,
        service=action.service,
        verified_at__gt=action.opened_at - timedelta(days=RECURRENCE_DAYS),
        verified_at__lte=min(action.opened_at, now),
        pk__lt=action.pk,  # rows are locked from the newer to the older, so two at once never wait for each other
    )
    rows = rows.select_for_update(of=("self",)).select_related("supplier", "customer", "service", "cause", "owner")
    return rows.order_by("-verified_at", "-pk").first()


def similar_to(person: Person, action: CorrectiveAction) -> QuerySet[CorrectiveAction]:
    """Other actions that this person may read, in any department, whose title sounds alike; the closest first."""
    alike = TrigramSimilarity("title", action.title)
    rows: QuerySet[CorrectiveAction] = CorrectiveAction.objects.visible_to(person).exclude(pk=action.pk)
    rows = rows.select_related("supplier", "cause")
    return rows.annotate(alike=alike).filter(alike__gte=SIMILAR_FROM).order_by("-alike", "-pk")[:MOST_SIMILAR]
