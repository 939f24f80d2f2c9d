"""Working calendars. What is true of the hours lives in versions that are never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from requests_app.calendars.states import DayTerms

# Paths that find what must not be there. In a strict path a missing or mistyped value makes a test unknown, not false.
CLOCK = '@ like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"'
DATE = '@.date like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"'
LIST = '@.windows.type() == "array"'
BAD_WINDOWS = (
    f'exists(PAIR ? (@.type() != "array" || @.size() != 2)) || exists(PAIR[*] ? (!({CLOCK}) || ({CLOCK}) is unknown))'
)
BAD_WEEK = (
    'strict $ ? (@.type() != "array" || @.size() != 7 || exists(@[*] ? (@.type() != "array")) '
    f"|| {BAD_WINDOWS.replace('PAIR', '@[*][*]')})"
)
BAD_DAYS = (
    'strict $ ? (@.type() != "array" '
    f"|| exists(@[*] ? (!({DATE}) || ({DATE}) is unknown || !({LIST}) || ({LIST}) is unknown)) "
    f"|| {BAD_WINDOWS.replace('PAIR', '@[*].windows[*]')})"
)
WEEKDAY = " || ".join(f"@ == {day}" for day in range(7))
RULE = (
    f"{CLOCK.replace('@', '@.cutoff')} && {CLOCK.replace('@', '@.restart')} && @.restart < @.cutoff "
    '&& @.holidays_off.type() == "boolean" '
    '&& (@.workdays.type() == "null" || @.workdays.type() == "array" && @.workdays.size() > 0)'
)
BAD_RULE = (
    f"strict $ ? (!({RULE}) || ({RULE}) is unknown || exists(@.workdays[*] ? (!({WEEKDAY}) || ({WEEKDAY}) is unknown)))"
)


class FindsNothing(Func):
    """True when nothing in the JSON document matches the path."""

    template = "NOT jsonb_path_exists(%(expressions)s::jsonpath)"
    output_field = models.BooleanField()


class Calendar(models.Model):
    """The working hours of whoever uses it; `current` is the version in force. `country` and `region` seed holidays."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True, default="")
    region = models.CharField(max_length=10, blank=True, default="")
    is_default = models.BooleanField(default=False)
    current = models.OneToOneField(
        "CalendarVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="current_of"
    )

    class Meta:
        db_table = "calendars_calendar"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="calendar_has_a_slug"),
            models.CheckConstraint(condition=~Q(name=""), name="calendar_has_a_name"),
            models.UniqueConstraint(Value(1), condition=Q(is_default=True), name="one_default_calendar"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """Hours as they were from `effective_from` until the next version. Rows are appended, never changed or deleted.

    `weekly` is seven lists of ["09:00", "17:00"], Monday first. `special_days` are {"date", "name", "windows"} in
    order of date; no windows means closed. `day_rule` is for targets in working days: see DAY_TERMS in `states`.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=60)
    weekly = models.JSONField()
    special_days = models.JSONField(default=list)
    day_rule = models.JSONField(db_default=Value(DayTerms().as_json(), models.JSONField()))
    content_hash = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "calendars_calendarversion"
        ordering = ["calendar", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number_once"),
            models.UniqueConstraint(fields=["calendar", "effective_from"], name="one_calendar_version_at_a_time"),
            models.CheckConstraint(condition=Q(number__gte=1), name="calendar_versions_count_from_1"),
            models.CheckConstraint(condition=~Q(zone=""), name="calendar_version_has_a_zone"),
            models.CheckConstraint(
                condition=Q(content_hash__regex="^[0-9a-f]{64}$"), name="calendar_version_is_hashed"
            ),
            models.CheckConstraint(
                condition=FindsNothing(F("weekly"), Value(BAD_WEEK)), name="calendar_week_is_seven_days_of_windows"
            ),
            models.CheckConstraint(
                condition=FindsNothing(F("special_days"), Value(BAD_DAYS)),
                name="calendar_special_days_are_dated_windows",
            ),
            models.CheckConstraint(
                condition=FindsNothing(F("day_rule"), Value(BAD_RULE)), name="calendar_day_rule_is_complete"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar {self.calendar_id} version {self.number}"
