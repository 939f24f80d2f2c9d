"""Walls: pairs of departments in whose work together several signs show at once. Pure.

A sign shows only when the whole 95 % interval lies beyond its bound, so that chance builds no wall. It says where two
departments should talk; it says nothing of whose doing it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from metrics.rollups.definitions import FEWEST_FOR_A_SHARE
from metrics.rollups.selectors import Told
from metrics.rollups.states import Figure
from metrics.rollups.statistics import wilson
from requests_app.kernel.formats import number, percent, worktime

SIGNS = ["resolution_kept", "rating_mean", "bounce_rate", "handoff_declined_rate", "answer_delay"]
FEWEST_SIGNS = 3
FEWEST_REQUESTS = FEWEST_FOR_A_SHARE
FEWEST_COMPLAINTS = 2
LONG = 1.5  # times the company's median

Pair = tuple[int, int]


@dataclass(frozen=True)
class Seen:
    """What is looked at: figures of all pairs, what is to be reached, complaints of the period."""

    told: Mapping[str, Told]
    targets: Mapping[int | None, Mapping[str, float]]
    usual: Mapping[str, float]
    complaints: Mapping[Pair, int]

    def cell(self, key: str, pair: Pair) -> Figure | None:
        figure = self.told[key].cells.get(pair)
        return figure if figure is not None and figure.value is not None else None

    def target(self, key: str, supplier: int) -> float | None:
        """The supplier's own, else the company's, else the usual one."""
        for found in (self.targets.get(supplier, {}), self.targets.get(None, {}), self.usual):
            if key in found:
                return found[key]
        return None

    def whole(self, key: str) -> float | None:
        found = self.told[key].whole
        return found.value if found else None

    @cached_property
    def usual_complaints(self) -> float:
        """Complaints for each request of the company."""
        requests = sum(figure.n for figure in self.told["created"].cells.values())
        return sum(self.complaints.values()) / requests if requests else 0.0

    def requests(self, pair: Pair) -> int:
        figure = self.told["created"].cells.get(pair)
        return figure.n if figure else 0


@dataclass(frozen=True)
class Wall:
    """`signs` in words, with their n; `measured` is how many could be looked at."""

    pair: Pair
    requests: int
    signs: list[str]
    measured: int


def walls_of(seen: Seen, may_see: Callable[[Pair], bool]) -> list[Wall]:
    """Pairs with three signs or more, most signs first, then most requests; those that the reader sees into."""
    found = []
    for pair in _looked_at(seen, may_see):
        answers = [sign(seen, pair) for sign in (_kept, _satisfaction, _passed_on, _answers, _complaints)]
        signs = [words for words in answers if words]
        if len(signs) >= FEWEST_SIGNS:
            measured = sum(answer is not None for answer in answers)
            found.append(Wall(pair, seen.requests(pair), signs, measured))
    return sorted(found, key=lambda wall: (-len(wall.signs), -wall.requests, wall.pair))


def pairs_looked_at(seen: Seen, may_see: Callable[[Pair], bool]) -> int:
    return len(_looked_at(seen, may_see))


def _looked_at(seen: Seen, may_see: Callable[[Pair], bool]) -> list[Pair]:
    enough = [pair for pair, figure in seen.told["created"].cells.items() if figure.n >= FEWEST_REQUESTS]
    return [pair for pair in enough if pair[0] != pair[1] and may_see(pair)]


# Each answers None when it cannot be measured, "" when it does not show, else what shows.


def _kept(seen: Seen, pair: Pair) -> str | None:
    figure, target = seen.cell("resolution_kept", pair), seen.target("resolution_kept", pair[1])
    if figure is None or figure.value is None or figure.high is None or target is None:
        return None
    if figure.high >= target:
        return ""
    said = {"share": percent(figure.value), "target": percent(target, 0), "n": number(figure.n)}
    return _("%(share)s delivered as agreed, the target is %(target)s (n %(n)s)") % said


def _satisfaction(seen: Seen, pair: Pair) -> str | None:
    figure, target = seen.cell("rating_mean", pair), seen.target("rating_mean", pair[1])
    if figure is None or figure.value is None or figure.high is None or target is None:
        return None
    if figure.high >= target:
        return ""
    said = {"mean": number(figure.value, 1), "target": number(target, 1), "n": number(figure.n)}
    return _("Satisfaction %(mean)s, the target is %(target)s (n %(n)s)") % said


def _passed_on(seen: Seen, pair: Pair) -> str | None:
    """Requests that came back, or handoffs that were given back: one sign, whichever of the two can be told."""
    parts = [_came_back(seen, pair), _given_back(seen, pair)]
    known = [part for part in parts if part is not None]
    return "; ".join(part for part in known if part) if known else None


def _came_back(seen: Seen, pair: Pair) -> str | None:
    figure, most = seen.cell("bounce_rate", pair), seen.target("bounce_rate", pair[1])
    if figure is None or figure.value is None or figure.low is None or most is None:
        return None
    if figure.low <= most:
        return ""
    said = {"share": percent(figure.value), "target": percent(most, 0), "n": number(figure.n)}
    return _("%(share)s came back to a department that had had them, at most %(target)s are wanted (n %(n)s)") % said


def _given_back(seen: Seen, pair: Pair) -> str | None:
    figure, usual = seen.cell("handoff_declined_rate", pair), seen.whole("handoff_declined_rate")
    if figure is None or figure.value is None or figure.low is None or usual is None:
        return None
    if figure.low <= usual:
        return ""
    said = {"share": percent(figure.value), "usual": percent(usual), "n": number(figure.n)}
    return _("%(share)s of handoffs were given back, %(usual)s in the company (n %(n)s)") % said


def _answers(seen: Seen, pair: Pair) -> str | None:
    figure, usual = seen.cell("answer_delay", pair), seen.whole("answer_delay")
    if figure is None or figure.value is None or figure.low is None or usual is None:
        return None
    if figure.low <= LONG * usual:
        return ""
    said = {"time": worktime(figure.value), "usual": worktime(usual), "n": number(figure.n)}
    return _("Questions wait %(time)s for an answer, %(usual)s in the company (n %(n)s)") % said


def _complaints(seen: Seen, pair: Pair) -> str:
    """More a request than in the company, by more than chance."""
    count, n = seen.complaints.get(pair, 0), seen.requests(pair)
    interval = wilson(min(count, n), n) if count >= FEWEST_COMPLAINTS else None
    if interval is None or interval[0] <= seen.usual_complaints:
        return ""
    return _("Complaints: %(count)s on %(n)s requests") % {"count": number(count), "n": number(n)}
