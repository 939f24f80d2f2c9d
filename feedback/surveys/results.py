"""The page of results: what came of a campaign, its departments side by side, and its questionnaire over time."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from feedback.ratings.states import Dimension
from feedback.surveys import policies
from feedback.surveys.figures import (
    Figure,
    Group,
    ItemResult,
    Names,
    Results,
    Share,
    answers_of,
    department_names,
    person_names,
    results_of,
)
from feedback.surveys.models import Campaign, SurveyInvitation
from feedback.surveys.questions import Item, items_of
from feedback.surveys.selectors import CampaignLine, audience_ids, campaigns_for, get_campaign, lines_of
from feedback.surveys.states import CLOSED
from feedback.surveys.statistics import Gap, Mean
from feedback.surveys.trust import Scale
from requests_app.org.models import Person

MOST_TREND = 6


@dataclass(frozen=True)
class TrendRow:
    """The mean of one question in each campaign, newest last; None where it is not told."""

    item: Item
    means: list[Mean | None]

    @property
    def course(self) -> list[float | None]:
        """As a line is drawn through them."""
        return [mean.value if mean else None for mean in self.means]


@dataclass(frozen=True)
class ResultsPage:
    line: CampaignLine
    results: Results | None  # None until it has closed
    compared: list[Group]
    trend_heads: list[Campaign]
    trend: list[TrendRow]
    may_read_texts: bool

    @property
    def comparison(self) -> list["Compared"]:
        """The means of each scale, of all and of the groups that have any."""
        items = [one for one in (self.results.items if self.results else []) if one.item.top]
        return [
            Compared(
                one.item.text,
                one.item.group,
                one.item.top,
                [_mean(one.whole)] + [_mean(one.groups.get(group.key)) for group in self.compared],
            )
            for one in items
        ]

    @property
    def blocks(self) -> list["Block"]:
        """The questions in order, the statements of one matrix together."""
        found: list[Block] = []
        for one in self.results.items if self.results else []:
            same = found and one.item.group and found[-1].items[0].item.question == one.item.question
            if same:
                found[-1].items.append(one)
            else:
                found.append(Block(one.item.group or one.item.text, range(1, one.item.top + 1), [one], self.compared))
        return found

    @property
    def scales(self) -> list["NamedScale"]:
        trust = self.results.trust if self.results else None
        named = [(_dimension(scale.dimension) or scale.title, scale) for scale in (trust.scales if trust else ())]
        return [NamedScale(words, scale) for words, scale in named]

    @property
    def gaps(self) -> list["NamedGap"]:
        return [NamedGap(_dimension(gap.dimension), gap) for gap in (self.results.gaps if self.results else [])]


@dataclass(frozen=True)
class Block:
    """Scales of one matrix, or one question. `scale` is empty where it is no scale."""

    title: str
    scale: range
    items: list[ItemResult]
    compared: list[Group]

    @property
    def low(self) -> str:
        return self.items[0].item.low

    @property
    def high(self) -> str:
        return self.items[0].item.high

    @property
    def splits(self) -> list["Split"]:
        """How each group answered, of what has shares and groups that may be shown."""
        return [Split(one, groups) for one in self.items if (groups := self._groups(one))]

    def _groups(self, one: ItemResult) -> list[Group]:
        return [group for group in self.compared if group.key in one.groups and one.groups[group.key].shares]


@dataclass(frozen=True)
class Split:
    """One question, its answers as rows and the groups as columns."""

    result: ItemResult
    groups: list[Group]

    @property
    def sizes(self) -> list[tuple[str, int]]:
        return [(group.name, self.result.groups[group.key].n) for group in self.groups]

    @property
    def rows(self) -> list[tuple[str, list[Share]]]:
        """What nobody of a group chose is no share of it, or one of nobody."""
        told = [{share.words: share for share in self.result.groups[group.key].shares} for group in self.groups]
        whole = self.result.whole.shares if self.result.whole else ()
        return [(one.words, [by.get(one.words, Share(one.words, 0, 0.0)) for by in told]) for one in whole]


@dataclass(frozen=True)
class Compared:
    text: str
    group: str
    top: int
    means: list[Mean | None]

    @property
    def bars(self) -> list[tuple[Mean | None, list[tuple[str, float]]]]:
        """Each mean beside its bar, which is empty at 1 and full at the top of the scale."""
        return [(mean, [("us", mean.value - 1)] if mean else []) for mean in self.means]

    @property
    def steps(self) -> int:
        return self.top - 1


@dataclass(frozen=True)
class NamedGap:
    words: str
    gap: Gap


@dataclass(frozen=True)
class NamedScale:
    words: str
    scale: Scale


def _dimension(name: str) -> str:
    return str(Dimension(name).label) if name in Dimension.values else name


def results_page(*, person: Person, pk: int) -> ResultsPage:
    """404, or NotAllowed for whoever may not read results."""
    campaign = get_campaign(person=person, pk=pk)
    audience = audience_ids(campaign)
    policies.require_results(person, campaign, audience)
    line = lines_of([campaign], person)[0]
    texts = policies.can_read_texts(person, campaign, audience)
    if campaign.state != CLOSED:
        return ResultsPage(line, None, [], [], [], texts)
    answers = answers_of([campaign])[campaign.pk]
    named = items_of(campaign.version.questions) if campaign.version else []
    names = department_names() | person_names(named, answers)
    results = results_of(campaign, answers, _groups(campaign), texts=texts, names=names)
    told = {key for item in results.items for key in item.groups}
    compared = [group for group in results.groups if group.key in told]
    heads, trend = _trend(person, results, names)
    return ResultsPage(line, results, compared, heads, trend, texts)


def _groups(campaign: Campaign) -> list[Group]:
    rows = (
        SurveyInvitation.objects.filter(campaign=campaign)
        .values_list("group_id", "group__name")
        .annotate(n=Count("pk"))
    )
    return [Group(pk, name or _("All others"), n) for pk, name, n in rows.order_by("group__name", "group_id")]


def _trend(person: Person, results: Results, names: Names) -> tuple[list[Campaign], list[TrendRow]]:
    """Over the closed campaigns of the same questionnaire up to this one that the person may read."""
    own = results.campaign
    rows = campaigns_for(person).filter(survey_id=own.survey_id, state=CLOSED, pk__lt=own.pk).order_by("-pk")
    before = [row for row in rows[:MOST_TREND] if policies.can_read_results(person, row, audience_ids(row))][::-1]
    if not before or not results.enough:
        return [], []
    answers = answers_of(before)
    told = [
        {one.item.key: one.whole for one in results_of(row, answers[row.pk], [], texts=False, names=names).items}
        for row in before
    ]
    found = [
        TrendRow(one.item, [_mean(values.get(one.item.key)) for values in told] + [_mean(one.whole)])
        for one in results.items
        if one.item.top
    ]
    return [*before, own], found


def _mean(figure: Figure | None) -> Mean | None:
    return figure.mean if figure else None
