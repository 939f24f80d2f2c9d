"""All relations of a department: whom it supplies and who supplies it, how much, how well, and which way it goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from metrics.dashboards.states import Stretch, Tile, stretch_of, tile_of
from metrics.relations import policies
from metrics.rollups import selectors
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.links import relation_link
from metrics.rollups.policies import may_read_answers
from metrics.rollups.states import Figure, Scope, Side
from metrics.rollups.suppression import shown_cells
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

SHOWN = ("created", "resolution_kept", "rating_mean", "rating_response_rate", "backlog")


@dataclass(frozen=True)
class Line:
    """A department on the other side. `tiles` by figure, each with its change since the period before."""

    department: Department
    tiles: dict[str, Tile]
    url: str

    @property
    def requests(self) -> int:
        return self.tiles["created"].figure.n


@dataclass(frozen=True)
class Relations:
    """`sides`: those it supplies, then those that supply it; the busiest first."""

    department: Department
    stretch: Stretch
    sides: dict[str, list[Line]]
    reads_answers: bool
    as_of: datetime


def relations_of(*, person: Person, slug: str, choice: str = "", now: datetime | None = None) -> Relations:
    """404 for an unknown department, NotAllowed for whom the list is not, WrongInput for a stretch that is not offered.

    The same number of queries however many departments there are.
    """
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    policies.require_list(person, department)
    zone = ZoneInfo(department.time_zone)
    stretch = stretch_of(choice, "", "", today=now.astimezone(zone).date())
    answers = may_read_answers(person, department)
    own = tuple(below(department))
    targets = selectors.targets_for(department.pk)
    sides = {}
    for side in Side.ALL:
        scope = Scope(side, own, stretch.period, now, zone)
        sides[side] = _lines(department, scope, _readable(answers), targets if side == Side.SUPPLIER else {})
    return Relations(department, stretch, sides, answers, selectors.as_of(now))


def _readable(answers: bool) -> list[str]:
    return [key for key in SHOWN if answers or not DEFINITIONS[key].personal]


def _lines(department: Department, scope: Scope, keys: list[str], targets: Mapping[str, float]) -> list[Line]:
    found = _told(scope, keys)
    before = _told(replace(scope, period=scope.period.before()), keys)
    others = {pk for told in found.values() for pk in told} - set(scope.department_ids or ())
    lines = [
        Line(
            other,
            {key: _tile(key, other.pk, found, before, targets) for key in keys},
            relation_link(department.slug, other.slug),
        )
        for other in Department.objects.filter(pk__in=others)
    ]
    return sorted(lines, key=lambda line: (-line.requests, line.department.name))


def _told(scope: Scope, keys: Iterable[str]) -> dict[str, dict[int, Figure]]:
    """figure → department → figure, with what must not be told of small groups left out."""
    by_department = selectors.figures_by_department(scope, keys)
    return {
        key: shown_cells({pk: row[key] for pk, row in by_department.items() if pk and key in row}, DEFINITIONS[key])
        for key in keys
    }


def _tile(
    key: str,
    pk: int,
    found: Mapping[str, Mapping[int, Figure]],
    before: Mapping[str, Mapping[int, Figure]],
    targets: Mapping[str, float],
) -> Tile:
    nothing = selectors.no_figure(key)
    return tile_of(replace(found[key].get(pk, nothing), target=targets.get(key)), before[key].get(pk, nothing))
