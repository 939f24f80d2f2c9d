"""What waits for one person: plans to judge, and actions to carry out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from metrics.improvement.due import ripe_plans
from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.states import CHANGEABLE
from requests_app.org.models import Person
from requests_app.org.policies import standing

MOST_WAITING = 20


@dataclass(frozen=True)
class Task:
    action: ImprovementAction
    late: bool


@dataclass(frozen=True)
class Waiting:
    """The items of my desk."""

    plans: Sequence[Improvement]
    tasks: Sequence[Task]

    @property
    def count(self) -> int:
        return len(self.plans) + len(self.tasks)


def waiting_for(person: Person) -> Waiting:
    """One query, two for heads: of the departments they lead themselves. What falls due first stands first."""
    today, led = timezone.localdate(), standing(person).head_of
    plans = list(_to_judge(led)[:MOST_WAITING]) if led else []
    rows = ImprovementAction.objects.filter(owner_id=person.pk, done_on=None, improvement__state__in=CHANGEABLE)
    rows = rows.select_related("improvement__department").order_by("due_on", "pk")
    return Waiting(plans, [Task(row, row.due_on < today) for row in rows[:MOST_WAITING]])


def _to_judge(department_ids: Collection[int]) -> QuerySet[Improvement]:
    rows = ripe_plans().filter(department__in=department_ids, department__is_active=True)
    return rows.select_related("department").order_by("pk")
