"""What stands on the page of all figures, and what may be said of each. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from metrics.dashboards.company import GROUPS
from metrics.dashboards.states import state_of
from metrics.rollups.definitions import Definition, Unit
from metrics.rollups.meaning import ANCHORS, DIRECTIONS, UNITS, edge_cases
from metrics.rollups.states import Figure, Side, Spread

OPEN_WORK = "backlog"  # the agents stand with what is open
IN_CALENDAR_TIME = "backlog_age"


@dataclass(frozen=True)
class Line:
    """A figure of the page. `url` is the list behind it, empty for whom it is not or where there is nothing."""

    figure: Figure
    url: str = ""

    @property
    def definition(self) -> Definition:
        return self.figure.definition

    @property
    def unit(self) -> str:
        return "calendar" if self.figure.key == IN_CALENDAR_TIME else self.definition.unit.value

    @property
    def state(self) -> str:
        """Against the target: good, warn, bad; empty without one, or of fewer than a figure needs to be judged."""
        return state_of(self.figure) if self.figure.n >= self.definition.fewest else ""

    @property
    def calendar(self) -> Spread | None:
        return self.figure.calendar

    @property
    def is_duration(self) -> bool:
        return self.definition.is_duration

    @property
    def has_mean(self) -> bool:
        """A share is a mean already, a number has none."""
        return self.definition.unit not in (Unit.COUNT, Unit.SHARE)

    @property
    def why(self) -> str:
        """Why there is no value; empty where there is one."""
        if self.figure.value is not None:
            return ""
        if self.figure.hidden == "narrowed":
            return _("not told of so small a part")
        if self.figure.hidden:
            return _("fewer than five answered") if self.definition.personal else _("too few to tell")
        return _("nothing to count")

    # ── Help ──

    @property
    def day(self) -> Promise:
        return ANCHORS[self.definition.anchor]

    @property
    def unit_words(self) -> Promise:
        return UNITS[self.definition.unit]

    @property
    def direction_words(self) -> Promise:
        return DIRECTIONS[self.definition.direction]

    @property
    def edge_cases(self) -> list[str]:
        return edge_cases(self.definition)


def groups_for(side: str) -> Iterator[tuple[str | Promise, list[str]]]:
    """(heading, figures): the groups of the company's page, and of suppliers how much is open for each agent."""
    for heading, keys in GROUPS:
        more = ["load_per_agent"] if OPEN_WORK in keys and side == Side.SUPPLIER else []
        yield heading, [*keys, *more]


def grouped(lines: Mapping[str, Line], side: str) -> list[tuple[str | Promise, list[Line]]]:
    """The groups of which the reader may see anything."""
    found = [(heading, [lines[key] for key in keys if key in lines]) for heading, keys in groups_for(side)]
    return [(heading, shown) for heading, shown in found if shown]
