"""Watching charts: limits are frozen, signals noted and told; heads answer signals and begin phases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.models import CorrectiveAction
from feedback.actions.services import open_action
from feedback.actions.states import SourceKind
from metrics.charts import policies
from metrics.charts.models import Chart, Phase, Signal
from metrics.charts.reading import Reading, Week, frozen_limits, read
from metrics.charts.selectors import (
    ControlChart,
    find_chart,
    named,
    pk_of,
    scope_of,
    signal_lines,
    spans_of,
    watched_besides,
    weeks_of,
)
from metrics.charts.states import (
    ENOUGH_TO_FREEZE,
    FEWEST_FOR_LIMITS,
    LONGEST_REASON,
    MOST_WEEKS,
    WATCHED,
    WEEK,
    Answer,
    SignalState,
    Subject,
    scale_of,
    whole_weeks,
)
from metrics.charts.statistics import RULES
from metrics.rollups import selectors
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Period
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, WrongInput, check_text, require_text
from requests_app.org.models import Department, Person

NEWS = 2 * WEEK  # what completed earlier is noted, but no news


def watch_all(*, now: datetime | None = None) -> int:
    """Look at every chart that is watched; how many signals are new. Safe to run twice, at any time."""
    now = now or timezone.now()
    return sum(watch_department(department, now) for department in Department.objects.filter(is_active=True))


def watch_department(department: Department, now: datetime) -> int:
    """Charts begin by themselves once a figure has enough weeks."""
    found = 0
    periods = whole_weeks(now.astimezone(ZoneInfo(department.time_zone)).date(), MOST_WEEKS)
    for side, keys in WATCHED.items():
        subject = Subject(department.pk, side, "created")
        scope = scope_of(subject, department, Period(periods[0].start, periods[-1].end), now)
        series = selectors.series(scope, keys, periods)
        for key in keys:
            weeks = weeks_of(key, series[key], periods)
            if sum(week.is_judged for week in weeks) >= FEWEST_FOR_LIMITS:
                found += _watch(Subject(department.pk, side, key), weeks, now)
    for chart in watched_besides(department):
        found += _watch(*_loaded(chart, department, periods, now), now)
    return found


def _loaded(
    chart: Chart, department: Department, periods: Sequence[Period], now: datetime
) -> tuple[Subject, list[Week]]:
    subject = Subject(chart.department_id, chart.side, chart.figure, chart.other_id, chart.service_id)
    scope = scope_of(subject, department, Period(periods[0].start, periods[-1].end), now)
    series = selectors.series(scope, [chart.figure], periods)[chart.figure]
    return subject, weeks_of(chart.figure, series, periods)


@transaction.atomic
def _watch(subject: Subject, weeks: Sequence[Week], now: datetime) -> int:
    """Freeze what has enough weeks, then note the signals that are new."""
    chart = _locked(subject)
    first = next((week.starts_on for week in weeks if week.is_judged), None)
    if first is None:
        return 0
    if not chart.phases.exists():
        Phase.objects.create(chart=chart, starts_on=first)
    _freeze(chart, weeks, now)
    scale = scale_of(DEFINITIONS[chart.figure])
    return _note(chart, read(weeks, spans_of(list(chart.phases.all())), scale, chart.rules), now)


def _locked(subject: Subject) -> Chart:
    """The chart, begun if need be; whoever else watches it waits."""
    chart, _new = Chart.objects.get_or_create(**named(subject))
    return Chart.objects.select_for_update().get(pk=chart.pk)


def _freeze(chart: Chart, weeks: Sequence[Week], now: datetime) -> None:
    scale = scale_of(DEFINITIONS[chart.figure])
    phases = list(chart.phases.all())
    for phase, following in zip(phases, [*phases[1:], None], strict=True):
        inside = [week for week in weeks if following is None or week.starts_on < following.starts_on]
        limits = None if phase.frozen_at else frozen_limits(inside, spans_of([phase])[0], scale)
        if limits is None:
            continue
        phase.scale, phase.centre, phase.spread, phase.offset = (
            limits.scale,
            limits.centre,
            limits.spread,
            limits.offset,
        )
        phase.weeks, phase.frozen_at = ENOUGH_TO_FREEZE, now
        phase.save()
        _record("chart.frozen", chart, None, now, {"starts_on": phase.starts_on.isoformat(), "centre": limits.centre,
                                                   "spread": limits.spread})  # fmt: skip


def _note(chart: Chart, reading: Reading, now: datetime) -> int:
    """Signals of the last two weeks are news; older ones come of a chart that is new itself.

    What the chart does not show any more, and nobody answered, waits for nobody.
    """
    known = set(chart.signals.values_list("week", "rule"))
    lines = signal_lines(reading, DEFINITIONS[chart.figure], [])
    shown = {(line.week, line.rule) for line in lines}
    gone = [row.pk for row in chart.signals.filter(state=SignalState.OPEN) if (row.week, row.rule) not in shown]
    chart.signals.filter(pk__in=gone).delete()
    fresh = [line for line in lines if (line.week, line.rule) not in known]
    Signal.objects.bulk_create(
        Signal(chart=chart, week=line.week, rule=line.rule, verdict=line.verdict) for line in fresh
    )
    news = [line for line in fresh if is_news(line.week, timezone.localdate(now))]
    for line in news:
        _record("chart.signalled", chart, None, now, {"week": line.week.isoformat(), "rule": line.rule,
                                                      "verdict": line.verdict.value})  # fmt: skip
    return len(news)


def _record(kind: str, chart: Chart, by: Person | None, at: datetime, data: dict[str, Any]) -> None:
    about = {"department": chart.department_id, "figure": chart.figure, "side": chart.side}
    record(kind=kind, subject_kind="chart", subject_id=chart.pk, by=by, at=at, data=about | data)


def is_news(week: date, day: date) -> bool:
    """Whether a signal of this week, seen on this day, was still worth telling."""
    return week + WEEK >= day - NEWS


# ── What heads do ────────────────────────────────────────────────────────────


def answer(
    *,
    by: Person,
    page: ControlChart,
    do: str,
    week: date,
    rule: int | None = None,
    reason: str = "",
    title: str = "",
    customer: Department | None = None,
    now: datetime | None = None,
) -> Signal | Phase | CorrectiveAction:
    """What a head says of a chart: of the signal of this week and rule, or that a phase begins with the week."""
    policies.require_answering(by, page.department)
    now = now or timezone.now()
    if do == Answer.PHASE:
        return begin_phase(by=by, page=page, starts_on=week, note=reason, now=now)
    if rule is None:
        raise WrongInput({"rule": [_("Say which signal is meant: its week and its rule.")]})
    if do == Answer.CORRECT:
        return correct_signal(by=by, page=page, week=week, rule=rule, title=title, customer=customer, now=now)
    return answer_signal(by=by, page=page, week=week, rule=rule, dismiss=do == Answer.DISMISS, reason=reason, now=now)


@transaction.atomic
def answer_signal(
    *, by: Person, page: ControlChart, week: date, rule: int, dismiss: bool, reason: str, now: datetime
) -> Signal:
    """Acknowledge a signal, or dismiss it with a reason. An answer given stays; IllegalMove for a second one."""
    if dismiss:
        reason = require_text("reason", reason, longest=LONGEST_REASON)
    else:
        reason = check_text("reason", reason.strip(), longest=LONGEST_REASON)
    signal = _signal(page, week, rule)
    if signal.state != SignalState.OPEN:
        said = {"state": signal.get_state_display()}
        raise IllegalMove(_("This signal has been answered already: %(state)s.") % said)
    signal.state = SignalState.DISMISSED if dismiss else SignalState.ACKNOWLEDGED
    signal.reason, signal.decided_by, signal.decided_at = reason, by, now
    signal.save()
    told = {"week": week.isoformat(), "rule": rule, "reason": reason}
    _record(f"chart.{signal.state}", signal.chart, by, now, told)
    return signal


def _signal(page: ControlChart, week: date, rule: int) -> Signal:
    """The signal, its chart locked; noted now if the chart shows it and nobody has looked yet."""
    chart = _locked(_subject(page))
    signal = chart.signals.filter(week=week, rule=rule).first()
    if signal is None:
        line = next((line for line in page.signals if (line.week, line.rule) == (week, rule)), None)
        if line is None:
            raise WrongInput({"week": [_("The chart shows no such signal any more. Look at it again.")]})
        signal = Signal.objects.create(chart=chart, week=week, rule=rule, verdict=line.verdict)
    return signal


def _subject(page: ControlChart) -> Subject:
    other, service = page.other, page.service
    return Subject(page.department.pk, page.side, page.definition.key, pk_of(other), pk_of(service))


@transaction.atomic
def correct_signal(
    *, by: Person, page: ControlChart, week: date, rule: int, title: str, customer: Department | None, now: datetime
) -> CorrectiveAction:
    """A corrective action of this signal; asked for again, the one that there is. The signal counts as acknowledged."""
    signal = _signal(page, week, rule)
    action = open_action(
        by=by, source_kind=SourceKind.SIGNAL, source_id=signal.pk, supplier=page.department,
        customer=customer or page.other, service=page.service, title=title, at=now,
    )  # fmt: skip
    if signal.state == SignalState.OPEN:
        answer_signal(by=by, page=page, week=week, rule=rule, dismiss=False, reason=action.title, now=now)
    return action


@transaction.atomic
def begin_phase(*, by: Person, page: ControlChart, starts_on: date, note: str, now: datetime) -> Phase:
    """New limits from a week on, where an improvement led to a new level: only what the page proposes."""
    proposal = next((one for one in page.proposals if one.starts_on == starts_on), None)
    if proposal is None:
        words = _("A new phase needs an improvement on the chart and eight weeks in a row on the better side after it.")
        raise WrongInput({"week": [words]})
    chart = _locked(_subject(page))
    if not chart.phases.exists():
        first = next(week.starts_on for week in page.weeks if week.is_judged)
        Phase.objects.create(chart=chart, starts_on=first)
    if chart.phases.filter(starts_on__gte=starts_on).exists():
        raise IllegalMove(_("A phase begins there already."))
    note = check_text("reason", note.strip(), longest=LONGEST_REASON) or proposal.mark.name[:LONGEST_REASON]
    phase = Phase.objects.create(chart=chart, starts_on=starts_on, note=note, confirmed_by=by)
    _record("chart.rebased", chart, by, now, {"starts_on": starts_on.isoformat(), "note": note})
    return phase


@transaction.atomic
def choose_rules(*, by: Person, page: ControlChart, rules: Sequence[int], now: datetime | None = None) -> Chart:
    """The rules that judge this chart from now on, its past weeks too; whoever chooses them has it watched.

    Answers that were given stay. What the new rules show is noted at once.
    """
    policies.require_answering(by, page.department)
    chosen, now = sorted(set(rules)), now or timezone.now()
    if not chosen or not set(chosen) <= set(RULES):
        raise WrongInput({"rules": [_("Choose at least one of the rules 1 to %(n)s.") % {"n": len(RULES)}]})
    is_new = find_chart(_subject(page)) is None
    chart = _locked(_subject(page))
    if is_new or chart.rules != chosen:
        told = {"other": chart.other_id, "service": chart.service_id, "before": chart.rules, "rules": chosen}
        chart.rules = chosen
        chart.save(update_fields=["rules"])
        _record("chart.rules_chosen", chart, by, now, told)
    periods = whole_weeks(now.astimezone(ZoneInfo(page.department.time_zone)).date(), MOST_WEEKS)
    _watch(*_loaded(chart, page.department, periods, now), now)
    return chart
