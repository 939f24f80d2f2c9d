"""The scorecard of a department as one finished object, in a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise

from feedback.actions.counting import Happenings, happenings_of
from feedback.voice.selectors import Said, said_to
from metrics.dashboards.memory import PAGES, moment
from metrics.dashboards.states import Stretch, stretch_of
from metrics.improvement.selectors import Line as Improvement
from metrics.improvement.selectors import improvements_for, lines_of
from metrics.mending.selectors import recurrence
from metrics.mending.states import Recurrence
from metrics.rollups import policies, selectors
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import DAY, Figure, Period, Scope, Side
from metrics.scorecard.policies import require_scorecard
from metrics.scorecard.rates import Rate
from metrics.scorecard.states import KEYS, OF_THE_PAST, Line, grouped, year_before
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

USUAL = "quarter"
EFFECTS_OF = timedelta(days=365)  # improvements that took effect within so long before the last day
MOST_IMPROVEMENTS = 12


@dataclass(frozen=True)
class Scorecard:
    """`improvements` are those measured, `unmeasured` how many more took effect and cannot be judged yet."""

    department: Department
    stretch: Stretch
    before: Period
    year_ago: Period
    groups: list[tuple[str | Promise, list[Line]]]
    reads_answers: bool
    actions: Happenings
    recurrence: Recurrence
    said: Said
    rates: list[Rate]
    improvements: list[Improvement]
    unmeasured: int
    as_of: datetime

    @property
    def lines(self) -> list[Line]:
        return [line for _heading, lines in self.groups for line in lines]


def scorecard_of(
    *, person: Person, slug: str, choice: str = "", start: str = "", end: str = "", now: datetime | None = None
) -> Scorecard:
    """The last quarter without a choice. 404, NotAllowed for whom not all figures are, WrongInput for odd days."""
    now = now or timezone.now()
    department = get_department(person=person, slug=slug)
    require_scorecard(person, department)
    zone = ZoneInfo(department.time_zone)
    choice = choice or ("" if start or end else USUAL)
    stretch = stretch_of(choice, start, end, today=now.astimezone(zone).date())
    scope = Scope(Side.SUPPLIER, tuple(below(department)), stretch.period, now, zone)
    readable = policies.readable_figures(person, department, KEYS)
    whole = policies.sight_of_company(person) == policies.Sight.FULL
    key = (*moment(now), "scorecard", department.pk, stretch.period, tuple(readable), whole)
    lines = PAGES.of(key, lambda: _lines(scope, department, readable, whole=whole))
    first, last = stretch.period.bounds(zone)
    said = said_to(scope.department_ids or (), first, last)
    said_before = said_to(scope.department_ids or (), *stretch.period.before().bounds(zone))
    improvements, unmeasured = _improvements(person, department, stretch.period)
    return Scorecard(
        department=department,
        stretch=stretch,
        before=stretch.period.before(),
        year_ago=year_before(stretch.period),
        groups=list(grouped(lines)),
        reads_answers=any(DEFINITIONS[one].personal for one in readable),
        actions=happenings_of(scope.department_ids or (), first, last),
        recurrence=recurrence(department, Side.SUPPLIER, now=now),
        said=said,
        rates=_rates(said, said_before, lines.get("created")),
        improvements=improvements,
        unmeasured=unmeasured,
        as_of=selectors.as_of(now),
    )


def _lines(scope: Scope, department: Department, keys: list[str], *, whole: bool) -> dict[str, Line]:
    """What people answered of the whole company is told to whom all answers are told."""
    past = [key for key in keys if key in OF_THE_PAST]
    shared = [key for key in past if key != "backlog" and (whole or not DEFINITIONS[key].personal)]
    period = scope.period
    now, before = selectors.figures_with_before(scope, keys, past, targets=selectors.targets_for(department.pk))
    year_ago = selectors.figures(replace(scope, period=year_before(period)), past)
    company: dict[str, Figure] = selectors.figures(replace(scope, department_ids=None), shared)
    return {key: Line(now[key], before.get(key), year_ago.get(key), company.get(key)) for key in keys}


def _rates(said: Said, before: Said, created: Line | None) -> list[Rate]:
    """Beside what was filed in the same days. Empty where what was filed is not told."""
    if created is None:
        return []
    n, n_before = created.figure.n, created.before.n if created.before else 0
    counts = {"complaint_rate": (said.complaints, before.complaints), "praise_rate": (said.praise, before.praise)}
    return [Rate(key, now, n, Rate(key, then, n_before).value) for key, (now, then) in counts.items()]


def _improvements(person: Person, department: Department, period: Period) -> tuple[list[Improvement], int]:
    """(those with a measured effect, how many there are without); of the year up to the end of the period."""
    rows = improvements_for(person, department=department)
    rows = rows.filter(effective_on__gt=period.last - EFFECTS_OF, effective_on__lt=period.last + DAY)
    lines = lines_of(person, rows[:MOST_IMPROVEMENTS])
    measured = [line for line in lines if line.effect]
    return measured, len(lines) - len(measured)
