"""Improvement plans, what is done for them, and what they came to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from metrics.improvement.states import (
    CANCELLED,
    CLOSED,
    JUDGED,
    LARGEST_EFFECT,
    LONGEST_NAME,
    LONGEST_TEXT,
    PLANNED,
    RUNNING,
    Horizon,
    State,
    Verdict,
)
from metrics.rollups.states import Side
from requests_app.catalogue.models import Service
from requests_app.org.models import Department


class Improvement(models.Model):
    """What a department wants to be better, by how much, from which day on, and who sees to it.

    `expected` is signed and on the figure's scale: −0.2 is 20 % less time, 0.05 five points more of a share, 0.3 a mark
    of 0.3 more. `other` narrows to one department on the other side, `comparison` names one that goes on as before.
    `weeks` are the weekly points as a worker counted them last, [Monday, value, n]; those of the comparison likewise.
    `ripe_told_at` is when the heads were told, once, that there are weeks enough to judge it.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    figure = models.CharField(max_length=40)
    other = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    comparison = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    goal = models.TextField(blank=True, default="", max_length=LONGEST_TEXT)
    expected = models.FloatField()
    effective_on = models.DateField()
    triggered_from = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judgement = models.TextField(blank=True, default="", max_length=LONGEST_TEXT)
    judged_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    weeks = models.JSONField(default=list, blank=True)
    compared_weeks = models.JSONField(default=list, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    ripe_told_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "improvement_plan"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="improvement_state_is_known"),
            models.CheckConstraint(condition=Q(side__in=Side.ALL), name="improvement_side_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="improvement_has_a_name"),
            models.CheckConstraint(
                condition=Q(expected__gte=-LARGEST_EFFECT, expected__lte=LARGEST_EFFECT) & ~Q(expected=0),
                name="improvement_expects_something",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("department")), name="improvement_between_two"
            ),
            models.CheckConstraint(
                condition=Q(comparison__isnull=True) | ~Q(comparison=F("department")),
                name="improvement_compared_with_another",
            ),
            models.CheckConstraint(
                condition=Q(triggered_from__isnull=True) | Q(triggered_from__lt=F("effective_on")),
                name="improvement_is_triggered_before_it_acts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[CLOSED, CANCELLED], ended_at__isnull=False)
                    | Q(state__in=[PLANNED, RUNNING, JUDGED], ended_at__isnull=True)
                ),
                name="ended_improvement_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[JUDGED, CLOSED]) | (Q(judged_at__isnull=False) & ~Q(judgement="")),
                name="judged_improvement_says_how",
            ),
        ]
        indexes = [models.Index(fields=["department", "-id"], name="improvement_of_department"),
                   models.Index(fields=["other", "-id"], name="improvement_of_other"),
                   models.Index(fields=["figure", "side", "department"], name="improvement_of_figure")]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


class ImprovementAction(models.Model):
    """One thing to do for it: what, who, until when, and when it was done. `late_told_on`: the due day last told of."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="actions")
    what = models.CharField(max_length=LONGEST_NAME * 2)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    late_told_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "improvement_action"
        ordering = ("due_on", "pk")
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="improvement_action_says_what")]

    def __str__(self) -> str:
        return self.what


class ImprovementEffect(models.Model):
    """What the weekly points of a quarter say against the baseline; counted anew every day while it can change.

    `effect`, `low`, `high` and `detectable` are on the figure's scale, as `Improvement.expected`. `details` are the
    numbers behind them by name. The seed and the version of the method make the same points give the same numbers.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="effects")
    horizon = models.CharField(max_length=12, choices=Horizon.choices)
    counted_at = models.DateTimeField()
    weeks_before = models.PositiveSmallIntegerField()
    weeks_after = models.PositiveSmallIntegerField()
    effect = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p = models.FloatField(null=True)
    p_adjusted = models.FloatField(null=True)
    detectable = models.FloatField(null=True)
    by_trend = models.BooleanField(default=False)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    held = models.BooleanField(null=True)
    seed = models.BigIntegerField()
    method = models.PositiveSmallIntegerField()
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "improvement_effect"
        constraints = [
            models.UniqueConstraint(fields=["improvement", "horizon"], name="one_effect_for_each_horizon"),
            models.CheckConstraint(
                condition=Q(horizon__in=Horizon.values, verdict__in=Verdict.values), name="effect_is_one_that_there_is"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.TOO_EARLY)
                | Q(effect__isnull=False, low__isnull=False, high__isnull=False, p__isnull=False),
                name="verdict_has_its_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.horizon}: {self.verdict}"
