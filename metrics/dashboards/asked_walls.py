"""Walls that people told of: closed wall checks in which three or more of the five criteria fail.

A criterion fails when the whole 95 % interval of its mean lies below the middle of the scale, so that chance builds no
wall here either.

SECURITY: only of campaigns whose results the reader may read, and criteria that at least five people answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
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
class Criterion:
    """One of the five that could be told: the mean of at least five answers with its interval."""

    key: str
    text: str
    n: int
    mean: float
    low: float | None
    high: float | None

    @property
    def fails(self) -> bool:
        """The whole interval lies below the middle of the scale."""
        return self.high is not None and self.high < MIDDLE

    @property
    def words(self) -> str:
        said = {"criterion": self.text.rstrip(".。"), "mean": number(self.mean, 1), "n": number(self.n)}
        return _("“%(criterion)s”: %(mean)s of 5 (n %(n)s)") % said


@dataclass(frozen=True)
class AskedCheck:
    """What came of a wall check: `departments` were asked of their common work, `told` of the five could be told."""

    campaign: Campaign
    departments: list[Department]
    answered: int
    told: list[Criterion]

    @property
    def title(self) -> str:
        return self.campaign.title

    @property
    def n(self) -> int | None:
        """How many answered; None below five, when nothing is told either."""
        return self.answered if self.told else None

    @property
    def measured(self) -> int:
        return len(self.told)

    @property
    def signs(self) -> list[str]:
        """The criteria that fail, in words."""
        return [one.words for one in self.told if one.fails]

    @property
    def is_wall(self) -> bool:
        return len(self.signs) >= FEWEST_FAILING

    @property
    def pair(self) -> tuple[int, int] | None:
        return (self.departments[0].pk, self.departments[1].pk) if len(self.departments) == 2 else None


def checks_for(person: Person, period: Period) -> list[Campaign]:
    """The newest closed wall check of each audience within the period, as far as the reader reads results.

    One query when there is none, two otherwise.
    """
    first: date = period.start
    rows = _closed_checks(person).filter(closed_at__date__gte=first, closed_at__date__lt=period.end)
    rows = rows.order_by("-closed_at", "-pk")
    newest: dict[tuple[int, ...], Campaign] = {}
    for row in rows[:MOST_CHECKS]:
        newest.setdefault(tuple(sorted(audience_ids(row))), row)
    return [row for row in newest.values() if can_read_results(person, row, audience_ids(row))]


def _closed_checks(person: Person) -> QuerySet[Campaign]:
    return campaigns_for(person).filter(Q(survey__ready=READY), state=CLOSED)


def get_check(person: Person, pk: int) -> Campaign:
    """A closed wall check of any day, or 404 when it is not there or its results are not theirs to read."""
    found = _closed_checks(person).filter(pk=pk).first()
    if found is None or not can_read_results(person, found, audience_ids(found)):
        raise Http404
    return found


def results(checks: Sequence[Campaign]) -> list[AskedCheck]:
    """What came of these checks, which the reader may read, in their order. Two queries; none of nothing."""
    if not checks:
        return []
    answers, names = answers_of(checks), department_names()
    found = []
    for check in checks:
        told = results_of(check, answers[check.pk], [], texts=False, names=names)
        criteria = [said for one in told.items if one.item.key.startswith(CRITERIA) and (said := _criterion(one))]
        found.append(AskedCheck(check, list(check.departments.all()), len(answers[check.pk]), criteria))
    return found


def asked_walls(checks: Sequence[Campaign]) -> list[AskedCheck]:
    """Those of them that show a wall, most signs first."""
    walls = [one for one in results(checks) if one.is_wall]
    return sorted(walls, key=lambda wall: (-len(wall.signs), -wall.answered, wall.title))


def _criterion(one: ItemResult) -> Criterion | None:
    if one.whole is None or one.whole.mean is None:
        return None
    mean = one.whole.mean
    return Criterion(one.item.key.removeprefix(CRITERIA), one.item.text, mean.n, mean.value, mean.low, mean.high)
