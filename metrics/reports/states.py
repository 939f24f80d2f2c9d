"""What a report is made of, and when one that comes by mail is due. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from requests_app.org.models import Person

SENT_AT = time(7, 0)  # on the walls of the reader
LOOKED_AHEAD = 400  # days; a calendar that never opens gets its reports on any day


# What a report may be about (`subjects` says how each is made), and what of it has no department.
ABOUT = ("benchmark", "chart", "company", "company-passing", "company-plans", "customer", "outlook", "passing", "plans",
         "process", "relation", "scorecard", "supplier")  # fmt: skip
OF_COMPANY = ("benchmark", "company", "company-passing", "company-plans")


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
    """A figure's value with the unit it is read in ("seconds", "calendar", "share", "mean", "count", "score").

    `bin`: its colour in the matrix, 1 (lowest) to 5; 0 for none.
    """

    value: float | None
    unit: str
    bin: int = 0


Cell = str | int | Amount | None


@dataclass(frozen=True)
class Table:
    """`absent` says why there are no rows; without it an empty table is left out. `long`: for spreadsheets alone."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    absent: str = ""
    long: bool = False


def drawn(heading: str, table: Mapping[str, Any] | None, absent: str = "") -> Table:
    """The table beside a chart, as the page shows it."""
    found = table or {"head": (), "rows": ()}
    return Table(heading, list(found["head"]), list(found["rows"]), absent=absent)


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
class Asked:
    """What somebody wants a report of: the department's slug, further parameters by name, days as pages take them."""

    person: Person
    slug: str
    more: Mapping[str, str]
    choice: str
    start: str
    end: str
    now: datetime

    @property
    def days(self) -> dict[str, str]:
        return {"choice": self.choice, "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Report:
    """A page of figures as one reader may see it. `values` are plain numbers of its figures, where it has any."""

    name: str
    title: str
    lead: str
    as_of: datetime
    tables: Sequence[Table]
    values: Sequence[Value] = ()


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
