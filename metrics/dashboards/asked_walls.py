"""Walls that people told of: closed wall checks in which three or more of the five criteria fail.

A criterion fails when the whole 95 % interval of its mean lies below the middle of the scale, so that chance builds no
wall here either.

SECURITY: only of campaigns whose results the reader may read, and criteria that at least five people answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.surveys.figures import ItemResult, answers_of, department_names, results_of
from feedback.surveys.models import Campaign
from feedback.surveys.policies import can_read_results
from feedback.surveys.selectors import audience_ids, campaigns_for
from feedback.surveys.states import CLOSED
from metrics.rollups.states import Period
from requests_app.kernel.formats import number
from requests_app.org.models import Department, Person

READY, CRITERIA = "wall_check", "five__"
MIDDLE = 3.0
FEWEST_FAILING = 3
MOST_CHECKS = 50


@dataclass(frozen=True)
class AskedWall:
    """`departments` were asked of their common work; `signs` in words, `measured` of the five could be told."""

    title: str
    departments: list[Department]
    n: int
    signs: list[str]
    measured: int

    @property
    def pair(self) -> tuple[int, int] | None:
        return (self.departments[0].pk, self.departments[1].pk) if len(self.departments) == 2 else None


def checks_for(person: Person, period: Period) -> list[Campaign]:
    """The newest closed wall check of each audience within the period, as far as the reader reads results.

    One query when there is none, two otherwise.
    """
    first: date = period.start
    rows = campaigns_for(person).filter(Q(survey__ready=READY), state=CLOSED)
    rows = rows.filter(closed_at__date__gte=first, closed_at__date__lt=period.end).order_by("-closed_at", "-pk")
    newest: dict[tuple[int, ...], Campaign] = {}
    for row in rows[:MOST_CHECKS]:
        newest.setdefault(tuple(sorted(audience_ids(row))), row)
    return [row for row in newest.values() if can_read_results(person, row, audience_ids(row))]


def asked_walls(checks: Sequence[Campaign]) -> list[AskedWall]:
    """Most signs first. Two queries, whatever their number; none of nothing."""
    if not checks:
        return []
    answers, names = answers_of(checks), department_names()
    found = []
    for check in checks:
        results = results_of(check, answers[check.pk], [], texts=False, names=names)
        told = [one for one in results.items if one.item.key.startswith(CRITERIA) and one.whole and one.whole.mean]
        signs = [words for one in told if (words := _failing(one))]
        if len(signs) >= FEWEST_FAILING:
            found.append(
                AskedWall(check.title, list(check.departments.all()), len(answers[check.pk]), signs, len(told))
            )
    return sorted(found, key=lambda wall: (-len(wall.signs), -wall.n, wall.title))


def _failing(one: ItemResult) -> str:
    mean = one.whole.mean if one.whole else None
    if mean is None or mean.high is None or mean.high >= MIDDLE:
        return ""
    said = {"criterion": one.item.text.rstrip(".。"), "mean": number(mean.value, 1), "n": number(mean.n)}
    return _("“%(criterion)s”: %(mean)s of 5 (n %(n)s)") % said
