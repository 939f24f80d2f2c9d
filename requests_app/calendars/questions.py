"""Working time as a service: many questions about one calendar, asked at once by another program."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.selectors import day_rule_of, worktime_of
from requests_app.calendars.workdays import add_days
from requests_app.calendars.worktime import NoWorkingTime
from requests_app.kernel.errors import WrongInput

MOST_ROWS = 10_000
LONGEST_SPAN = 100 * 366 * 86_400  # seconds of working time that may be added, either way
MOST_DAYS = 10_000
Answer = Callable[[datetime, Any], Any]


def answers(version: CalendarVersion, *, kind: str, rows: Sequence[Any]) -> list[Any]:
    """One answer a row: for `between` seconds of working time, for `add_seconds` and `add_days` the instant.

    WrongInput names the first row that cannot be answered; then none is.
    """
    worktime, rule = worktime_of(version.pk), day_rule_of(version.pk)
    answer: dict[str, Answer] = {
        "between": lambda start, end: worktime.between(start, _instant(end)),
        "add_seconds": lambda start, seconds: worktime.add(start, _number(seconds, LONGEST_SPAN)),
        "add_days": lambda start, days: add_days(start, _whole(days), rule),
    }
    found = []
    for place, row in enumerate(rows, start=1):
        try:
            start, other = row
            found.append(answer[kind](_instant(start), other))
        except (ValueError, TypeError) as error:
            said = str(error) if isinstance(error, NoWorkingTime | _Unusable) else _("Give two values.")
            raise WrongInput({kind: [_("Row %(n)s: %(why)s") % {"n": place, "why": said}]}) from error
    return found


class _Unusable(ValueError):
    """What stands in a row is not what it should be; says what is wanted instead."""


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _Unusable(_("Give a time such as 2026-11-24T09:00:00+01:00.")) from error
    if found.tzinfo is None:
        raise _Unusable(_("Give the time with its offset, such as +01:00 or Z."))
    return found


def _number(value: Any, most: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        raise _Unusable(_("Give a number of seconds, at most %(n)s.") % {"n": most})
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
        raise _Unusable(_("Give a whole number of days from 0 to %(n)s.") % {"n": MOST_DAYS})
    return value
