"""What is typed about working hours: a week in words, days that differ, and whose public holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from requests_app.calendars.halfdays import every_year
from requests_app.calendars.ics_import import MOST_BYTES
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.calendars.policies import can_create_calendar
from requests_app.calendars.public_holidays import MOST_YEARS, country_names, language_names, region_names
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.states import (
    DAY_TERMS,
    OFFICE_HOURS,
    WEEKDAYS,
    DayTerms,
    Hours,
    SpecialDay,
    Week,
    Windows,
    check_day_terms,
    check_zone,
    parse_week,
    parse_windows,
    write_windows,
)
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.forms import EditForm, ZoneField
from requests_app.kernel.rows import Raw, RowForm, RowForms, small_number
from requests_app.org.models import Person

YEARS_SHOWN = range(1901, 2199)  # a whole year must lie inside what working time is known for
LONGEST_DAY = 200


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why"), help_text=_("For whoever reads the history."), max_length=500, required=False
    )


@dataclass(frozen=True)
class Outlined:
    """A weekday as the calendar would have it; `windows` is None when what was typed cannot be read."""

    words: str
    windows: Windows | None
    seconds: int


def _outlined(words: str, typed: str) -> Outlined:
    try:
        windows = parse_windows(typed)
    except ValueError:
        return Outlined(words, None, 0)
    # A close at or before its open is the next day's.
    minutes = sum((_minutes(closes) - _minutes(opens) - 1) % 1440 + 1 for opens, closes in windows)
    return Outlined(words, windows, minutes * 60)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


class WeekForm(EditForm):
    """The hours of a week, day by day in words: 09:00-12:30, 13:00-17:00; empty is a day off."""

    def __init__(self, data: Any = None, *, week: Week = OFFICE_HOURS, initial: dict[str, Any] | None = None):
        hours = dict(zip(WEEKDAYS, map(write_windows, week), strict=True))
        super().__init__(data, initial=hours | (initial or {}))
        for name, words in WEEKDAYS.items():
            self.fields[name] = forms.CharField(label=words, max_length=LONGEST_DAY, required=False)

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in WEEKDAYS]

    def week(self) -> Week:
        """As typed; WrongInput names each day that cannot be read."""
        return parse_week({name: self[name].value() or "" for name in WEEKDAYS})

    def outline(self) -> list[Outlined]:
        """What was typed as it is understood, day by day; an empty text where it is not."""
        return [_outlined(str(words), self[name].value() or "") for name, words in WEEKDAYS.items()]

    def clean(self) -> dict[str, Any]:
        try:
            self.cleaned_data["weekly"] = self.week()
        except WrongInput as error:
            for name, sentences in error.errors.items():
                self.add_error(name, sentences)
        return self.cleaned_data


class CalendarForm(WeekForm):
    """Name, zone, week and day rule of a calendar; `by` decides whether it may become the company's."""

    name = forms.CharField(label=_("Name"), max_length=120)
    zone = ZoneField()
    cutoff = forms.CharField(
        label=DAY_TERMS["cutoff"], help_text=_("24:00: never, however late it comes."), max_length=5
    )
    restart = forms.CharField(label=DAY_TERMS["restart"], max_length=5)
    workdays = forms.MultipleChoiceField(
        label=DAY_TERMS["workdays"], help_text=_("None ticked: the weekdays with hours."),
        choices=list(WEEKDAYS_ABBR.items()), widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    holidays_off = forms.BooleanField(label=DAY_TERMS["holidays_off"], required=False)
    is_default = forms.BooleanField(
        label=_("The company's calendar"),
        help_text=_("Serves every department that has chosen none. There is always exactly one."),
        required=False,
    )
    reason = _reason()

    def __init__(
        self,
        data: Any = None,
        *,
        by: Person,
        calendar: Calendar | None = None,
        version: CalendarVersion | None = None,
        zone: str = "",
    ):
        self._stored = hours_of(version) if version else Hours(zone, OFFICE_HOURS)
        terms = self._stored.terms.as_json()
        values = terms | {"workdays": terms["workdays"] or [], "zone": self._stored.zone}
        if calendar and version:
            values |= {"name": calendar.name, "is_default": calendar.is_default, "version": str(version.number)}
        super().__init__(data, week=self._stored.week, initial=values)
        if not version:
            del self.fields["reason"]
        if not can_create_calendar(by) or (calendar and calendar.is_default):
            del self.fields["is_default"]
        if self._leaves_the_rule():
            self.fields["cutoff"].required = self.fields["restart"].required = False
        self.order_fields(["version", "name", "zone", *WEEKDAYS, *DAY_TERMS, "is_default", "reason"])

    @property
    def terms_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in DAY_TERMS]

    def _leaves_the_rule(self) -> bool:
        return self.is_bound and "cutoff" not in self.data

    def terms(self) -> DayTerms:
        """As typed; WrongInput names each field that is not right. A body that leaves them out leaves the rule."""
        if self._leaves_the_rule():
            return self._stored.terms
        typed = {name: self[name].value() or "" for name in ("cutoff", "restart")}
        ticked = {str(day) for day in self["workdays"].value()}
        days = [day for day in range(len(WEEKDAYS)) if str(day) in ticked]
        rest = {"workdays": days, "holidays_off": bool(self["holidays_off"].value())}
        return check_day_terms(typed | rest, self._stored.terms)

    def hours(self) -> Hours:
        """What the calendar would be, with the special days it has; WrongInput when something cannot be read."""
        return Hours(check_zone(self["zone"].value()), self.week(), self._stored.special_days, self.terms())

    def clean(self) -> dict[str, Any]:
        super().clean()
        try:
            self.cleaned_data["day_rule"] = self.terms().as_json()
        except WrongInput as error:
            for name, sentences in error.errors.items():
                if name not in self.errors:
                    self.add_error(name, sentences)
        return self.cleaned_data

    def wanted(self) -> dict[str, Any]:
        """What edit_calendar and create_calendar take."""
        return {
            name: self.cleaned_data[name]
            for name in ("weekly", "name", "zone", "day_rule", "is_default", "reason")
            if name in self.cleaned_data
        }

    @property
    def based_on_version(self) -> int | None:
        return small_number(self.cleaned_data["version"]) or None


class DayForm(RowForm):
    """A date whose hours differ from its weekday's."""

    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"class": "form-control"}))
    windows = forms.CharField(
        label=_("Hours"), max_length=LONGEST_DAY, required=False,
        widget=forms.TextInput(attrs={"class": "form-control num", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_windows(self) -> tuple:
        try:
            return parse_windows(self.cleaned_data["windows"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DayRows(RowForms):
    """The special days of one year."""

    row_form = DayForm
    most = 120

    @classmethod
    def of(cls, version: CalendarVersion, year: int) -> "DayRows":
        days = [day for day in hours_of(version).special_days if day.date.year == year]
        return cls([_raw(day) for day in days], version=str(version.number))

    @property
    def based_on(self) -> int | None:
        return small_number(self.version) or None

    def days(self) -> list[SpecialDay]:
        """What the rows say; ask `is_valid` first."""
        return [SpecialDay(**row.cleaned_data) for row in self.rows]


class HalfDayForm(DayForm):
    """A date with shorter hours, that year and the years after it. Hours are needed here: closed is no half day."""

    years = forms.IntegerField(
        label=_("Years"), min_value=1, max_value=MOST_YEARS,
        widget=forms.NumberInput(attrs={"class": "form-control num"}),
    )  # fmt: skip

    def clean_windows(self) -> tuple:
        windows = super().clean_windows()
        if not windows:
            raise forms.ValidationError(_("Give the hours of that day, like 09:00-12:00."))
        return windows

    def days(self) -> list[SpecialDay]:
        """The day of each year; ask `is_valid` first."""
        values = dict(self.cleaned_data)
        years = values.pop("years")
        return every_year(SpecialDay(**values), years)


class HalfDayRows(RowForms):
    """Days with shorter hours, several at once."""

    row_form = HalfDayForm
    most = 20

    @classmethod
    def usual(cls, today: date) -> "HalfDayRows":
        """What many companies have, to be changed: the two eves."""
        names = {date(today.year, 12, 24): _("Christmas Eve"), date(today.year, 12, 31): _("New Year's Eve")}
        return cls(
            [
                {"date": day.isoformat(), "name": str(name), "windows": "09:00-12:00", "years": "5"}
                for day, name in names.items()
            ]
        )

    def days(self) -> list[SpecialDay]:
        """Every day of every year; ask `is_valid` first."""
        return [day for row in self.rows for day in row.days()]

    def is_valid(self) -> bool:
        """A date in two rows would say two things of it."""
        if not super().is_valid():
            return False
        seen: set[date] = set()
        for row in self.rows:
            dates = {day.date for day in row.days()}
            if dates & seen:
                row.add_error("date", _("This date is there twice. Remove one of the two."))
            seen |= dates
        return not any(row.errors for row in self.rows)


class FileForm(forms.Form):
    """A file of days off."""

    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(_("A calendar file (.ics), at most {n} kB."), n=MOST_BYTES // 1000),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_file(self) -> bytes:
        """What is in it; no more than one byte too many is read."""
        return self.cleaned_data["file"].read(MOST_BYTES + 1)


def _raw(day: SpecialDay) -> Raw:
    return {"date": day.date.isoformat(), "name": day.name, "windows": write_windows(day.windows)}


class HolidayForm(forms.Form):
    """Whose public holidays, of which years. Regions and languages follow from the country that was chosen."""

    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(
        label=_("Region"), help_text=_("Those of a country are offered once it was chosen and shown."), required=False
    )
    language = forms.ChoiceField(label=_("Names in"), required=False)
    first = forms.IntegerField(label=_("From year"), min_value=YEARS_SHOWN.start, max_value=YEARS_SHOWN.stop - 1)
    last = forms.IntegerField(label=_("To year"), min_value=YEARS_SHOWN.start, max_value=YEARS_SHOWN.stop - 1)

    def __init__(self, data: Any = None, *, calendar: Calendar, today: date):
        usual = {"country": calendar.country, "region": calendar.region, "first": today.year, "last": today.year + 1}
        given = data.dict() if data else usual
        country, reader = given.get("country", ""), get_language() or "en"
        regions, spoken = region_names(country), language_names(country, reader)
        # What was chosen for another country counts as not chosen.
        for name, known in (("region", regions), ("language", spoken)):
            given[name] = given.get(name, "") if given.get(name, "") in dict(known) else ""
        super().__init__(given if country else None, initial=usual)
        self.fields["country"].choices = [("", _("Choose …")), *country_names(reader)]
        self.fields["region"].choices = [("", _("The whole country")), *regions]
        self.fields["language"].choices = [("", _("The country's language")), *spoken]

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and not 0 <= last - first < MOST_YEARS:
            self.add_error("last", _("Choose the same year or one of the nine after it."))
        return self.cleaned_data

    def wanted(self) -> dict[str, Any]:
        """What holiday_proposals and seed_holidays take."""
        found = self.cleaned_data
        place = {name: found[name] for name in ("country", "region", "language")}
        return place | {"years": range(found["first"], found["last"] + 1)}

    @property
    def place(self) -> str:
        """Whose holidays they are, in words."""
        country, region = (
            dict(self.fields[name].choices).get(self[name].value(), "") for name in ("country", "region")
        )
        return f"{country}, {region}"

    @property
    def hidden(self) -> Sequence[tuple[str, Any]]:
        """The same once more, for the button that adds what was shown."""
        return [(bound.name, bound.value()) for bound in self]
