"""Time that people of the supplying department spent on a request."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.desk.models.requests import ServiceRequest
from requests_app.org.models import Department, Person


class WorkLog(models.Model):
    """A stretch of work, or the correction of one. Rows are appended, never changed or deleted.

    `seconds` are those worked on `day` (of the department's time zone); a correction adds its own, mostly negative,
    to those of the row it corrects, so that a stretch is what it and its corrections add up to: never below zero.
    """

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="worklogs")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    seconds = models.IntegerField()
    note = models.CharField(max_length=200, blank=True, default="")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "desk_worklog"
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds__gt=0, seconds__lte=86_400)
                | Q(corrects__isnull=False, seconds__lt=0, seconds__gte=-86_400),
                name="worklog_is_some_time_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="worklog_corrects_another"
            ),
        ]
        indexes = [models.Index(fields=["service_request", "at"], name="worklog_of_request")]

    def __str__(self) -> str:
        return f"{self.seconds} s on {self.service_request_id}"
