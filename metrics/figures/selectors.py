"""All figures of a department as one finished object, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from metrics.dashboards.memory import PAGES, moment
from metrics.dashboards.states import Stretch, stretch_of
from metrics.figures.asked import FIELDS, Chip, Narrowed, Select, chips_of, narrowed_by, selects_for
from metrics.figures.states import Line, grouped, groups_for
from metrics.rollups import policies, selectors
from metrics.rollups.links import rows_link
from metrics.rollups.states import Figure, Scope, Side
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department


@dataclass(frozen=True)
class FiguresPage:
    """`withheld`: there are answers that may not be told with these filters. `kept`: the filters, as parameters."""

    department: Department
    side: str
    stretch: Stretch
    groups: list[tuple[str | Promise, list[Line]]]
    selects: list[Select]
    chips: list[Chip]
    kept: list[tuple[str, str]]
    reads_answers: bool
    withheld: bool
    as_of: datetime


def figures_page(*, person: Person, slug: str, asked: Mapping[str, str], now: datetime | None = None) -> FiguresPage:
    """`asked` by name: side, period, from, to and the filters; empty means the usual.

    404 for an unknown department, NotAllowed for whom its figures, or these filters, are not, WrongInput for what
    cannot be.
    """
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    sight = policies.require_sight(person, department)
    side = asked.get("side") or Side.SUPPLIER
    if side not in Side.ALL:
        raise WrongInput({"side": [_("Choose one of: %(c)s.") % {"c": ", ".join(Side.ALL)}]})
    zone = ZoneInfo(department.time_zone)
    today = now.astimezone(zone).date()
    stretch = stretch_of(asked.get("period", ""), asked.get("from", ""), asked.get("to", ""), today=today)
    narrowed = narrowed_by(person, side, asked)
    policies.require_narrowing(person, sight, tuple(narrowed.others) or None, finer=narrowed.finer)
    own = tuple(below(department))
    scope = Scope(side, own, stretch.period, now, zone, **narrowed.scope)
    answers = policies.may_read_answers(person, department)
    return FiguresPage(
        department=department,
        side=side,
        stretch=stretch,
        groups=grouped(_lines(person, department, scope, narrowed), side),
        selects=selects_for(person, department, own, sight, narrowed),
        chips=list(chips_of(narrowed)),
        kept=[("side", side), *narrowed.values.items()],
        reads_answers=answers,
        withheld=answers and scope.tells_no_answers,
        as_of=selectors.as_of(now),
    )


def _lines(person: Person, department: Department, scope: Scope, narrowed: Narrowed) -> dict[str, Line]:
    wanted = [key for _heading, keys in groups_for(scope.side) for key in keys]
    keys = policies.readable_figures(person, department, wanted)
    opens = policies.may_open_rows(person, department)
    key = (*moment(scope.now), "figures", department.pk, scope.side, scope.period, tuple(narrowed.values.items()),
           tuple(keys))  # fmt: skip
    found = PAGES.of(key, lambda: _counted(scope, keys, department))

    def link(key: str) -> str:
        where = {"side": scope.side, "department": department.slug}
        return rows_link(figure=key, period=scope.period, **where, **narrowed.link)

    return {key: Line(figure, link(key) if opens and figure.behind else "") for key, figure in found.items()}


def _counted(scope: Scope, keys: list[str], department: Department) -> dict[str, Figure]:
    return selectors.figures(scope, keys, targets=selectors.targets_for(department.pk), calendar=True)


__all__ = ["FIELDS", "FiguresPage", "figures_page"]
