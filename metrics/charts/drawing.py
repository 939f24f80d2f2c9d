"""A control chart as data for the script that draws it, and as the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Any

from django.utils.translation import gettext as _

from metrics.charts.reading import Stretch, Week
from metrics.charts.selectors import Card, ControlChart, SignalLine
from metrics.charts.states import SHOWN_WEEKS, Verdict
from metrics.charts.statistics import Limits, Scale
from metrics.rollups.definitions import Definition, Unit
from requests_app.kernel.formats import amount, day, number, short_day

HOUR, LEAST = 3600.0, 0.01  # on a scale of logarithms there is no zero
LOG_TICKS = (LEAST, 1 / 30, 1 / 12, 0.25, 0.5, 1, 2, 4, 8, 16, 24, 40, 80, 160, 320, 640, 1280, 2560, 10_000)
MOST_TICKS = 6
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def said(value: float | None, definition: Definition) -> str:
    """A value of the figure in the reader's words; empty for none."""
    return "" if value is None else str(amount(value, definition.unit))


def drawn(page: ControlChart) -> dict[str, Any] | None:
    """None while no week has a value."""
    if not any(week.value is not None for week in page.weeks):
        return None
    definition, weeks = page.definition, page.weeks
    scale = _scale(definition)
    values = [None if week.value is None else scale(week.value) for week in weeks]
    labels = [day(week.starts_on) if page.shown > SHOWN_WEEKS else short_day(week.starts_on) for week in weeks]
    phases = [
        _phase(one, one.limits, weeks, definition, place) for place, one in enumerate(page.stretches) if one.limits
    ]
    every = [value for value in values if value is not None]
    for phase in phases:
        every += [*phase["ucl"], *phase["lcl"], phase["cl"]]
    return {
        "label": _("%(figure)s week by week, with limits") % {"figure": definition.label},
        "name": str(definition.label),
        "weeks": labels,
        "values": values,
        "n": [week.n for week in weeks],
        "hollow": [place for place, week in enumerate(weeks) if week.value is not None and not week.is_judged],
        "unit": {Unit.SECONDS: "hours", Unit.SHARE: " %"}.get(definition.unit, ""),
        "phases": phases,
        "signals": _signals(page),
        "actions": _actions(page, labels),
        "ticks": _log_ticks(every) if definition.unit == Unit.SECONDS else _ticks(every),
    }


def _scale(definition: Definition) -> Any:
    if definition.unit == Unit.SECONDS:
        return lambda seconds: max(round(seconds / HOUR, 4), LEAST)
    if definition.unit == Unit.SHARE:
        return lambda share: round(100 * share, 1)
    return lambda value: round(value, 3)


def _phase(
    stretch: Stretch, limits: Limits, weeks: Sequence[Week], definition: Definition, place: int
) -> dict[str, Any]:
    scale = _scale(definition)
    counts = [max(week.n, 1) for week in weeks[stretch.first : stretch.last + 1]]
    words = (
        _("Phase %(n)s") % {"n": place + 1} if stretch.is_frozen else _("Phase %(n)s, provisional") % {"n": place + 1}
    )
    return {
        "from": stretch.first, "to": stretch.last, "cl": scale(limits.centre), "word": words,
        "ucl": [scale(limits.upper(n)) for n in counts], "lcl": [scale(limits.lower(n)) for n in counts],
    }  # fmt: skip


def _signals(page: ControlChart) -> dict[int, dict[str, Any]]:
    places = {week.starts_on: place for place, week in enumerate(page.weeks)}
    found: dict[int, dict[str, Any]] = {}
    for line in page.signals:
        if line.week in places and not (line.row and line.row.state == "dismissed"):
            found[places[line.week]] = {"text": line.words, "good": line.verdict == Verdict.BETTER}
    return found


def _actions(page: ControlChart, labels: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for place, mark in enumerate(page.marks):
        at = next((at for at, week in enumerate(page.weeks) if (mark.on - week.starts_on).days < 7), None)
        if at is not None and mark.on >= page.weeks[at].starts_on:
            found.append({"no": LETTERS[place % 26], "at": labels[at], "word": mark.name})
    return found


def _log_ticks(values: Sequence[float]) -> list[float]:
    """Round hours around the values, on a scale of logarithms."""
    low, high = min(values), max(values)
    first = max((place for place, tick in enumerate(LOG_TICKS) if tick <= low), default=0)
    last = min((place for place, tick in enumerate(LOG_TICKS) if tick >= high), default=len(LOG_TICKS) - 1)
    chosen = list(LOG_TICKS[first : max(last, first + 1) + 1])
    step = ceil(len(chosen) / MOST_TICKS)
    return chosen if step == 1 else [*chosen[:-1:step], chosen[-1]]


def _ticks(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    raw = (high - low) / (MOST_TICKS - 2) or 1.0
    power = 10 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    first, last = floor(low / step), ceil(high / step)
    return [round(place * step, 6) for place in range(first, max(last, first + 1) + 1)]


def table(page: ControlChart) -> dict[str, Any]:
    """Every week with its value, its n, its limits and what the chart says of it; the newest first."""
    words: dict[date, list[str]] = {}
    for line in page.signals:
        words.setdefault(line.week, []).append(line.words)
    rows = []
    for place in range(len(page.weeks) - 1, -1, -1):
        week = page.weeks[place]
        limits = next((one.limits for one in page.stretches if one.first <= place <= one.last), None)
        rows.append([
            day(week.starts_on), said(week.value, page.definition) or _("none"), number(week.n),
            _limits_said(limits, week, page.definition), "; ".join(words.get(week.starts_on, [])),
        ])  # fmt: skip
    head = [_("Week from"), _("Value"), "n", _("Limits"), _("What the chart says")]
    return {"caption": _("Table: %(n)s weeks") % {"n": len(rows)}, "head": head, "rows": rows}


def _limits_said(limits: Limits | None, week: Week, definition: Definition) -> str:
    if limits is None:
        return ""
    n = max(week.n, 1)
    return f"{said(limits.lower(n), definition)} – {said(limits.upper(n), definition)}"


def scale_words(scale: Scale) -> str:
    """How the limits of this chart are reckoned."""
    return {
        Scale.LOG: _("Individuals of the logarithms of the weekly median: times are skewed, and on a plain scale most "
                     "charts would raise false alarms."),
        Scale.PLAIN: _("Individuals: the mean, and three standard deviations from the mean moving range."),
        Scale.SHARE: _("Laney’s p′: the limits of a share, widened by as much as the weeks differ more than chance "
                       "explains."),
        Scale.RATE: _("Laney’s u′: the limits of a count for each request, widened by as much as the weeks differ more "
                      "than chance explains."),
    }[scale]  # fmt: skip


def headline(line: SignalLine) -> str:
    """Since when, and whether for the better."""
    since = day(line.since)
    if line.since == line.until:
        return {
            Verdict.BETTER: _("Better in the week from %(day)s"),
            Verdict.WORSE: _("Worse in the week from %(day)s"),
            Verdict.DIFFERENT: _("Different in the week from %(day)s"),
        }[line.verdict] % {"day": since}
    return {
        Verdict.BETTER: _("Better since %(day)s"),
        Verdict.WORSE: _("Worse since %(day)s"),
        Verdict.DIFFERENT: _("Different since %(day)s"),
    }[line.verdict] % {"day": since}


@dataclass(frozen=True)
class Row:
    """A chart as a line of a table, in the reader's words; empty where there is nothing to say."""

    card: Card
    value: str
    centre: str
    signal: str


def rows_of(cards: Sequence[Card]) -> list[Row]:
    return [
        Row(
            card,
            said(card.last.value if card.last else None, card.definition),
            said(card.limits.centre if card.limits else None, card.definition),
            headline(card.signal) if card.signal else "",
        )
        for card in cards
    ]
