"""What departments agreed: targets by priority, between whom, for what, since when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce, Now

from requests_app.agreements.states import Measure
from requests_app.catalogue.models import Service
from requests_app.org.models import Department, Person


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Agreement(models.Model):
    """One version of what holds between a customer (or all) and a supplier (or all), for a service (or all).

    Versions in force never overlap for the same parties, and are never edited: a change ends one and begins the
    next, so a request keeps the promise it was filed under.
    """

    customer = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements_as_customer"
    )
    supplier = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements_as_supplier"
    )
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    pausing = ArrayField(models.CharField(max_length=20), default=list)
    acceptance_days = models.PositiveSmallIntegerField(default=5)
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
            ),
        ]
        indexes = [models.Index(fields=["supplier", "valid_to"], name="agreement_of_supplier")]

    def __str__(self) -> str:
        return f"agreement {self.pk} version {self.version}"


class Target(models.Model):
    """A promise in seconds of working time, for one measure and one priority."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="targets")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    priority = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()

    class Meta:
        db_table = "agreements_target"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "measure", "priority"], name="one_target_per_priority"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="target_priority_is_1_to_5"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="target_is_positive"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="target_measure_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.priority}: {self.seconds} s"


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
