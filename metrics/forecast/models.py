"""Forecasts as they were last computed. Derived: every row can be dropped and computed again."""

from django.db import models
from django.db.models import Q

from metrics.forecast.states import Verdict


class Forecast(models.Model):
    """Requests a week that a department will be asked for: in all, of one service, or of one type of need.

    `history` holds the last weeks counted, [Monday, requests, open days]; `points` the weeks ahead, [Monday, open
    days, expected, low, high], empty unless the back-test found them better than the naive guesses. Errors are mean
    absolute errors in requests a week.
    """

    department_id = models.BigIntegerField()
    service_id = models.BigIntegerField(default=0)
    need_type = models.CharField(max_length=12, default="", blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    weeks = models.SmallIntegerField()
    history = models.JSONField(default=list)
    points = models.JSONField(default=list)
    alpha = models.FloatField(null=True)
    seasonal = models.BooleanField(default=False)
    origins = models.SmallIntegerField(null=True)
    error = models.FloatField(null=True)
    error_naive = models.FloatField(null=True)
    error_seasonal = models.FloatField(null=True)
    coverage = models.FloatField(null=True)
    checked = models.SmallIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "metrics_forecast"
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "service_id", "need_type"], name="one_forecast_of_everything"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="forecast_verdict_is_known"),
            models.CheckConstraint(
                condition=Q(service_id=0) | Q(need_type=""), name="forecast_is_of_a_service_or_a_need_type"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.BETTER) | Q(points=[]), name="forecast_is_told_only_when_better"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.SHORT) | Q(error__isnull=False, error_naive__isnull=False),
                name="forecast_was_tried",
            ),
        ]

    def __str__(self) -> str:
        return f"forecast of department {self.department_id}, service {self.service_id} {self.need_type}"


class ExpectedNeed(models.Model):
    """What a customer department will ask of one service in the four weeks from `first` on, if it goes on as now.

    `counted` are its requests in the last thirteen weeks, `last_year` those in the same four weeks a year earlier;
    null where that was before the first request of the department.
    """

    customer_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    service_id = models.BigIntegerField()
    first = models.DateField()
    counted = models.IntegerField()
    expected = models.FloatField()
    low = models.IntegerField()
    high = models.IntegerField()
    last_year = models.IntegerField(null=True)
    recurs = models.BooleanField(default=False)
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "metrics_expectedneed"
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "supplier_id", "service_id"], name="one_expectation_of_a_need"
            ),
            models.CheckConstraint(condition=Q(low__lte=models.F("high")), name="expectation_has_an_interval"),
        ]

    def __str__(self) -> str:
        return f"department {self.customer_id} of service {self.service_id}: {self.expected:.1f}"
