"""Charts that are watched, the phases whose limits hold on them, and what was said of their signals."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from metrics.charts.states import LONGEST_REASON, SignalState, Verdict
from metrics.charts.statistics import DEFAULT_RULES, RULES, Scale
from metrics.rollups.states import Side
from requests_app.catalogue.models import Service
from requests_app.org.models import Department


def default_rules() -> list[int]:
    return list(DEFAULT_RULES)


class Chart(models.Model):
    """A figure whose weeks are judged by limits that hold until somebody changes them."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=10)
    figure = models.CharField(max_length=32)
    other = models.ForeignKey(Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rules = ArrayField(models.SmallIntegerField(), default=default_rules)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "charts_chart"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "side", "figure", "other", "service"],
                nulls_distinct=False,
                name="one_chart_for_each_figure",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.ALL), name="chart_side_is_known"),
            models.CheckConstraint(condition=~Q(department=F("other")), name="chart_between_two"),
            models.CheckConstraint(
                condition=Q(rules__contained_by=list(RULES), rules__len__gte=1), name="chart_rules_are_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} of {self.department_id} as {self.side}"


class Phase(models.Model):
    """Weeks from `starts_on` on that are judged by the same limits; until they are frozen, by those so far."""

    chart = models.ForeignKey(Chart, on_delete=models.CASCADE, related_name="phases")
    starts_on = models.DateField()
    note = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    scale = models.CharField(max_length=5, blank=True, default="")
    centre = models.FloatField(null=True, blank=True)
    spread = models.FloatField(null=True, blank=True)
    offset = models.FloatField(default=0)
    weeks = models.PositiveSmallIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "charts_phase"
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "starts_on"], name="one_phase_from_a_week"),
            models.CheckConstraint(condition=Q(starts_on__iso_week_day=1), name="phase_starts_on_monday"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True)
                | Q(scale__in=[scale.value for scale in Scale], centre__isnull=False, spread__gte=0, weeks__gte=2),
                name="frozen_phase_has_limits",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_on}"


class Signal(models.Model):
    """A rule that a week completed, and what the department says of it. One for each week and rule."""

    chart = models.ForeignKey(Chart, on_delete=models.CASCADE, related_name="signals")
    week = models.DateField()
    rule = models.SmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    state = models.CharField(max_length=12, choices=SignalState.choices, default=SignalState.OPEN)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "charts_signal"
        constraints = [
            models.UniqueConstraint(fields=["chart", "week", "rule"], name="one_signal_for_each_week_and_rule"),
            models.CheckConstraint(condition=Q(rule__in=RULES), name="signal_rule_is_known"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="signal_verdict_is_known"),
            models.CheckConstraint(
                condition=Q(state=SignalState.OPEN, decided_at__isnull=True)
                | Q(
                    state__in=[SignalState.ACKNOWLEDGED, SignalState.DISMISSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="decided_signal_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignalState.DISMISSED) | ~Q(reason=""), name="dismissed_signal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"rule {self.rule} in the week of {self.week}"
