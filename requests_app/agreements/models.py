"""What departments agreed: targets by priority, between whom, for what, since when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce, Now

from requests_app.agreements.states import (
    ACCEPTANCE_DAYS,
    REMIND_DAYS,
    REOPEN_DAYS,
    Days,
    Life,
    Measure,
    Reopening,
    Side,
    Time,
    write_target,
)
from requests_app.calendars.models import Calendar
from requests_app.catalogue.models import Service
from requests_app.org.models import Department, Person


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Agreement(models.Model):
    """One version of what holds between a customer (or all) and a supplier (or all), for a service (or all).

    Signed versions never overlap for the same parties, and are never edited: a change ends one and begins the
    next, so a request keeps the promise it was filed under. Before it is signed a version is on the table: a draft
    of one side, or a proposal that `proposed_by` made and the other side answers. `round` counts the proposals.
    """

    customer = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements_as_customer"
    )
    supplier = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements_as_supplier"
    )
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveIntegerField(default=1)
    life = models.CharField(max_length=10, choices=Life.choices, default=Life.SIGNED)
    proposed_by = models.CharField(max_length=10, choices=Side.choices, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    pausing = ArrayField(models.CharField(max_length=20), default=list)
    acceptance_days = models.PositiveSmallIntegerField(default=ACCEPTANCE_DAYS)
    reopen_days = models.PositiveSmallIntegerField(default=REOPEN_DAYS)
    reopening = models.CharField(max_length=10, choices=Reopening.choices, default=Reopening.CONTINUE)
    escalations = models.JSONField(default=list, help_text="[{measure, percent, step}]")
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quality = models.TextField(blank=True, default="")
    price = models.CharField(max_length=200, blank=True, default="")
    remind_days = models.PositiveSmallIntegerField(default=REMIND_DAYS)
    reminded_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "agreements_agreement"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="agreement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(service__isnull=True) | Q(supplier__isnull=False), name="a_service_has_its_supplier"
            ),
            ExclusionConstraint(
                name="one_agreement_in_force",
                expressions=[
                    (Coalesce("customer_id", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    (Coalesce("supplier_id", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    (Coalesce("service_id", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(life=Life.SIGNED),
            ),
            models.UniqueConstraint(
                fields=["customer", "supplier", "service"],
                condition=Q(life__in=[Life.DRAFT, Life.PROPOSED]),
                nulls_distinct=False,
                name="one_version_on_the_table",
            ),
            models.CheckConstraint(condition=Q(life__in=Life.values), name="agreement_life_is_known"),
            models.CheckConstraint(
                condition=Q(life=Life.SIGNED)
                | Q(customer__isnull=False, supplier__isnull=False, proposed_by__in=Side.values),
                name="two_departments_negotiate",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(customer=models.F("supplier")), name="nobody_agrees_with_itself"
            ),
        ]
        indexes = [models.Index(fields=["supplier", "valid_to"], name="agreement_of_supplier")]

    def __str__(self) -> str:
        return f"agreement {self.pk} version {self.version}"


class Signature(models.Model):
    """A head's yes to exactly this text: `digest` is the SHA-256 of the terms signed. One for each side."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "agreements_signature"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_a_side"),
            models.UniqueConstraint(fields=["agreement", "person"], name="nobody_signs_for_both"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="signature_side_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for the {self.side}"


class Target(models.Model):
    """A promise for one measure and one priority: in seconds of working time or in working days, never both."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="targets")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    priority = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        db_table = "agreements_target"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "measure", "priority"], name="one_target_per_priority"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="target_priority_is_1_to_5"),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, days__isnull=True) | Q(seconds__isnull=True, days__gt=0),
                name="target_is_a_time_or_days",
            ),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="target_measure_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.priority}: {write_target(self.time)}"

    @property
    def time(self) -> Time:
        return Days(self.days) if self.days else self.seconds or 0


class PriorityMatrix(models.Model):
    """Urgency × impact → priority; the company's (no department) or a supplier's own. `cells[urgency][impact]`."""

    department = models.OneToOneField(Department, null=True, blank=True, on_delete=models.CASCADE)
    cells = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "agreements_prioritymatrix"
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(department__isnull=True), name="one_company_matrix"),
        ]

    def __str__(self) -> str:
        return f"matrix of {self.department_id or 'the company'}"
