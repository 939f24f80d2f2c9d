"""What a page of figures is made of, worked out from figures: stretches of time, tiles, cells of the matrix. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.rollups.definitions import Definition, Direction, Unit
from metrics.rollups.states import Figure, OpenAware, Period
from metrics.rollups.statistics import counts_differ, discoveries, intervals_differ, shares_differ
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.formats import NBSP, amount, number, percent, worktime
from requests_app.kernel.rates import rate_change

SPANS = {"7": 7, "30": 30, "quarter": 91, "year": 365}
SPAN_WORDS = {
    "7": gettext_lazy("7 days"), "30": gettext_lazy("30 days"), "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("12 months"),
}  # fmt: skip
LONGEST_OWN = 3 * 366
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
POINTS = 12
NEAR_SHARE, NEAR_REST = 0.02, 0.05
# Lower bounds of the five bins of the matrix: as far below or above the target, or among all cells.
SHARE_BINS = (0.80, 0.88, 0.92, 0.95)


@dataclass(frozen=True)
class Stretch:
    """The days a page speaks of, and which button chose them ("own" for own dates)."""

    choice: str
    period: Period

    @property
    def pieces(self) -> list[Period]:
        """Up to twelve equal pieces for a sparkline, the last one ending with the period."""
        return self.period.cut(max(self.period.days // POINTS, 1))[-POINTS:]


def stretch_of(choice: str, start: str, end: str, *, today: date) -> Stretch:
    """From the address (`period`, `from`, `to`, both days inclusive); WrongInput names the field."""
    if start or end or choice == "own":
        return _own(start, end, today=today)
    if choice and choice not in SPANS:
        raise WrongInput({"period": [_("Choose one of: %(c)s.") % {"c": ", ".join(SPANS)}]})
    choice = choice or "30"
    after = today + timedelta(days=1)
    return Stretch(choice, Period(after - timedelta(days=SPANS[choice]), after))


def _own(start: str, end: str, *, today: date) -> Stretch:
    """One date left out means today, or 29 days before the last one."""
    last = _day("to", end) if end else today
    first = _day("from", start) if start else last - timedelta(days=29)
    if first > last:
        raise WrongInput({"to": [_("The last day lies before the first. Swap them.")]})
    if (last - first).days >= LONGEST_OWN:
        raise WrongInput({"from": [_("At most three years at a time. Choose a later first day.")]})
    return Stretch("own", Period(first, last + timedelta(days=1)))


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongInput({field: [_("Write a date as year-month-day, like 2026-11-24.")]}) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise WrongInput({field: [_("Choose a day between 1990 and 2199.")]})
    return day


# ── Tiles ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tile:
    """A figure, whether it is as wanted, and how it changed since the period before.

    `state`: good, warn (just short), bad, or "" without a target. `verdict`: better, worse, unclear (no more than
    chance), or "" where a change is neither good nor bad or cannot be told.
    """

    figure: Figure
    url: str = ""
    state: str = ""
    change: float | None = None
    verdict: str = ""
    series: Sequence[float | None] = ()
    filed: OpenAware | None = None  # the headline instead, where too much of what was filed is still open
    filed_url: str = ""
    more_url: str = ""  # a page that tells more of this figure

    @property
    def name(self) -> str | Promise:
        return self.figure.definition.label

    @property
    def formula(self) -> str | Promise:
        return self.figure.definition.formula

    @property
    def unit(self) -> str:
        return self.figure.definition.unit.value

    @property
    def lower_is_better(self) -> bool:
        return self.figure.definition.direction == Direction.LOWER


def tile_of(
    figure: Figure, before: Figure, *, url: str = "", series: Sequence[Figure] = (), more_url: str = ""
) -> Tile:
    """Everything a tile says of a figure."""
    change = None if figure.value is None or before.value is None else figure.value - before.value
    return Tile(
        figure=figure,
        url=url if figure.n else "",
        state=state_of(figure),
        change=change,
        verdict=verdict_of(figure, before) if change is not None else "",
        series=[point.value for point in series],
        more_url=more_url,
    )


def state_of(figure: Figure) -> str:
    """Against the target: reached, just short of it (two points, or 5 %), or not."""
    if figure.target is None or figure.value is None:
        return ""
    short = figure.target - figure.value
    if figure.definition.direction == Direction.LOWER:
        short = -short
    if short <= 0:
        return "good"
    near = NEAR_SHARE if figure.definition.unit == Unit.SHARE else abs(figure.target) * NEAR_REST
    return "warn" if round(short - near, 9) <= 0 else "bad"


def verdict_of(figure: Figure, before: Figure) -> str:
    """Better or worse only when the difference is more than chance explains at 95 %."""
    direction = figure.definition.direction
    if not differs(figure, before):
        return "unclear"
    if direction == Direction.NEITHER or figure.value is None or before.value is None:
        return ""
    return "better" if (figure.value < before.value) == (direction == Direction.LOWER) else "worse"


def differs(figure: Figure, before: Figure) -> bool:
    if figure.definition.unit == Unit.COUNT:
        return counts_differ(figure.n, before.n)
    if figure.definition.unit == Unit.SHARE:
        return shares_differ(figure.total or 0, figure.n, before.total or 0, before.n)
    return intervals_differ(figure.interval, before.interval)


# ── What is asked for more, and less ─────────────────────────────────────────


@dataclass(frozen=True)
class Need:
    """A service or type of need, how often it was asked for, and how much more or less often than at the rate of the
    period before. `p` is how likely that is by chance alone."""

    name: str
    n: int
    change: int
    p: float = 1.0


Asked = Mapping[Any, int]  # by service or type of need
MOST_NEEDS = 5


def needs_of(
    now: Asked, before: Asked, names: Mapping[Any, str], *, open_now: float = 1.0, open_before: float = 1.0
) -> tuple[list[Need], list[Need]]:
    """(rising, falling): what is asked for at another rate than before, the largest change first, five each.

    Rates are by `open_now` and `open_before`, the working time of the two periods in one unit. All are tested
    together (Benjamini and Hochberg): of what is listed at most one in twenty is chance on average.
    """
    ratio = open_now / open_before
    keys = sorted(now.keys() | before.keys(), key=str)
    values = [
        rate_change(now.get(key, 0), before.get(key, 0), exposure=open_now, exposure_before=open_before) for key in keys
    ]
    changed = [
        Need(names.get(key, "?"), now.get(key, 0), round(now.get(key, 0) - before.get(key, 0) * ratio), p)
        for key, p, told in zip(keys, values, discoveries(values), strict=True)
        if told
    ]
    rising = sorted((need for need in changed if need.change > 0), key=lambda need: (-need.change, need.name))
    falling = sorted((need for need in changed if need.change < 0), key=lambda need: (need.change, need.name))
    return rising[:MOST_NEEDS], falling[:MOST_NEEDS]


# ── The matrix ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Cell:
    """One pair of departments: its figure, its bin from 1 (worst) to 5 (best), 0 without one."""

    figure: Figure | None
    bin: int = 0
    own: bool = False
    url: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """What the cell shows: the value as short as it can be said, or only how many there are."""
        figure = self.figure
        if figure is None:
            return ""
        if figure.value is None:
            return f"n{NBSP}{number(figure.n)}"
        if figure.definition.unit == Unit.SHARE:
            return percent(figure.value, 0)
        seconds = figure.definition.unit == Unit.SECONDS
        return worktime(figure.value, short=True) if seconds else amount(figure.value, figure.definition.unit.value)

    @property
    def said(self) -> str:
        """Whose it is, and the value in full."""
        figure = self.figure
        if figure is None or figure.value is None:
            return f"{self.title}: {_('too few to say')}"
        return f"{self.title}: {amount(figure.value, figure.definition.unit.value)}, n {number(figure.n)}"


@dataclass(frozen=True)
class Step:
    """A colour of the matrix and the values it stands for."""

    bin: int
    words: str


def edges_of(figures: Iterable[Figure]) -> list[float]:
    """The four values that part the five bins: fixed ones for shares, else the fifths of what is there."""
    valued = [figure for figure in figures if figure.value is not None]
    if not valued:
        return []
    definition = valued[0].definition
    if definition.unit == Unit.SHARE and definition.direction == Direction.HIGHER:
        return list(SHARE_BINS)
    ordered = sorted(figure.value or 0 for figure in valued)
    return [ordered[len(ordered) * place // 5] for place in range(1, 5)]


def bin_of(figure: Figure, edges: Sequence[float]) -> int:
    """1 (worst) to 5 (best); 3 (few) to 5 (many) where neither is better; 0 without a value."""
    if figure.value is None or not edges:
        return 0
    return _turned(figure.definition, 1 + sum(figure.value >= edge for edge in edges))


def _turned(definition: Definition, rank: int) -> int:
    if definition.direction == Direction.LOWER:
        return 6 - rank
    return rank if definition.direction == Direction.HIGHER else 3 + (rank - 1) // 2


def bins_of(figures: Mapping[tuple[int, int], Figure]) -> dict[tuple[int, int], int]:
    """Shares by fixed bounds; everything else by fifths of what is there; lower is better where it is."""
    edges = edges_of(figures.values())
    return {pair: bin_of(figure, edges) for pair, figure in figures.items() if figure.value is not None}


def scale_of(definition: Definition, edges: Sequence[float]) -> list[Step]:
    """The legend, worst first; ranges in which nothing can lie are left out."""
    steps: dict[int, list[float | None]] = {}
    for rank, (low, high) in enumerate(zip([None, *edges], [*edges, None], strict=True), start=1):
        if low is None or high is None or low < high:
            span = steps.setdefault(_turned(definition, rank), [low, high])
            span[1] = high
    return [Step(place, _range_words(definition, *steps[place])) for place in sorted(steps)] if edges else []


def _range_words(definition: Definition, low: float | None, high: float | None) -> str:
    said = {"low": _edge(definition, low), "high": _edge(definition, high)}
    if low is None:
        return _("under %(high)s") % said
    return _("%(low)s and more") % said if high is None else _("%(low)s to %(high)s") % said


def _edge(definition: Definition, value: float | None) -> str:
    if value is None:
        return ""
    return percent(value, 0) if definition.unit == Unit.SHARE else amount(value, definition.unit.value)
