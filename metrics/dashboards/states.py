"""The stretch of time a page of figures speaks of, and the one before it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from requests_app.kernel.errors import WrongInput

SPANS = {"7": 7, "30": 30, "quarter": 91, "year": 365}
LONGEST_OWN = 3 * 366
FIRST_DAY = date(1990, 1, 1)


@dataclass(frozen=True)
class Period:
    """The days [start, end): `choice` is the button that is pressed."""

    choice: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """As many days, right before."""
        return Period(self.choice, self.start - timedelta(days=self.days), self.start)

    @property
    def words(self) -> str:
        """"in 30 days": how a sentence speaks of it."""
        return _("in %(n)s days") % {"n": self.days}

    @property
    def words_before(self) -> str:
        return _("the %(n)s days before") % {"n": self.days}

    @property
    def weeks(self) -> list["Period"]:
        """Up to twelve equal steps, the last one ending with the period: what a sparkline shows."""
        step = max(self.days // 12, 1)
        count = min(self.days // step, 12)
        ends = [self.end - timedelta(days=step * place) for place in reversed(range(count))]
        return [Period(self.choice, end - timedelta(days=step), end) for end in ends]


def period_of(choice: str, start: str, end: str, *, today: date) -> Period:
    """From the address (`period`, `from`, `to`); WrongInput names the field. Without a choice: the last 30 days."""
    if start or end or choice == "own":
        return _own(start, end, today=today)
    if choice and choice not in SPANS:
        raise WrongInput({"period": [_("Choose one of: %(c)s.") % {"c": ", ".join(SPANS)}]})
    choice = choice or "30"
    after = today + timedelta(days=1)
    return Period(choice, after - timedelta(days=SPANS[choice]), after)


def _own(start: str, end: str, *, today: date) -> Period:
    """Own days, both inclusive as people mean them; one left out is a month before, or today."""
    last = _day("to", end) if end else today
    first = _day("from", start) if start else last - timedelta(days=29)
    if first > last:
        raise WrongInput({"to": [_("The last day lies before the first. Swap them.")]})
    if (last - first).days >= LONGEST_OWN:
        raise WrongInput({"from": [_("At most three years at a time. Choose a later first day.")]})
    return Period("own", first, last + timedelta(days=1))


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongInput({field: [_("Write a date as year-month-day, like 2026-11-24.")]}) from error
    if not FIRST_DAY <= day <= date(2199, 12, 31):
        raise WrongInput({field: [_("Choose a day between 1990 and 2199.")]})
    return day
