"""How many corrective actions there were, for appraisals: numbers and nothing else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedback.actions.models import CorrectiveAction
from feedback.actions.states import ENDED
from requests_app.events.models import Event


@dataclass(frozen=True)
class Happenings:
    """What happened to the actions of some departments in a stretch of time, and how many are open today."""

    opened: int
    confirmed: int
    recurred: int
    open: int


def happenings_of(supplier_ids: Iterable[int], since: datetime, until: datetime) -> Happenings:
    """Counted from the log, because a problem that comes back voids its confirmation. Two queries, numbers only."""
    states = dict(CorrectiveAction.objects.filter(supplier_id__in=list(supplier_ids)).values_list("pk", "state"))
    rows = Event.objects.filter(subject_kind="action", subject_id__in=list(states), at__gte=since, at__lt=until)
    counted: Counter[str] = Counter(rows.values_list("kind", flat=True))
    return Happenings(
        opened=counted["action.opened"],
        confirmed=counted["action.verified"],
        recurred=counted["action.reopened"],
        open=sum(state not in ENDED for state in states.values()),
    )
