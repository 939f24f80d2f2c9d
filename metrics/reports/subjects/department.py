"""The figures of a department as supplier and as customer."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from metrics.dashboards.selectors import COLUMNS, DepartmentPage, department_page
from metrics.reports.states import Amount, Asked, Cell, Report, Table, Value
from metrics.reports.subjects.words import between, lead_of
from metrics.rollups import policies, selectors
from metrics.rollups.definitions import DEFINITIONS, Unit
from metrics.rollups.states import Figure, OpenAware, Scope, Side
from requests_app.org.selectors import below


def of_supplier(asked: Asked) -> Report:
    return _report(asked, Side.SUPPLIER)


def of_customer(asked: Asked) -> Report:
    return _report(asked, Side.CUSTOMER)


def _report(asked: Asked, side: str) -> Report:
    """What the dashboard of these days shows, and all other figures the reader may see. Errors as `department_page`."""
    person, now = asked.person, asked.now
    page = department_page(person=person, slug=asked.slug, side=side, now=now, **asked.days)
    department, period = page.department, page.stretch.period
    scope = Scope(side, tuple(below(department)), period, now, ZoneInfo(department.time_zone))
    keys = policies.readable_figures(person, department)
    found, before = selectors.figures_with_before(scope, keys, keys, targets=selectors.targets_for(department.pk))
    return Report(
        name=f"{department.slug}-{side}-{period.start}-{period.last}",
        title=title_of(department.name, side),
        lead=lead_of(period),
        as_of=page.as_of,
        tables=list(_tables(page, found, before, selectors.told_with_open(scope))),
        values=[*(_value(figure, before[key]) for key, figure in found.items()), *_aged_values(page)],
    )


def title_of(name: str, side: str) -> str:
    """As the page of these figures is called."""
    words = _("%(name)s as supplier") if side == Side.SUPPLIER else _("%(name)s as customer")
    return words % {"name": name}


def _tables(
    page: DepartmentPage, found: Mapping[str, Figure], before: Mapping[str, Figure], filed: Sequence[OpenAware]
) -> Iterator[Table]:
    yield Table(
        _("Figures"),
        [_("Figure"), _("Value"), _("Interval (95 %)"), "n", _("Target"), _("Days before")],
        [figure_row(figure, before[key]) for key, figure in found.items() if figure.n],
        _("Durations are working time, their value is the median. Without an interval there are too few for one."),
    )
    yield Table(
        _("Durations with open requests counted"),
        [_("Figure"), _("Median"), "p90", "n", _("Open")],
        [
            [
                str(DEFINITIONS[one.key].label),
                Amount(one.median, "seconds"),
                Amount(one.p90, "seconds"),
                one.n,
                one.open,
            ]
            for one in filed
        ],
        _("More than one in twenty of what was filed in these days is open still; what has ended alone flatters."),
    )
    yield Table(
        _("Open work by age"),
        [_("Since filing"), _("Open requests"), _("Of them overdue")],
        [[str(aged.group.age.words), aged.group.n, aged.group.overdue] for aged in page.aged],
    )
    yield _others(page)
    yield Table(
        _("Where the working time of a delivered request went"),
        [_("Held by"), _("On average")],
        [[str(held.name), Amount(held.seconds, "seconds")] for held in page.held],
    )
    yield Table(
        _("What requests waited for"), [_("Reason"), _("Requests")], [[hurt.name, hurt.n] for hurt in page.holds]
    )
    yield Table(
        _("What is asked for more or less often than before"),
        [_("Service"), _("Requests"), _("Change")],
        [[need.name, need.n, need.change] for need in (*page.rising, *page.falling)],
    )


def figure_row(figure: Figure, before: Figure) -> Sequence[Cell]:
    unit = figure.definition.unit.value
    few = _("fewer than five answered") if figure.hidden else Amount(figure.value, unit)
    target = Amount(figure.target, unit) if figure.target is not None else None
    return [
        str(figure.definition.label),
        few,
        between(figure.low, figure.high, unit),
        figure.n,
        target,
        Amount(before.value, unit),
    ]


def _others(page: DepartmentPage) -> Table:
    rows: list[list[Cell]] = []
    for other in page.others:
        cells: list[Cell] = []
        for key in COLUMNS:
            figure = other.figures.get(key)
            cells.append(Amount(figure.value if figure else None, DEFINITIONS[key].unit.value))
        rows.append([other.department.name, *cells])
    heading = _("Customers") if page.side == Side.SUPPLIER else _("Suppliers")
    return Table(heading, [_("Department"), *(str(DEFINITIONS[key].label) for key in COLUMNS)], rows)


def _value(figure: Figure, before: Figure) -> Value:
    definition = figure.definition
    return Value(
        figure.key, str(definition.label), definition.unit.value, figure.n, figure.value, figure.median, figure.p90,
        figure.mean, figure.low, figure.high, figure.target, before.value,
    )  # fmt: skip


def _aged_values(page: DepartmentPage) -> Iterator[Value]:
    """Open work of each age: `n` are open, `value` are overdue of them."""
    for aged in page.aged:
        group = aged.group
        name = f"{_('Open work by age')}: {group.age.words}"
        yield Value(
            f"open_by_age:{group.age.key}", name, Unit.COUNT.value, group.n, group.overdue,
            None, None, None, None, None, None, None,
        )  # fmt: skip
