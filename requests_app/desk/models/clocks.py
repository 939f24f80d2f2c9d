"""The clocks of a request, its waits, and the moving of open requests to new rules."""

from datetime import datetime
from typing import cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from requests_app.agreements.clockwork import Pause
from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Days, HoldReason, Measure, Time
from requests_app.calendars.models import Calendar, CalendarVersion
from requests_app.desk.models.requests import ServiceRequest
from requests_app.org.models import Department, Person


class Clock(models.Model):
    """The time one promise has used. All of it is derived from the target, the start and the pauses.

    The customer's clocks have no holder. A department that took a request over has a clock of its own, by what it
    promised the department that handed over. `round` counts replies that were waited for one after the other.
    `due_at`, `warn_at` and `step_at` (the next step of escalation; `steps_done` are behind it) exist only as an index
    for the sweeper, while the clock runs. `pauses` is a list of
    {"from", "to" (null while it lasts), "why"} in ISO 8601; a breach, once noted, stays.
    """

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="clocks")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    holder = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    pauses = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    step_at = models.DateTimeField(null=True, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "desk_clock"
        constraints = [
            models.UniqueConstraint(
                fields=["service_request", "measure", "holder", "round"],
                nulls_distinct=False,
                name="one_clock_per_measure",
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=False, days__isnull=True) | Q(seconds__isnull=True, days__gt=0),
                name="clock_measures_a_time_or_days",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(due_at__isnull=True), name="stopped_clock_is_not_due"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="clock_to_breach", condition=Q(due_at__isnull=False, breached_at__isnull=True)
            ),
            models.Index(
                fields=["warn_at"], name="clock_to_warn", condition=Q(warn_at__isnull=False, warned_at__isnull=True)
            ),
            models.Index(fields=["step_at"], name="clock_to_escalate", condition=Q(step_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} clock of {self.service_request_id}"

    @property
    def key(self) -> str:
        """The measure, and the holder where it is a department's own clock."""
        return f"{self.measure}@{self.holder_id}" if self.holder_id else self.measure

    @property
    def waits(self) -> list[Pause]:
        """The pauses as instants; the end of one that lasts is None."""
        read = datetime.fromisoformat
        return [(read(pause["from"]), read(pause["to"]) if pause["to"] else None) for pause in self.pauses]

    @property
    def time(self) -> Time:
        """The target."""
        return Days(self.days) if self.days else self.seconds or 0

    @time.setter
    def time(self, target: Time) -> None:
        self.seconds, self.days = (None, target.count) if isinstance(target, Days) else (target, None)


class Recomputation(models.Model):
    """Open requests being moved to the present version of a calendar, or to an agreement, and how far that is."""

    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(CalendarVersion, null=True, on_delete=models.CASCADE, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.CASCADE, related_name="+")
    started_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "desk_recomputation"
        constraints = [
            models.UniqueConstraint(
                fields=["calendar"], condition=Q(finished_at__isnull=True), name="one_recomputation_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(finished_at__isnull=True), name="one_recomputation_an_agreement"
            ),
            models.CheckConstraint(
                condition=Q(calendar__isnull=False, version__isnull=False, agreement__isnull=True)
                | Q(calendar__isnull=True, version__isnull=True, agreement__isnull=False),
                name="recomputation_by_one_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done} of {self.total} requests"

    @property
    def rule(self) -> Calendar | Agreement:
        """What the open requests are to follow."""
        return cast(Calendar | Agreement, self.calendar or self.agreement)


class Hold(models.Model):
    """A stretch of waiting, with its reason. At most one lasts at a time."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=20, choices=HoldReason.choices)
    pauses_clock = models.BooleanField()
    note = models.TextField(blank=True, default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "desk_hold"
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"], condition=Q(ended_at__isnull=True), name="one_hold_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="hold_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_request_id} waits: {self.reason}"
