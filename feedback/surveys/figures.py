"""What came of a closed campaign: each question as a whole and by group, with what would tell of few people left out.

SECURITY: figures are told only after the campaign has closed, so that nobody compares before and after an answer; a
group only as `shown_groups` says; texts from ten on, in no order, of all groups together; people whom answers name,
from five answers on and the rest together, in no group. Of a question that was asked after certain answers only, a
group is shown only if enough of it were asked and answered, so that "not asked", "not answered" and "too few" look
alike. Nothing else is made of such questions, because their few people would show as the difference to all.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from feedback.surveys.conditions import asked
from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.questions import Item, Question, items_of
from feedback.surveys.states import FLOOR, TEXT_FLOOR, Kind, Measure
from feedback.surveys.statistics import Gap, Mean, Pair, gaps_of, is_counted, mean_of, overall_gap
from feedback.surveys.suppression import shown_groups
from feedback.surveys.trust import Trust, trust_of
from requests_app.org.models import Department, Person

Values = dict[str, Any]
Row = tuple[int | None, Values]
Names = Mapping[str | int, str]  # of departments by short name, of people by id


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
class Results:
    campaign: Campaign
    invited: int
    answered: int
    groups: list[Group]
    items: list[ItemResult] = field(default_factory=list)
    trust: Trust | None = None
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


def results_of(campaign: Campaign, rows: Sequence[Row], groups: list[Group], *, texts: bool, names: Names) -> Results:
    """Of a closed campaign and its answers. `texts`: the reader may read what was written."""
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
        told, trust_of(items, people), gaps,
        overall_gap(gaps, _points(items, people)),
    )  # fmt: skip


def _asked_rows(item: Item, questions: Sequence[Question], rows: Sequence[Row]) -> Sequence[Row]:
    """Those of whom it was asked."""
    return [row for row in rows if item.question in asked(questions, row[1])] if item.conditional else rows


def _result(item: Item, rows: Sequence[Row], texts: bool, names: Names) -> ItemResult:
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
    if item.kind == Kind.PERSON:
        shown = frozenset()
    return ItemResult(item, whole, {group: _figure(item, by_group[group], names) for group in shown})


def _text_figure(values: Sequence[str]) -> Figure | None:
    return Figure(len(values), None, ()) if len(values) >= FLOOR else None


def _shuffled(values: Sequence[str]) -> tuple[str, ...]:
    if len(values) < TEXT_FLOOR:
        return ()
    return tuple(random.SystemRandom().sample(list(values), len(values)))


def _figure(item: Item, values: Sequence[Any], names: Names) -> Figure:
    if item.top:
        counts = Counter(values)
        shares = [(str(score), counts[score]) for score in range(1, item.top + 1)]
        mean = mean_of(values, bounds=(1, item.top))
    elif item.kind == Kind.NUMBER:
        shares, mean = [], mean_of(values)
    elif item.kind == Kind.PERSON:
        shares, mean = _named(values, names), None
    else:
        shares, mean = _chosen(item, values, names), None
    return Figure(len(values), mean, tuple(Share(words, count, count / len(values)) for words, count in shares))


def _named(values: Sequence[int], names: Names) -> list[tuple[str, int]]:
    """People whom five or more named, the others together: nobody, or at least five answers."""
    counts = Counter(values)
    shown = sorted(shown_groups(counts), key=lambda person: (-counts[person], names.get(person, "")))
    rest = len(values) - sum(counts[person] for person in shown)
    told = [(names.get(person, "?"), counts[person]) for person in shown]
    return [*told, (_("somebody else"), rest)] if told and rest else told


def _chosen(item: Item, values: Sequence[Any], names: Names) -> list[tuple[str, int]]:
    counts = Counter(one for value in values for one in (value if isinstance(value, list) else [value]))
    if item.options:
        return [(words, counts[key]) for key, words in item.options]
    return [(names.get(slug, slug), count) for slug, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _gaps(items: Sequence[Item], people: Sequence[Values]) -> list[Gap]:
    """Of dimensions in which at least five people said both how it is and how it should be.

    SECURITY: the sums of each statement are told elsewhere, over whoever answered it, and those of a gap over whoever
    counts in it. So of each statement, as it is and as it should be, the others must be nobody, or at least five.
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
    few = {pair[0] for pair in pairs if _leaves_few([mine[pair[0]] for mine in told])}
    return [gap for gap in gaps_of(told) if gap.n >= FLOOR and gap.dimension not in few]


def _leaves_few(people: Sequence[Sequence[Pair]]) -> bool:
    """Whether some statement was answered by one to four people who do not count in the gap with it."""
    for column in zip(*([(pair, is_counted(pairs)) for pair in pairs] for pairs in people), strict=True):
        counted = sum(counts and None not in pair for pair, counts in column)
        answered = (sum(pair[side] is not None for pair, _counts in column) for side in (0, 1))
        if any(0 < n - counted < FLOOR for n in answered):
            return True
    return False


def _points(items: Sequence[Item], people: Sequence[Values]) -> dict[str, float] | None:
    """The mean points of each dimension; None unless every one got them from at least five people."""
    keys = {item.dimension: item.key for item in items if item.measure == Measure.IMPORTANCE and item.dimension}
    given = {name: [values[key] for values in people if key in values] for name, key in keys.items()}
    if not given or any(len(values) < FLOOR for values in given.values()):
        return None
    return {name: max(sum(values) / len(values), 0) for name, values in given.items()}


def department_names() -> dict[str | int, str]:
    return dict(Department.objects.values_list("slug", "name"))


def person_names(items: Iterable[Item], rows: Iterable[Row]) -> dict[str | int, str]:
    """Of whom the answers name; no query where they name nobody."""
    keys = [item.key for item in items if item.kind == Kind.PERSON]
    found = {values[key] for _group, values in rows for key in keys if key in values}
    return dict(Person.objects.filter(pk__in=found).values_list("pk", "name")) if found else {}
