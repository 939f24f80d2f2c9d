"""A control chart as its readers see it, and all charts of a department."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.charts import policies
from metrics.charts.marks import Mark, marks_on
from metrics.charts.models import Chart, Phase, Signal
from metrics.charts.reading import Reading, Span, Stretch, Week, new_level_since, read
from metrics.charts.states import (
    MOST_WEEKS,
    SHOWN_WEEKS,
    WATCHED,
    WEEK,
    SignalState,
    Subject,
    Verdict,
    can_be_charted,
    is_usual,
    scale_of,
    told,
    verdict_of,
    whole_weeks,
)
from metrics.charts.statistics import DEFAULT_RULES, LENGTHS, Alarm, Limits, Scale
from metrics.rollups import selectors
from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit
from metrics.rollups.states import Figure, Period, Scope, Side
from requests_app.catalogue.models import Service
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

LONG_RUN = 2
BEFORE = max(LENGTHS.values()) - 1  # weeks before the first one drawn, which a rule may need
CHOICES = {"26": 26, "52": SHOWN_WEEKS, "104": MOST_WEEKS}


@dataclass(frozen=True)
class SignalLine:
    """A signal in words; `row` is what somebody said of it, or None while nobody did."""

    rule: int
    week: date
    since: date
    until: date
    words: str
    verdict: Verdict
    row: Signal | None

    @property
    def state(self) -> str:
        return self.row.state if self.row else SignalState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == SignalState.OPEN


@dataclass(frozen=True)
class Proposal:
    """A new level that could become a phase of its own: since which week, after which improvement."""

    starts_on: date
    mark: Mark


@dataclass(frozen=True)
class ControlChart:
    """Everything a chart's page shows. `weeks` are those drawn; places in `stretches` count among them."""

    department: Department
    definition: Definition
    side: str
    other: Department | None
    service: Service | None
    chart: Chart | None
    weeks: Sequence[Week]
    stretches: list[Stretch]
    phases: Mapping[date, Phase]
    signals: list[SignalLine]
    marks: list[Mark]
    proposals: list[Proposal]
    shown: int
    as_of: datetime
    may_answer: bool

    @property
    def judged(self) -> int:
        return sum(week.is_judged for week in self.weeks)

    @property
    def is_watched(self) -> bool:
        """Whether a worker looks at it: the usual ones, and those of which somebody said something."""
        subject = (self.side, self.definition.key, pk_of(self.other), pk_of(self.service))
        return self.chart is not None or is_usual(*subject)

    @property
    def rules(self) -> Sequence[int]:
        return self.chart.rules if self.chart else DEFAULT_RULES

    @property
    def last_limits(self) -> Limits | None:
        return self.stretches[-1].limits if self.stretches else None


def chart_of(
    *,
    person: Person,
    slug: str,
    figure: str,
    side: str = "",
    other: str = "",
    service: str = "",
    weeks: str = "",
    now: datetime | None = None,
) -> ControlChart:
    """404 for what there is not or the reader does not know of; NotAllowed; WrongInput names the field."""
    department = get_department(person=person, slug=slug)
    if not can_be_charted(figure):
        raise Http404
    if side and side not in Side.ALL:
        raise WrongInput({"side": [_("Choose one of: %(c)s.") % {"c": ", ".join(Side.ALL)}]})
    if weeks and weeks not in CHOICES:
        raise WrongInput({"weeks": [_("Choose one of: %(c)s.") % {"c": ", ".join(CHOICES)}]})
    other_row = get_department(person=person, slug=other) if other else None
    service_row = _service(department, service) if service else None
    side = side or Side.SUPPLIER
    policies.require_chart(person, department, figure, other_row, finer=service_row is not None)
    subject = Subject(department.pk, side, figure, pk_of(other_row), pk_of(service_row))
    chart = find_chart(subject)
    found = reading_of(subject, department, chart, weeks=CHOICES.get(weeks, SHOWN_WEEKS), now=now or timezone.now())
    return _page(person, department, other_row, service_row, subject, chart, found, now or timezone.now())


def _service(department: Department, slug: str) -> Service:
    found = Service.objects.filter(slug=slug, department_id__in=below(department)).first()
    if found is None:
        raise WrongInput({"service": [_("This department does not offer that. Choose one of its services.")]})
    return found


def pk_of(row: Department | Service | None) -> int | None:
    return row.pk if row else None


def named(subject: Subject) -> dict[str, Any]:
    """The columns that make a chart this one and no other."""
    return {
        "department_id": subject.department_id, "side": subject.side, "figure": subject.figure,
        "other_id": subject.other_id, "service_id": subject.service_id,
    }  # fmt: skip


def find_chart(subject: Subject) -> Chart | None:
    return Chart.objects.filter(**named(subject)).first()


@dataclass(frozen=True)
class Found:
    """A reading that may begin before what is drawn: `cut` weeks of it are not shown."""

    reading: Reading
    phases: list[Phase]
    signals: list[Signal]
    cut: int


def reading_of(subject: Subject, department: Department, chart: Chart | None, *, weeks: int, now: datetime) -> Found:
    zone = ZoneInfo(department.time_zone)
    periods = whole_weeks(now.astimezone(zone).date(), min(weeks + BEFORE, MOST_WEEKS + BEFORE))
    scope = scope_of(subject, department, Period(periods[0].start, periods[-1].end), now)
    loaded = weeks_of(subject.figure, selectors.series(scope, [subject.figure], periods)[subject.figure], periods)
    phases = list(chart.phases.select_related("confirmed_by")) if chart else []
    signals = list(chart.signals.select_related("decided_by")) if chart else []
    start = next((place for place, week in enumerate(loaded) if week.n or week.value), len(loaded))
    loaded = loaded[min(start, BEFORE) :] if not phases else loaded
    rules = chart.rules if chart else DEFAULT_RULES
    reading = read(loaded, spans_of(phases), scale_of(DEFINITIONS[subject.figure]), rules)
    return Found(reading, phases, signals, max(len(loaded) - weeks, 0))


def scope_of(subject: Subject, department: Department, period: Period, now: datetime) -> Scope:
    return Scope(
        subject.side, tuple(below(department)), period, now, ZoneInfo(department.time_zone),
        other_ids=(subject.other_id,) if subject.other_id else None, service_id=subject.service_id,
    )  # fmt: skip


def weeks_of(key: str, figures: Sequence[Figure], periods: Sequence[Period]) -> list[Week]:
    """What each week counts for. Of counts, zero is a value; of everything else, nothing is."""
    definition = DEFINITIONS[key]
    is_count = definition.unit == Unit.COUNT
    found = []
    for figure, period in zip(figures, periods, strict=True):
        value = float(figure.n) if is_count else figure.value
        found.append(Week(period.start, figure.n, value, float(figure.total or 0), is_count))
    return found


def spans_of(phases: Sequence[Phase]) -> list[Span]:
    return [
        Span(phase.starts_on, _frozen(phase), phase.weeks) for phase in sorted(phases, key=lambda one: one.starts_on)
    ]


def _frozen(phase: Phase) -> Limits | None:
    if phase.frozen_at is None or phase.centre is None or phase.spread is None:
        return None
    return Limits(Scale(phase.scale), phase.centre, phase.spread, phase.offset)


def _page(
    person: Person, department: Department, other: Department | None, service: Service | None, subject: Subject,
    chart: Chart | None, found: Found, now: datetime,
) -> ControlChart:  # fmt: skip
    definition, reading, cut = DEFINITIONS[subject.figure], found.reading, found.cut
    marks = _marks(subject, department, reading)
    return ControlChart(
        department=department,
        definition=definition,
        side=subject.side,
        other=other,
        service=service,
        chart=chart,
        weeks=reading.weeks[cut:],
        stretches=_shifted(reading.stretches, cut),
        phases={phase.starts_on: phase for phase in found.phases},
        signals=signal_lines(reading, definition, found.signals, first=cut),
        marks=marks,
        proposals=proposals_of(reading, definition, marks),
        shown=len(reading.weeks) - cut,
        as_of=selectors.as_of(now),
        may_answer=policies.answers_for(person, department),
    )


def _marks(subject: Subject, department: Department, reading: Reading) -> list[Mark]:
    """Also those before the first week drawn: a phase may still begin after them."""
    if not reading.weeks:
        return []
    period = Period(reading.weeks[0].starts_on, reading.weeks[-1].starts_on + WEEK)
    return marks_on(subject, below(department), period)


def _shifted(stretches: Sequence[Stretch], cut: int) -> list[Stretch]:
    return [
        Stretch(max(one.first - cut, 0), one.last - cut, one.starts_on, one.limits, one.weeks, one.is_frozen)
        for one in stretches
        if one.last >= cut
    ]


def signal_lines(
    reading: Reading, definition: Definition, rows: Sequence[Signal], *, first: int = 0
) -> list[SignalLine]:
    """The newest first; those that were over before the week at `first` are left out."""
    said = {(row.week, row.rule): row for row in rows}
    runs = [alarm for alarm in reading.alarms if alarm.rule == LONG_RUN]
    lines = [
        SignalLine(
            alarm.rule,
            reading.weeks[alarm.at].starts_on,
            reading.weeks[alarm.first].starts_on,
            reading.weeks[alarm.last].starts_on,
            told(alarm),
            verdict_of(definition, alarm),
            said.get((reading.weeks[alarm.at].starts_on, alarm.rule)),
        )
        for alarm in reading.alarms
        if alarm.last >= first
    ]
    lines = [line for line in lines if not line.is_open or not _echoes(line, runs, reading)]
    return sorted(lines, key=lambda line: (line.week, line.rule), reverse=True)


def _echoes(line: SignalLine, runs: Sequence[Alarm], reading: Reading) -> bool:
    """Within a long run on one side of the centre, every other rule only says again that the level is another one."""
    return line.rule != LONG_RUN and any(
        reading.weeks[run.first].starts_on <= line.since and line.until <= reading.weeks[run.last].starts_on
        for run in runs
    )


def proposals_of(reading: Reading, definition: Definition, marks: Sequence[Mark]) -> list[Proposal]:
    """One for each improvement after which the figure stayed on its better side long enough."""
    if definition.direction == Direction.NEITHER:
        return []
    better = definition.direction == Direction.HIGHER
    found = [(new_level_since(reading, mark.on, above_is_better=better), mark) for mark in marks if mark.is_improvement]
    return [Proposal(starts_on, mark) for starts_on, mark in found if starts_on]


# ── All charts of a department ───────────────────────────────────────────────


@dataclass(frozen=True)
class Card:
    """A chart in one line: its last judged week, its centre, and the newest signal that nobody has answered."""

    definition: Definition
    weeks: Sequence[Week]
    last: Week | None
    limits: Limits | None
    is_frozen: bool
    signal: SignalLine | None

    @property
    def values(self) -> list[float | None]:
        return [week.value if week.is_judged else None for week in self.weeks]


@dataclass(frozen=True)
class Charts:
    department: Department
    side: str
    cards: list[Card]
    others: list[Definition]
    besides: list[Chart]
    as_of: datetime


def charts_of(*, person: Person, slug: str, side: str, now: datetime | None = None) -> Charts:
    """What is watched of a department, and what else could be drawn. In a fixed number of queries."""
    department = get_department(person=person, slug=slug)
    now = now or timezone.now()
    policies.require_chart(person, department, "created", None, finer=False)
    readable = policies.readable_figures(person, department)
    keys = [key for key in WATCHED[side] if key in readable]
    return Charts(
        department,
        side,
        cards_of(department, side, keys, now),
        [DEFINITIONS[key] for key in readable if can_be_charted(key) and key not in keys],
        [row for row in watched_besides(department) if row.side == side and row.figure in readable]
        if policies.answers_for(person, department)
        else [],
        selectors.as_of(now),
    )


def watched_besides(department: Department) -> list[Chart]:
    """The charts that are watched because somebody wanted it: of a pair, of a service, of any other figure."""
    rows = Chart.objects.filter(department=department).select_related("department", "other", "service")
    found = [row for row in rows if not is_usual(row.side, row.figure, row.other_id, row.service_id)]
    return sorted(found, key=lambda row: (str(DEFINITIONS[row.figure].label), row.pk))


def cards_of(department: Department, side: str, keys: Sequence[str], now: datetime) -> list[Card]:
    periods = whole_weeks(now.astimezone(ZoneInfo(department.time_zone)).date(), SHOWN_WEEKS)
    subject = Subject(department.pk, side, "created")
    scope = scope_of(subject, department, Period(periods[0].start, periods[-1].end), now)
    series = selectors.series(scope, keys, periods)
    rows = Chart.objects.filter(department=department, side=side, figure__in=keys, other=None, service=None)
    known = {row.figure: row for row in rows.prefetch_related("phases", "signals")}
    return [_card(DEFINITIONS[key], weeks_of(key, series[key], periods), known.get(key)) for key in keys]


def _card(definition: Definition, weeks: list[Week], chart: Chart | None) -> Card:
    phases = list(chart.phases.all()) if chart else []
    reading = read(weeks, spans_of(phases), scale_of(definition), chart.rules if chart else DEFAULT_RULES)
    lines = signal_lines(reading, definition, list(chart.signals.all()) if chart else [])
    judged = [week for week in weeks if week.is_judged]
    last = reading.stretches[-1] if reading.stretches else None
    return Card(
        definition,
        weeks,
        judged[-1] if judged else None,
        last.limits if last else None,
        bool(last and last.is_frozen),
        next((line for line in lines if line.is_open), None),
    )
