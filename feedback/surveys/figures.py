"""What came of a closed campaign: each question as a whole and by group, with what would tell of few people left out.

SECURITY: figures are told only after the campaign has closed, so that nobody compares before and after an answer; a
group only as `shown_groups` says; texts from ten on, in no order, of all groups together; no names of people. Of a
question that was asked after certain answers only, a group is shown only if enough of it were asked and answered, so
that "not asked", "not answered" and "too few" look alike. Nothing else is made of such questions, because their few
people would show as the difference to all.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from feedback.surveys.conditions import asked
from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.questions import Item, Question, items_of
from feedback.surveys.states import ALPHA_FLOOR, FLOOR, STRAIGHT_ITEMS, TEXT_FLOOR, Kind, Measure
from feedback.surveys.statistics import Alpha, Gap, Mean, cronbach, gaps_of, is_straight, mean_of, overall_gap
from feedback.surveys.suppression import shown_groups
from requests_app.org.models import Department

Values = dict[str, Any]
Row = tuple[int | None, Values]


@dataclass(frozen=True)
class Share:
    """How often one answer was given."""

    words: str
    count: int
    share: float

    @property
    def parts(self) -> list[tuple[str, float]]:
        """As one slice of a bar whose whole is 1."""
        return [("us", self.share)]


@dataclass(frozen=True)
class Figure:
    """The answers of one group, or of all, to one item: `n` of them, their mean where they are numbers, and shares."""

    n: int
    mean: Mean | None
    shares: tuple[Share, ...]

    @property
    def thirds(self) -> tuple[int, int, int]:
        """Of a scale: how many answered below its middle, in it, and above."""
        counts = [share.count for share in self.shares]
        middle = len(counts) // 2
        return sum(counts[:middle]), counts[middle] if counts else 0, sum(counts[middle + 1 :])

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The same as slices of a bar. No colour of good or bad: what a high score means the question says."""
        return list(zip(("other", "mute", "us"), self.thirds, strict=True))


@dataclass(frozen=True)
class ItemResult:
    """`whole` is None below five answers; `groups` holds only those that may be shown. `texts`: from ten on."""

    item: Item
    whole: Figure | None
    groups: dict[int | None, Figure]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    key: int | None
    name: str
    invited: int


@dataclass(frozen=True)
class Reliability:
    """Over the statements of all scales. `straight` is None where it would tell of fewer than five people."""

    k: int
    n: int
    alpha: Alpha | None
    straight: int | None
    without_straight: Alpha | None


@dataclass(frozen=True)
class Results:
    campaign: Campaign
    invited: int
    answered: int
    groups: list[Group]
    items: list[ItemResult] = field(default_factory=list)
    reliability: Reliability | None = None
    gaps: list[Gap] = field(default_factory=list)
    gap: float | None = None

    @property
    def enough(self) -> bool:
        return self.answered >= FLOOR


def answers_of(campaigns: Sequence[Campaign]) -> dict[int, list[Row]]:
    """Campaign → group and values of each answer; one query."""
    found: dict[int, list[Row]] = {campaign.pk: [] for campaign in campaigns}
    rows = SurveyAnswer.objects.filter(campaign__in=found)
    for campaign_id, group, values in rows.values_list("campaign_id", "group_id", "values"):
        found[campaign_id].append((group, values))
    return found


def results_of(
    campaign: Campaign, rows: Sequence[Row], groups: list[Group], *, texts: bool, names: dict[str, str]
) -> Results:
    """Of a closed campaign and its answers. `texts`: the reader may read what was written. `names`: by slug."""
    questions = campaign.version.questions if campaign.version else []
    items = items_of(questions)
    if len(rows) < FLOOR:
        return Results(campaign, sum(group.invited for group in groups), len(rows), groups)
    people = [values for _group, values in rows]
    told = [_result(item, _asked_rows(item, questions, rows), texts, names) for item in items]
    items = [item for item in items if not item.conditional]
    gaps = _gaps(items, people)
    return Results(
        campaign, sum(group.invited for group in groups), len(rows), groups,
        told, _reliability(items, people), gaps,
        overall_gap(gaps, _points(items, people)),
    )  # fmt: skip


def _asked_rows(item: Item, questions: Sequence[Question], rows: Sequence[Row]) -> Sequence[Row]:
    """Those of whom it was asked."""
    return [row for row in rows if item.question in asked(questions, row[1])] if item.conditional else rows


def _result(item: Item, rows: Sequence[Row], texts: bool, names: dict[str, str]) -> ItemResult:
    by_group: dict[int | None, list[Any]] = {}
    for group, values in rows:
        if item.key in values:
            by_group.setdefault(group, []).append(values[item.key])
    everything = [value for values in by_group.values() for value in values]
    if item.kind == Kind.TEXT:
        return ItemResult(item, _text_figure(everything), {}, _shuffled(everything) if texts else ())
    shown = shown_groups({group: len(values) for group, values in by_group.items()})
    if item.conditional:
        shown &= shown_groups(Counter(group for group, _values in rows))
    whole = _figure(item, everything, names) if len(everything) >= FLOOR else None
    return ItemResult(item, whole, {group: _figure(item, by_group[group], names) for group in shown})


def _text_figure(values: Sequence[str]) -> Figure | None:
    return Figure(len(values), None, ()) if len(values) >= FLOOR else None


def _shuffled(values: Sequence[str]) -> tuple[str, ...]:
    if len(values) < TEXT_FLOOR:
        return ()
    return tuple(random.SystemRandom().sample(list(values), len(values)))


def _figure(item: Item, values: Sequence[Any], names: dict[str, str]) -> Figure:
    if item.top:
        counts = Counter(values)
        shares = [(str(score), counts[score]) for score in range(1, item.top + 1)]
        mean = mean_of(values, bounds=(1, item.top))
    elif item.kind == Kind.NUMBER:
        shares, mean = [], mean_of(values)
    elif item.kind == Kind.PERSON:
        shares, mean = [], None
    else:
        shares, mean = _chosen(item, values, names), None
    return Figure(len(values), mean, tuple(Share(words, count, count / len(values)) for words, count in shares))


def _chosen(item: Item, values: Sequence[Any], names: dict[str, str]) -> list[tuple[str, int]]:
    counts = Counter(one for value in values for one in (value if isinstance(value, list) else [value]))
    if item.options:
        return [(words, counts[key]) for key, words in item.options]
    return [(names.get(slug, slug), count) for slug, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _reliability(items: Sequence[Item], people: Sequence[Values]) -> Reliability | None:
    """Over all statements of one length of scale, the longest list; whole answers only."""
    tops = Counter(item.top for item in items if item.top and item.measure != Measure.EXPECTATION)
    top, k = tops.most_common(1)[0] if tops else (0, 0)
    keys = [item.key for item in items if item.top == top and item.measure != Measure.EXPECTATION]
    if k < 2:
        return None
    whole = [[values[key] for key in keys] for values in people if all(key in values for key in keys)]
    straight = sum(is_straight(row) for row in whole)
    varied = [row for row in whole if not is_straight(row)]
    tells = k >= STRAIGHT_ITEMS and straight >= FLOOR and len(varied) >= FLOOR
    return Reliability(
        k, len(whole), cronbach(whole) if len(whole) >= ALPHA_FLOOR else None, straight if tells else None,
        cronbach(varied) if tells and len(varied) >= ALPHA_FLOOR else None,
    )  # fmt: skip


def _gaps(items: Sequence[Item], people: Sequence[Values]) -> list[Gap]:
    """Of dimensions in which at least five people said both how it is and how it should be.

    SECURITY: the sums of both are told elsewhere, so those who said only some of it must be nobody, or at least five.
    """
    should = {(item.dimension, item.row): item.key for item in items if item.measure == Measure.EXPECTATION}
    pairs = [
        (item.dimension, item.key, should[item.dimension, item.row])
        for item in items
        if item.measure == Measure.PERCEPTION and item.dimension and (item.dimension, item.row) in should
    ]
    told = []
    for values in people:
        mine: dict[str, list] = {}
        for dimension, is_key, should_key in pairs:
            mine.setdefault(dimension, []).append((values.get(is_key), values.get(should_key)))
        told.append(mine)
    halves = {
        dimension: sum(_is_half(mine.get(dimension, [])) for mine in told) for dimension in {pair[0] for pair in pairs}
    }
    return [gap for gap in gaps_of(told) if gap.n >= FLOOR and not 0 < halves[gap.dimension] < FLOOR]


def _is_half(pairs: Sequence[tuple[Any, Any]]) -> bool:
    given = sum(value is not None for pair in pairs for value in pair)
    return 0 < given < 2 * len(pairs)


def _points(items: Sequence[Item], people: Sequence[Values]) -> dict[str, float] | None:
    """The mean points of each dimension; None unless every one got them from at least five people."""
    keys = {item.dimension: item.key for item in items if item.measure == Measure.IMPORTANCE and item.dimension}
    given = {name: [values[key] for values in people if key in values] for name, key in keys.items()}
    if not given or any(len(values) < FLOOR for values in given.values()):
        return None
    return {name: max(sum(values) / len(values), 0) for name, values in given.items()}


def department_names() -> dict[str, str]:
    return dict(Department.objects.values_list("slug", "name"))
