"""Reports that come by mail."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from metrics.dashboards.states import SPANS
from metrics.reports.states import ABOUT, OF_COMPANY, Form, Rhythm
from requests_app.org.models import Department, Person


class ReportSubscription(models.Model):
    """Who gets which page of figures, how often, and when next. The mail is made with the reader's rights.

    `more` holds what the page is asked for besides department and days, by name.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=20)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    more = models.JSONField(default=dict, blank=True)
    form = models.CharField(max_length=5, choices=Form.choices, default=Form.PDF)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    span = models.CharField(max_length=8, default="30")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reports_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject", "department", "more", "form", "rhythm", "span"],
                nulls_distinct=False,
                name="a_report_is_subscribed_once",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=ABOUT, form__in=Form.values, rhythm__in=Rhythm.values, span__in=sorted(SPANS)),
                name="report_is_one_that_there_is",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=OF_COMPANY, department=None)
                | (~Q(subject__in=OF_COMPANY) & Q(department__isnull=False)),
                name="report_is_of_a_department_or_the_company",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="report_due")]

    def __str__(self) -> str:
        return f"{self.subject} of {self.department_id} to {self.person_id}, {self.rhythm}"
