"""The rule for targets in working days as people read it, and what it comes to in two examples."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from requests_app.calendars.states import NEVER, WEEKDAYS, DayTerms, Hours
from requests_app.calendars.workdays import DayRule, add_days
from requests_app.calendars.worktime import NoWorkingTime

DAYS_OF_EXAMPLE = 3
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Example:
    """What comes at `start` is due at `due`; both as the clock on the calendar's wall shows them."""

    start: datetime
    due: datetime


def rule_in_words(hours: Hours) -> list[str]:
    """Sentences: which days count, from when on it is the next day's, and what days off do."""
    days = weekdays_in_words(hours.day_rule().workdays)
    return [
        _("Working days: %(days)s.") % {"days": days} if days else _("No weekday counts, so nothing can be due."),
        _cutoff_in_words(hours.terms),
        _("Days that are closed do not count.")
        if hours.terms.holidays_off
        else _("Days that are closed count like others."),
    ]


def _cutoff_in_words(terms: DayTerms) -> str:
    if terms.cutoff == NEVER:
        return _("However late something comes, it counts as that day's.")
    return _("What comes at %(cutoff)s or later counts as if it came on the next working day at %(restart)s.") % {
        "cutoff": terms.cutoff,
        "restart": terms.restart,
    }


def weekdays_in_words(days: Iterable[int]) -> str:
    """ "Monday – Friday, Sunday"; two in a row are listed, empty for none."""
    names = [str(name) for name in WEEKDAYS.values()]
    runs = []
    for _gap, pairs in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0]):
        run = [names[day] for _place, day in pairs]
        runs += [f"{run[0]} – {run[-1]}"] if len(run) > 2 else run
    return ", ".join(runs)


def examples(hours: Hours, now: datetime) -> list[Example]:
    """Just before the cutoff and at it, on the next day that counts; none when no day does."""
    rule = hours.day_rule()
    zone = ZoneInfo(rule.zone)
    try:
        first = add_days(now, 1, rule).astimezone(zone).date()
        cutoff = datetime.combine(first, rule.cutoff or time(12), zone)
        starts = [cutoff - MINUTE, cutoff] if rule.cutoff else [cutoff]
        return [_example(start, rule, zone) for start in starts]
    except NoWorkingTime:
        return []


def _example(start: datetime, rule: DayRule, zone: ZoneInfo) -> Example:
    due = add_days(start, DAYS_OF_EXAMPLE, rule).astimezone(zone)
    return Example(start.replace(tzinfo=None), due.replace(tzinfo=None))
