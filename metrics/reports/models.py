"""Reports that come by mail."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from metrics.dashboards.states import SPANS
from metrics.reports.states import Form, Rhythm
from metrics.rollups.states import Side
from requests_app.org.models import Department, Person


class ReportSubscription(models.Model):
    """Who gets the figures of which department, how often, and when next. The mail is made with the reader's rights."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=10)
    form = models.CharField(max_length=5, choices=Form.choices, default=Form.PDF)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    span = models.CharField(max_length=8, default="30")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reports_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "department", "side", "form", "rhythm", "span"], name="a_report_is_subscribed_once"
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.ALL, form__in=Form.values, rhythm__in=Rhythm.values, span__in=sorted(SPANS)),
                name="report_is_one_that_there_is",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="report_due")]

    def __str__(self) -> str:
        return f"{self.department_id} as {self.side} to {self.person_id}, {self.rhythm}"
