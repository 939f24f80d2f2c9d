"""The page of the company: the matrix of one figure, how suppliers compare, walls, flows; as its reader sees them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from metrics.dashboards.company import CompanyPage, company_page
from metrics.dashboards.states import Cell as Shown
from metrics.reports.states import Amount, Asked, Cell, Report, Table, drawn
from metrics.reports.subjects.words import between, lead_of
from requests_app.kernel.formats import number


def of_company(asked: Asked) -> Report:
    """`figure` chooses the matrix. Errors as `company_page`."""
    page = company_page(person=asked.person, figure=asked.more.get("figure", ""), now=asked.now, **asked.days)
    period = page.stretch.period
    return Report(
        name=f"company-{page.definition.key}-{period.start}-{period.last}",
        title=_("Company: %(figure)s") % {"figure": page.definition.label},
        lead=lead_of(period),
        as_of=page.as_of,
        tables=list(_tables(page)),
    )


def _tables(page: CompanyPage) -> Iterator[Table]:
    yield _matrix(page)
    yield _pairs(page)
    yield Table(
        _("How suppliers compare"),
        [_("Supplier"), str(page.ranked.label), _("Interval (95 %)"), "n", _("Against the company")],
        [
            [rank.department.name, Amount(rank.share, "share"), between(rank.low, rank.high, "share"), rank.n,
             _("clearly different") if rank.differs else _("no clear difference")]
            for rank in page.ranking
        ],
        _("Shares are pulled toward the company's where there are few. Where intervals overlap, neither is better."),
        _("Nothing of this kind was counted in this period."),
    )  # fmt: skip
    sight = "" if page.in_full else " " + _("You see the pairs of your own departments.")
    asks = _("%(customer)s asks %(supplier)s")
    yield Table(
        _("Walls"),
        [_("Pair"), _("Signs"), _("What shows"), _("Requests")],
        [
            [asks % {"customer": wall.customer.name, "supplier": wall.supplier.name},
             _("%(shown)s of %(measured)s") % {"shown": number(len(wall.signs)), "measured": number(wall.measured)},
             "; ".join(wall.signs), wall.requests]
            for wall in page.walls
        ],
        _("A wall says where a talk would help, not whose doing it is.") + sight,
        _("No pair shows three signs in this period.") + sight,
    )  # fmt: skip
    absent = _("No department asked another one in this period.")
    yield drawn(_("Flow of requests"), page.flows.table if page.flows else None, absent)


def _matrix(page: CompanyPage) -> Table:
    suppliers = [department.name for department in page.departments]
    rows: list[list[Cell]] = [
        [row.department.name, *(_cell(cell, page) for cell in (*row.cells, row.all))] for row in page.rows
    ]
    if rows:
        rows.append([_("All customers"), *(_cell(cell, page) for cell in page.bottom)])
    sides, few = _("Rows ask, columns supply."), _("“n 7” means too few to say.")
    note = f"{page.definition.formula} {sides} {few}"
    if page.darker_is_better:
        note += " " + _("Darker is better, the lowest group carries an exclamation mark.")
    absent = _("No requests in this period. Choose a longer one.")
    return Table(str(page.definition.label), [_("Customer"), *suppliers, _("All")], rows, note, absent)


def _cell(cell: Shown, page: CompanyPage) -> Cell:
    if cell.figure is None:
        return None
    if cell.figure.value is None:
        return f"n {number(cell.figure.n)}"
    return Amount(cell.figure.value, page.definition.unit.value, cell.bin)


def _pairs(page: CompanyPage) -> Table:
    """The same one pair a line, with n and interval, for who goes on reckoning."""
    unit = page.definition.unit.value
    rows: list[list[Cell]] = []
    for row in page.rows:
        for supplier, cell in zip(page.departments, row.cells, strict=True):
            if cell.figure is not None:
                found = cell.figure
                ends = (Amount(bound, unit) for bound in (found.value, found.low, found.high))
                rows.append([row.department.name, supplier.name, *ends, found.n])
    head = [_("Customer"), _("Supplier"), str(page.definition.label), _("From"), _("To"), "n"]
    return Table(_("Pairs"), head, rows, long=True)
