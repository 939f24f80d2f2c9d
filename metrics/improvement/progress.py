"""Marks of progress: whether improvements reached what was expected of them, and whether that held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.improvement import policies, wording
from metrics.improvement.models import Improvement, ImprovementEffect
from metrics.improvement.selectors import improvements_for
from metrics.improvement.states import FIGURES, SHOWN_ON_CHARTS, Horizon, Verdict
from metrics.rollups.definitions import Definition
from metrics.rollups.policies import require_sight
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

MOST_MARKED = 200


class Progress(models.TextChoices):
    """What can be said of one quarter of an improvement."""

    REACHED = "reached", _("Goal reached")
    LESS = "less", _("Better, less than expected")
    MISSED = "missed", _("Not better")
    HELD = "held", _("It held")
    LOST = "lost", _("It did not hold")
    UNKNOWN = "unknown", _("Cannot be told")
    EARLY = "early", _("Too early to tell")


LOOKS = {
    Progress.REACHED: ("good", "circle-check"), Progress.LESS: ("warn", "circle-check"),
    Progress.MISSED: ("bad", "alert-triangle"), Progress.HELD: ("good", "circle-check"),
    Progress.LOST: ("bad", "alert-triangle"), Progress.UNKNOWN: ("", "help-circle"),
    Progress.EARLY: ("hold", "hourglass"),
}  # fmt: skip


def reached(expected: float, effect: ImprovementEffect | None) -> Progress:
    """The first quarter beside what was expected. Only what chance does not explain counts as better."""
    if effect is None or effect.verdict == Verdict.TOO_EARLY or effect.effect is None:
        return Progress.EARLY
    if effect.verdict == Verdict.IMPROVED:
        return Progress.REACHED if abs(effect.effect) >= abs(expected) else Progress.LESS
    return Progress.MISSED if effect.verdict == Verdict.WORSE else Progress.UNKNOWN


def lasted(goal: Progress, effect: ImprovementEffect | None) -> Progress | None:
    """A later quarter. None where there was nothing that could have held."""
    if goal not in (Progress.REACHED, Progress.LESS):
        return None
    if effect is None or effect.verdict == Verdict.TOO_EARLY:
        return Progress.EARLY
    if effect.held is None:
        return Progress.UNKNOWN
    return Progress.HELD if effect.held else Progress.LOST


@dataclass(frozen=True)
class Mark:
    """One improvement with its three marks; all None where the figure is not for this reader."""

    improvement: Improvement
    definition: Definition
    expected: str
    effect: str
    goal: Progress | None
    three: Progress | None
    six: Progress | None

    @property
    def marks(self) -> list[tuple[str, str, str] | None]:
        """Meaning, icon and words of each."""
        return [(*LOOKS[one], str(one.label)) if one else None for one in (self.goal, self.three, self.six)]


@dataclass(frozen=True)
class Sum:
    """How many improvements have this mark in this quarter."""

    horizon: Horizon
    counts: Mapping[Progress, int]

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def rows(self) -> list[tuple[str, str, str, int]]:
        return [(*LOOKS[one], str(one.label), self.counts[one]) for one in Progress if self.counts.get(one)]


@dataclass(frozen=True)
class Marks:
    """The newest first; `sums` are of those shown. `more`: there are older ones."""

    department: Department | None
    rows: Sequence[Mark]
    sums: list[Sum]
    more: bool


def marks_of(*, person: Person, slug: str = "") -> Marks:
    """Of the improvements that this person may read: of a department and those below it, or of all.

    404 for an unknown department, NotAllowed where its figures are not theirs.
    """
    department = get_department(person=person, slug=slug) if slug else None
    rows = improvements_for(person).filter(state__in=SHOWN_ON_CHARTS)
    if department is not None:
        require_sight(person, department)
        rows = rows.filter(department__in=below(department))
    found = list(rows[: MOST_MARKED + 1])
    marked = [_marked(person, row) for row in found[:MOST_MARKED]]
    return Marks(department, marked, _sums(marked), len(found) > MOST_MARKED)


def _marked(person: Person, row: Improvement) -> Mark:
    counted: Iterable[ImprovementEffect] = row.counted  # type: ignore[attr-defined]  # prefetched by the selector
    effects = {effect.horizon: effect for effect in counted}
    first = effects.get(Horizon.FIRST)
    told = (row, FIGURES[row.figure], wording.expected(row))
    if not policies.reads_figure(person, row):
        return Mark(*told, "", None, None, None)
    goal = reached(row.expected, first)
    later = (lasted(goal, effects.get(horizon)) for horizon in (Horizon.THREE, Horizon.SIX))
    return Mark(*told, wording.short(row, first), goal, *later)


def _sums(marked: Sequence[Mark]) -> list[Sum]:
    columns = zip(Horizon, zip(*((one.goal, one.three, one.six) for one in marked), strict=True), strict=False)
    return [Sum(horizon, Counter(mark for mark in column if mark)) for horizon, column in columns]
