"""What stands on a scorecard, and what may be said of each figure. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.dashboards.states import state_of, verdict_of
from metrics.rollups.definitions import Definition, Unit
from metrics.rollups.states import Figure, Period
from requests_app.kernel.formats import number

GROUPS: list[tuple[str | Promise, list[str]]] = [
    (gettext_lazy("What was agreed"), ["response_kept", "resolution_kept", "overdue_open"]),
    (gettext_lazy("Speed"), ["first_response_time", "acceptance_time", "resolution_time"]),
    (gettext_lazy("Quality"), ["accepted_first_time", "reopen_rate", "rework_rate", "bounce_rate"]),
    (gettext_lazy("What customers answered"), [
        "rating_mean", "csat", "dimension_reliability", "dimension_responsiveness", "effort", "rating_response_rate",
    ]),
    (gettext_lazy("Working together"), ["round_trips", "chaser_rate", "handoff_declined_rate", "passed_on_untouched"]),
    (gettext_lazy("Amount of work"), ["created", "throughput", "backlog"]),
]  # fmt: skip
KEYS = [key for _heading, keys in GROUPS for key in keys]
# Of open work only its amount can be told of days that are over.
OF_THE_PAST = [key for key in KEYS if key != "overdue_open"]


def year_before(period: Period) -> Period:
    """The same days of the year before; 29 February is told as 28."""
    return Period(_year_earlier(period.start), _year_earlier(period.end))


def _year_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def is_told(figure: Figure | None) -> bool:
    """Whether there is enough to judge by; a share of nine says nothing about a department."""
    if figure is None or figure.value is None or figure.hidden:
        return False
    return figure.definition.unit == Unit.COUNT or figure.n >= figure.definition.fewest


def why_not(figure: Figure | None) -> str:
    """Why a figure is not told; empty when it is."""
    if figure is None:
        return _("not told")
    if is_told(figure):
        return ""
    if figure.definition.personal and figure.n:
        return _("fewer than five answered")
    if not figure.n:
        return _("nothing to count")
    return _("too few to say, n %(n)s") % {"n": number(figure.n)}


@dataclass(frozen=True)
class Line:
    """A figure now, before, a year ago, and of the whole company; None for what is not told of that time or reader.

    `state` and the verdicts are those of tiles, empty where the figure is not told.
    """

    figure: Figure
    before: Figure | None
    year_ago: Figure | None
    company: Figure | None

    @property
    def definition(self) -> Definition:
        return self.figure.definition

    @property
    def unit(self) -> str:
        return self.definition.unit.value

    @property
    def told(self) -> bool:
        return is_told(self.figure)

    @property
    def why(self) -> str:
        return why_not(self.figure)

    @property
    def state(self) -> str:
        return state_of(self.figure) if self.told else ""

    @property
    def since_before(self) -> str:
        return self._against(self.before)

    @property
    def since_year(self) -> str:
        return self._against(self.year_ago)

    @property
    def others(self) -> Sequence[tuple[str, Figure | None, str, str]]:
        """(name, figure, why it is not told, verdict) in the order of the columns."""
        return [
            ("before", self.before, why_not(self.before), self.since_before),
            ("year_ago", self.year_ago, why_not(self.year_ago), self.since_year),
            ("company", self.company, why_not(self.company), ""),
        ]

    def _against(self, other: Figure | None) -> str:
        return verdict_of(self.figure, other) if other is not None and self.told and is_told(other) else ""


def grouped(lines: dict[str, Line]) -> Iterator[tuple[str | Promise, list[Line]]]:
    """The groups of which the reader may see anything."""
    for heading, keys in GROUPS:
        shown = [lines[key] for key in keys if key in lines]
        if shown:
            yield heading, shown
