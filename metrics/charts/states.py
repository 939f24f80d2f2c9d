"""What a control chart is of, and what its signals are called. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from metrics.charts.statistics import NO_SIDE, Alarm, Scale
from metrics.rollups.definitions import DEFINITIONS, Definition, Direction, Unit
from metrics.rollups.states import Period, Side

WEEK = timedelta(days=7)
SHOWN_WEEKS = 52
MOST_WEEKS = 104
FEWEST_ROWS = 5  # weeks with fewer are drawn hollow and judge nothing
FEWEST_FOR_LIMITS = 12
FEWEST_AFTER_A_CHANGE = 8
ENOUGH_TO_FREEZE = 20
LONGEST_REASON, LONGEST_TITLE = 500, 200
# What is watched of every department without being asked.
WATCHED = {
    Side.SUPPLIER: (
        "first_response_time", "resolution_time", "response_kept", "resolution_kept", "accepted_first_time",
        "rating_mean", "bounce_rate",
    ),
    Side.CUSTOMER: ("answer_delay", "acceptance_delay", "asking_quality"),
}  # fmt: skip


RULE_WORDS = {
    1: _("One week beyond a limit"),
    2: _("Nine weeks in a row on one side of the centre"),
    3: _("Six weeks steadily up or down"),
    4: _("Fourteen weeks up and down in turn"),
    5: _("Two of three weeks in the outer third, on the same side"),
    6: _("Four of five weeks outside the inner third, on the same side"),
    7: _("Fifteen weeks close to the centre, closer than chance would have it"),
    8: _("Eight weeks on both sides of the centre, none of them close to it"),
}


class SignalState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    DISMISSED = "dismissed", _("Dismissed")


class Answer(models.TextChoices):
    """What a head can do about a chart."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    DISMISS = "dismiss", _("Dismiss")
    CORRECT = "correct", _("Open a corrective action")
    PHASE = "phase", _("Begin a new phase there")


class Verdict(models.TextChoices):
    """How a signal is meant for the department; some figures are neither good nor bad."""

    BETTER = "better", _("Better")
    WORSE = "worse", _("Worse")
    DIFFERENT = "different", _("Different")


def is_usual(side: str, figure: str, other_id: int | None, service_id: int | None) -> bool:
    """Whether this chart is watched of every department without being asked."""
    return not (other_id or service_id) and figure in WATCHED[side]


def scale_of(definition: Definition) -> Scale:
    """Times are skewed: logarithms. Shares and counts per request vary with n. Everything else stands as it is."""
    if definition.unit == Unit.SECONDS:
        return Scale.LOG
    if definition.unit == Unit.SHARE:
        return Scale.SHARE
    return Scale.RATE if definition.unit == Unit.MEAN else Scale.PLAIN


def can_be_charted(key: str) -> bool:
    """Figures of a week: of open work only what stands at this moment is known."""
    return key in DEFINITIONS and not DEFINITIONS[key].is_snapshot


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def whole_weeks(today: date, weeks: int) -> list[Period]:
    """The last whole weeks before today's, oldest first."""
    end = monday(today)
    return [Period(end - WEEK * place, end - WEEK * (place - 1)) for place in range(weeks, 0, -1)]


def verdict_of(definition: Definition, alarm: Alarm) -> Verdict:
    if alarm.above is None or definition.direction == Direction.NEITHER:
        return Verdict.DIFFERENT
    return Verdict.BETTER if alarm.above == (definition.direction == Direction.HIGHER) else Verdict.WORSE


_TOLD = {  # rule, whether above → words
    (1, True): ngettext_lazy("%(n)s week above the upper limit", "%(n)s weeks above the upper limit", "n"),
    (1, False): ngettext_lazy("%(n)s week below the lower limit", "%(n)s weeks below the lower limit", "n"),
    (2, True): ngettext_lazy("%(n)s week in a row above the centre", "%(n)s weeks in a row above the centre", "n"),
    (2, False): ngettext_lazy("%(n)s week in a row below the centre", "%(n)s weeks in a row below the centre", "n"),
    (3, True): ngettext_lazy("Rising for %(n)s week", "Rising for %(n)s weeks", "n"),
    (3, False): ngettext_lazy("Falling for %(n)s week", "Falling for %(n)s weeks", "n"),
    (4, None): ngettext_lazy("Up and down in turn for %(n)s week", "Up and down in turn for %(n)s weeks", "n"),
    (5, True): _("Two of three weeks close to the upper limit"),
    (5, False): _("Two of three weeks close to the lower limit"),
    (6, True): _("Four of five weeks well above the centre"),
    (6, False): _("Four of five weeks well below the centre"),
    (7, None): ngettext_lazy("Closer to the centre than chance for %(n)s week",
                             "Closer to the centre than chance for %(n)s weeks", "n"),
    (8, None): ngettext_lazy("Away from the centre on both sides for %(n)s week",
                             "Away from the centre on both sides for %(n)s weeks", "n"),
}  # fmt: skip


def told(alarm: Alarm) -> str:
    """What the chart says, in words."""
    if alarm.rule == 1 and alarm.length == 1:
        return _t("Above the upper limit") if alarm.above else _t("Below the lower limit")
    return _TOLD[alarm.rule, None if alarm.rule in NO_SIDE else alarm.above] % {"n": alarm.length}


@dataclass(frozen=True)
class Subject:
    """What a chart is of: a figure of a department from one side, of all or narrowed to another one or a service."""

    department_id: int
    side: str
    figure: str
    other_id: int | None = None
    service_id: int | None = None
