"""Walls that joint groups told of: of each the newest closed wall check, in which three or more criteria fail.

SECURITY: only of groups that the reader sees from inside, only closed rounds, and means of at least five answers: what
the page of the group tells the same reader, and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from feedback.groups.models import JointGroup, WallCheck
from feedback.groups.selectors import closed_checks, departments_of, results_of
from metrics.rollups.states import Period
from requests_app.kernel.formats import number
from requests_app.org.models import Department, Person


@dataclass(frozen=True)
class GroupWall:
    """`signs`: the failing criteria in words, of the `measured`; `n` members answered."""

    group: JointGroup
    departments: list[Department]
    n: int
    signs: list[str]
    measured: int


def group_checks_for(person: Person, period: Period) -> list[WallCheck]:
    """The newest closed check of each group within the period that the reader may read; one query, two if any."""
    return closed_checks(person, first=period.start, end=period.end)


def group_walls(checks: Sequence[WallCheck]) -> list[GroupWall]:
    """Most signs first; one query, none of nothing."""
    found = []
    for check, result in results_of(checks):
        if result.is_wall:
            signs = [_words(one.words, one.mean.value, result.n) for one in result.told if one.fails]
            found.append(GroupWall(check.group, departments_of(check.group), result.n, signs, len(result.told)))
    return sorted(found, key=lambda wall: (-len(wall.signs), -wall.n, wall.group.name, wall.group.pk))


def _words(criterion: str, mean: float, n: int) -> str:
    said = {"criterion": criterion.rstrip(".。"), "mean": number(mean, 1), "n": number(n)}
    return _("“%(criterion)s”: %(mean)s of 5 (n %(n)s)") % said
