"""What a report is made of, and when one that comes by mail is due. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SENT_AT = time(7, 0)  # on the walls of the department
LOOKED_AHEAD = 400  # days; a calendar that never opens gets its reports on any day


class Form(TextChoices):
    PDF = "pdf", _("PDF")
    XLSX = "xlsx", _("Spreadsheet (XLSX)")
    CSV = "csv", _("Plain values (CSV)")


CONTENT_TYPES = {
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}


class Rhythm(TextChoices):
    DAILY = "daily", _("every working day")
    WEEKLY = "weekly", _("on the first working day of the week")
    MONTHLY = "monthly", _("on the first working day of the month")


@dataclass(frozen=True)
class Amount:
    """A figure's value with the unit it is read in ("seconds", "share", "mean", "count", "score")."""

    value: float | None
    unit: str


Cell = str | int | Amount | None


@dataclass(frozen=True)
class Table:
    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Value:
    """One figure as plain numbers, for those who go on computing. Durations are seconds of working time."""

    key: str
    name: str
    unit: str
    n: int
    value: float | None
    median: float | None
    p90: float | None
    mean: float | None
    low: float | None
    high: float | None
    target: float | None
    before: float | None


@dataclass(frozen=True)
class Report:
    """The figures of a department as one reader may see them."""

    name: str
    title: str
    lead: str
    as_of: datetime
    tables: Sequence[Table]
    values: Sequence[Value]


def next_day(rhythm: str, after: date, works: Callable[[date], bool]) -> date:
    """The first day later than `after` on which a report of this rhythm is sent; `works`: whether a day is worked."""
    day = after + timedelta(days=1)
    for _day in range(LOOKED_AHEAD):
        if works(day) and _is_first(rhythm, day, works):
            return day
        day += timedelta(days=1)
    return after + timedelta(days={Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 30}[Rhythm(rhythm)])


def _is_first(rhythm: str, day: date, works: Callable[[date], bool]) -> bool:
    """Whether no day before it in its week or month is worked."""
    if rhythm == Rhythm.DAILY:
        return True
    start = day - timedelta(days=day.weekday()) if rhythm == Rhythm.WEEKLY else day.replace(day=1)
    return not any(works(start + timedelta(days=number)) for number in range((day - start).days))
