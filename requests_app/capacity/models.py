"""Hours a week by contract, and days on which people are away."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from requests_app.capacity.states import MOST_MINUTES, Kind
from requests_app.org.models import Department, Person


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class ContractHours(models.Model):
    """What somebody works a week for a department, from a day on until the next row. Where there is none, the calendar
    says it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contract_hours")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="contract_hours")
    since = models.DateField()
    minutes = models.PositiveIntegerField()

    class Meta:
        db_table = "capacity_contracthours"
        constraints = [
            models.UniqueConstraint(fields=["department", "person", "since"], name="one_contract_a_day"),
            models.CheckConstraint(condition=Q(minutes__lte=MOST_MINUTES), name="contract_fits_into_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} works {self.minutes} min a week for {self.department_id}"


class Absence(models.Model):
    """Somebody is away from `first` to `last`, both inclusive."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    first = models.DateField()
    last = models.DateField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "capacity_absence"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="absence_kind_is_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_ends_after_it_begins"),
            ExclusionConstraint(
                name="away_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("first", "last", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is away from {self.first} to {self.last}"
