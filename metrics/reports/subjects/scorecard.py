"""The scorecard of a department on paper and as a spreadsheet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from metrics.mending.states import Recurrence
from metrics.reports.states import Amount, Asked, Cell, Report, Table, Value
from metrics.reports.subjects.words import between
from metrics.rollups.states import Figure
from metrics.scorecard.rates import Rate
from metrics.scorecard.selectors import Scorecard, scorecard_of
from metrics.scorecard.states import Line, is_told, why_not
from requests_app.kernel.formats import day, number


def of_scorecard(asked: Asked) -> Report:
    """Errors as `scorecard_of`."""
    page = scorecard_of(person=asked.person, slug=asked.slug, now=asked.now, **asked.days)
    period = page.stretch.period
    return Report(
        name=f"{page.department.slug}-scorecard-{period.start}-{period.last}",
        title=_("Scorecard: %(name)s") % {"name": page.department.name},
        lead=_("%(first)s to %(last)s · before: %(before)s to %(before_last)s · a year ago: %(year)s to %(year_last)s")
        % {
            "first": day(period.start), "last": day(period.last),
            "before": day(page.before.start), "before_last": day(page.before.last),
            "year": day(page.year_ago.start), "year_last": day(page.year_ago.last),
        },
        as_of=page.as_of,
        tables=list(_tables(page)),
        values=[*(_value(line) for line in page.lines), *(_rate_value(rate) for rate in page.rates)],
    )  # fmt: skip


def _tables(page: Scorecard) -> Iterator[Table]:
    head = [_("Figure"), _("Value"), _("Interval (95 %)"), "n", _("Target"), _("Before"), _("A year ago"), _("Company")]
    for heading, lines in page.groups:
        yield Table(str(heading), head, [_row(line) for line in lines])
    actions, said = page.actions, page.said
    yield Table(
        _("Corrective actions"),
        [_("In the period"), _("How many")],
        [[_("Opened"), actions.opened], [_("Confirmed by the customer"), actions.confirmed],
         [_("Came back"), actions.recurred], [_("Open today"), actions.open]],
    )  # fmt: skip
    yield _recurrence(page.recurrence)
    yield Table(
        _("What was said to the department"),
        [_("In the period"), _("How many")],
        [[_("Complaints"), said.complaints], [_("Complaints answered in time"), said.answered_in_time],
         [_("Complaints that wait for an answer"), said.waiting], [_("Suggestions"), said.suggestions],
         [_("Praise"), said.praise]],
    )  # fmt: skip
    yield Table(
        _("What was said, of 100 requests"),
        [_("Figure"), _("Value"), _("Interval (95 %)"), _("How many"), _("Requests"), _("Before")],
        [_rate_row(rate) for rate in page.rates],
    )
    yield Table(
        _("Improvements with a measured effect"),
        [_("Improvement"), _("Since"), _("Figure"), _("Expected"), _("Effect")],
        [
            [line.improvement.name, day(line.improvement.effective_on), str(line.definition.label), line.expected,
             line.effect]
            for line in page.improvements
        ],
        absent=_("None has been measured in the twelve months up to the last day. Too early to judge: %(n)s")
        % {"n": number(page.unmeasured)},
    )  # fmt: skip
    definitions: list[list[Cell]] = [[str(line.definition.label), str(line.definition.formula)] for line in page.lines]
    definitions += [[str(rate.label), str(rate.formula)] for rate in page.rates]
    yield Table(_("How it is counted"), [_("Figure"), _("Definition")], definitions)


def _recurrence(figure: Recurrence) -> Table:
    low, high = figure.interval or (None, None)
    return Table(
        _("Problems that came back"),
        [_("Value"), _("Interval (95 %)"), "n", _("Definition")],
        [[Amount(figure.share, "share"), between(low, high, "share"), figure.n, figure.formula]] if figure.n else [],
        absent=_("Nothing was confirmed long enough ago."),
    )


def _row(line: Line) -> list[Cell]:
    figure = line.figure
    told = line.told
    target = Amount(figure.target, line.unit) if figure.target is not None else None
    return [
        str(line.definition.label), _cell(figure, line.unit),
        between(figure.low, figure.high, line.unit) if told else "", figure.n, target,
        *(_cell(one, line.unit) for one in (line.before, line.year_ago, line.company)),
    ]  # fmt: skip


def _cell(figure: Figure | None, unit: str) -> Cell:
    return Amount(figure.value, unit) if figure is not None and is_told(figure) else why_not(figure)


def _rate_row(rate: Rate) -> list[Cell]:
    low, high = rate.interval or (None, None)
    value: Cell = _("too few requests") if rate.value is None else Amount(rate.value, "mean")
    return [str(rate.label), value, between(low, high, "mean"), rate.count, rate.n, Amount(rate.before, "mean")]


def _rate_value(rate: Rate) -> Value:
    low, high = rate.interval or (None, None)
    return Value(rate.key, str(rate.label), "mean", rate.n, rate.value, None, None, None, low, high, None, rate.before)


def _value(line: Line) -> Value:
    """What is too few to be told stays out of plain values too."""
    figure = line.figure
    before = line.before.value if line.before is not None and is_told(line.before) else None
    found = figure if line.told else Figure(figure.definition, figure.n, None)
    return Value(
        figure.key, str(line.definition.label), line.unit, figure.n, found.value, found.median, found.p90, found.mean,
        found.low, found.high, figure.target, before,
    )  # fmt: skip
