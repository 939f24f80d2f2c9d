"""The comparison of departments, the page of two of them, and a control chart."""

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.benchmark.selectors import benchmark_page
from metrics.charts.drawing import headline, table
from metrics.charts.selectors import chart_of
from metrics.dashboards.states import Tile
from metrics.relations.selectors import relation_of
from metrics.reports.states import Amount, Asked, Cell, Report, Table, drawn
from metrics.reports.subjects.words import between, lead_of
from requests_app.kernel.formats import day
from requests_app.org.selectors import get_department

NARROWED = ("figure", "need_type", "customer_kind")


def of_benchmark(asked: Asked) -> Report:
    given = {name: asked.more.get(name, "") for name in NARROWED}
    page = benchmark_page(person=asked.person, asked=given, now=asked.now, **asked.days)
    found, period = page.found, page.stretch.period
    unit = found.definition.unit.value
    personal = found.definition.personal  # compared as counted, whatever the kinds
    rows: list[list[Cell]] = [
        [row.department.name, row.groups, Amount(row.value, unit), between(row.low, row.high, unit),
         Amount(row.raw, unit), row.n, *([] if personal else [Amount(row.covered, "share")])]
        for row in found.rows
    ]  # fmt: skip
    if rows:
        rows.append([_("Company"), None, Amount(found.company, unit), *[None] * (3 if personal else 4)])
    compared = Table(
        str(found.definition.label),
        [_("Department"), _("Group"), _("Pulled toward the company") if personal else _("On the company's mix"),
         _("Interval (95 %)"), _("As counted"), "n", *([] if personal else [_("Kinds it has")])],
        rows,
        _("Within a group no two differ by more than chance (95 %). Groups overlap: who stands in two is like both."),
        _("Too little to compare."),
    )  # fmt: skip
    left_out: list[list[Cell]] = [[department.name, str(reason), n] for department, n, reason in found.left_out]
    return Report(
        name=f"benchmark-{found.definition.key}-{period.start}-{period.last}",
        title=_("Departments compared"),
        lead=lead_of(period, alone=True),
        as_of=page.as_of,
        tables=[compared, Table(_("Left out"), [_("Department"), _("Why"), "n"], left_out)],
    )


def of_relation(asked: Asked) -> Report:
    """`other` is the second department, unknown ones are a 404 as on the page."""
    one, other = (get_department(person=asked.person, slug=slug) for slug in (asked.slug, asked.more["other"]))
    if one == other:
        raise Http404
    page = relation_of(person=asked.person, one=one, other=other, choice=asked.choice, now=asked.now)
    ways = [_("%(supplier)s supplies %(customer)s") % {"supplier": s.name, "customer": c.name} for s, c in page.pairs]
    rows: list[list[Cell]] = [[str(line.definition.label), *_both(line.tiles)] for line in page.lines]
    period = page.stretch.period
    return Report(
        name=f"{one.slug}-{other.slug}-{period.start}-{period.last}",
        title=_("%(first)s and %(second)s") % {"first": one.name, "second": other.name},
        lead=lead_of(period),
        as_of=page.as_of,
        tables=[
            Table(_("Both sides"), [_("Figure"), ways[0], "n", ways[1], "n"], rows),
            drawn(_("Agreement kept, month by month"), page.table),
        ],
    )


def _both(tiles: Sequence[Tile]) -> list[Cell]:
    cells: list[Cell] = []
    for tile in tiles:
        figure = tile.figure
        cells += [_("too few to say") if figure.hidden else Amount(figure.value, tile.unit), figure.n]
    return cells


def of_chart(asked: Asked) -> Report:
    """`figure`, and `side`, `other`, `service`, `weeks` as the page takes them."""
    given = {name: asked.more.get(name, "") for name in ("figure", "side", "other", "service", "weeks")}
    page = chart_of(person=asked.person, slug=asked.slug, now=asked.now, **given)
    signals: list[list[Cell]] = [[day(line.week), headline(line)] for line in page.signals]
    marks: list[list[Cell]] = [[mark.name, day(mark.on), mark.words] for mark in page.marks]
    last = page.weeks[-1].starts_on if page.weeks else timezone.localdate(asked.now)
    return Report(
        name=f"{page.department.slug}-{page.definition.key}-{last}",
        title=_("%(figure)s: %(name)s") % {"figure": page.definition.label, "name": page.department.name},
        lead=_("Week by week, with limits"),
        as_of=page.as_of,
        tables=[
            Table(_("Signals"), [_("Week from"), _("What the chart says")], signals,
                  absent=_("Nothing but chance: no signal in these weeks.") if page.last_limits
                  else _("Too few weeks to tell.")),
            Table(_("Improvements"), [_("Improvement"), _("Since"), _("Effect")], marks),
            drawn(_("Weeks"), table(page) if page.weeks else None, _("Too few weeks to tell.")),
        ],
    )  # fmt: skip
