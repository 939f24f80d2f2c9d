"""How requests go: who passes what to whom, the paths they take, and how many are to come."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.dashboards.states import Tile
from metrics.forecast.selectors import Line, outlook_of
from metrics.passing.selectors import PassingPage, passing_of_company, passing_of_department
from metrics.passing.states import Cause
from metrics.process.selectors import ProcessPage, process_page
from metrics.reports.states import Amount, Asked, Cell, Report, Table, drawn
from metrics.reports.subjects.words import between, lead_of
from metrics.rollups.states import Side
from requests_app.kernel.formats import number

PROCESS = ("side", "service", "other", "split", "time")


def of_passing(asked: Asked) -> Report:
    page = passing_of_department(person=asked.person, slug=asked.slug, now=asked.now, **asked.days)
    name = page.department.name if page.department else ""
    return _passing(page, asked.slug, _("Passing on at %(name)s") % {"name": name})


def of_passing_in_company(asked: Asked) -> Report:
    page = passing_of_company(person=asked.person, now=asked.now, **asked.days)
    return _passing(page, "company", _("Passing on in the company"))


def _passing(page: PassingPage, slug: str, title: str) -> Report:
    """What is open right now and named one by one stays on the page: tomorrow it is not true any more."""
    counted, period = page.counted, page.stretch.period
    pairs: list[list[Cell]] = [
        [row.one, row.other, row.n, row.requests, Amount(row.seconds, "seconds")] for row in counted.pairs
    ]
    keys = ("handoffs_mean", "bounce_rate", "ping_pong")
    services: list[list[Cell]] = []
    for row in counted.services:
        found = [row.figures.get(key) for key in keys]
        cells = [Amount(one.value, one.definition.unit.value) if one else None for one in found]
        services.append([row.name, row.figures["created"].n if "created" in row.figures else 0, *cells])
    waits: list[list[Cell]] = [
        [row.name, Amount(row.share, "share"), between(row.low, row.high, "share"), row.n] for row in counted.waits
    ]
    return Report(
        name=f"{slug}-passing-{period.start}-{period.last}",
        title=title,
        lead=lead_of(period),
        as_of=page.as_of,
        tables=[
            _tiles([*counted.tiles, counted.late]),
            Table(_("Who sends back and forth"), [_("From and back to"), _("By way of"), _("Times"), _("Requests"),
                  _("Time lost")], pairs),
            Table(_("Passing on by service"), [_("Service"), _("Requests"), _("Handoffs each"), _("Bounces"),
                  _("Ping-pong")], services),
            _causes(_("Handed over because"), counted.handed),
            _causes(_("Given back because"), counted.given_back),
            drawn(_("Who held the time, by service"), counted.by_service.table),
            drawn(_("Who held the time, by pair"), counted.by_pair.table),
            Table(_("Time waiting for customers"), [_("Department"), _("Share"), _("Expected by chance"), "n"], waits),
        ],
    )  # fmt: skip


def _tiles(tiles: Sequence[Tile]) -> Table:
    rows: list[list[Cell]] = []
    for tile in tiles:
        one = tile.figure
        value = _("too few to say") if one.hidden else Amount(one.value, tile.unit)
        rows.append([str(tile.name), value, between(one.low, one.high, tile.unit), one.n])
    return Table(_("Figures"), [_("Figure"), _("Value"), _("Interval (95 %)"), "n"], rows)


def _causes(heading: str, rows: Sequence[Cause]) -> Table:
    return Table(heading, [_("Reason"), _("Times")], [[row.words, row.n] for row in rows])


def of_process(asked: Asked) -> Report:
    given = {name: asked.more.get(name, "") for name in PROCESS}
    page = process_page(person=asked.person, slug=asked.slug, now=asked.now, **asked.days, **given)
    period, process = page.stretch.period, page.process
    words = _("Paths of requests to %(name)s") if page.side == Side.SUPPLIER else _("Paths of requests from %(name)s")
    said = {"straight": number(process.straight), "n": number(process.n)}
    return Report(
        name=f"{page.department.slug}-paths-{period.start}-{period.last}",
        title=words % {"name": page.department.name},
        lead=f"{lead_of(period, alone=True)} · {_('%(straight)s of %(n)s finished requests went straight') % said}",
        as_of=page.as_of,
        tables=_paths(page),
    )


def _paths(page: ProcessPage) -> list[Table]:
    variants: list[list[Cell]] = [
        [" → ".join(row.words), row.what.n, Amount(row.what.share, "share"), Amount(row.what.median, page.unit),
         Amount(row.what.p90, page.unit), Amount(row.what.kept, "share")]
        for row in page.variants
    ]  # fmt: skip
    others = page.process.others
    if others:
        variants.append([_("%(n)s rarer paths") % {"n": number(others.paths)}, others.n, Amount(others.share, "share"),
                         None, None, None])  # fmt: skip
    few = _("fewer than 5 requests")
    edges: list[list[Cell]] = [
        [" → ".join(row.words), few if row.what.few else row.what.n, Amount(row.what.median, page.unit),
         Amount(row.what.p90, page.unit), Amount(row.what.total, page.unit)]
        for row in page.edges
    ]  # fmt: skip
    needless: list[list[Cell]] = [
        [str(row.what.kind.label), *((few, None, None) if row.what.few else
         (row.what.n, row.what.requests, Amount(row.what.total, page.unit)))]
        for row in page.needless
    ]  # fmt: skip
    return [
        Table(_("Paths"), [_("Path"), "n", _("Share"), _("Median"), _("90 % within"), _("Agreement kept")], variants,
              absent=_("No request filed in this period is finished.")),
        Table(_("From step to step"), [_("Step"), "n", _("Median"), _("90 % within"), _("Together")], edges),
        Table(_("Detours"), [_("Detour"), _("Times"), _("Requests"), _("Time lost")], needless),
    ]  # fmt: skip


def of_outlook(asked: Asked) -> Report:
    """What was computed last; it has days of its own, so none are chosen."""
    page = outlook_of(person=asked.person, slug=asked.slug)
    computed = page.computed_at or asked.now
    first = [Line(_("All requests"), page.whole.forecast, page.whole.points)] if page.whole else []
    needs: list[list[Cell]] = [
        [line.service, line.supplier.name, Amount(line.need.expected, "mean"), f"{line.need.low} – {line.need.high}",
         line.need.counted, line.need.last_year]
        for line in page.needs
    ]  # fmt: skip
    return Report(
        name=f"{page.department.slug}-outlook-{timezone.localdate(computed)}",
        title=_("What %(name)s can expect") % {"name": page.department.name},
        lead=_("Requests a week, the next four weeks"),
        as_of=computed,
        tables=[
            _expected(_("What comes in"), first, _("Nothing is known of the past yet.")),
            drawn(_("Week by week"), page.table),
            _expected(_("By service"), page.services),
            _expected(_("By type of need"), page.need_types),
            Table(_("What the department will need"), [_("Service"), _("Supplier"), _("Expected"),
                  _("80 %% interval") % {}, _("n in 13 weeks"), _("Same weeks last year")], needs),
        ],
    )  # fmt: skip


def _expected(heading: str, lines: Sequence[Line], absent: str = "") -> Table:
    """A forecast that was no better than the last weeks is not told, nor one of too few weeks."""
    rows: list[list[Cell]] = []
    for line in lines:
        told = line.is_told and line.low is not None and line.high is not None
        ends = f"{number(line.low or 0, 1)} – {number(line.high or 0, 1)}" if told else None
        cells = (Amount(line.expected, "mean"), ends) if told else (_("cannot be told"), None)
        rows.append([line.name, Amount(line.lately, "mean"), *cells])
    head = [_("Requests"), _("Lately"), _("Expected"), _("80 %% interval") % {}]
    return Table(heading, head, rows, absent=absent)
