"""Figures counted ahead: cells of facts, and which of them have to be counted again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Rollup(models.Model):
    """One figure over one cell: a grain, the ids that belong to it (0 where they do not), and a day, week or month.

    `n` values with their `total` and the sum of their `squares`; for durations also the sketch of how they are spread
    (`metrics.rollups.sketch`), in working time and (`_cs`) calendar time. `people` are up to five different raters,
    enough to tell whether five answered. A cell is replaced as a whole, never added to.
    """

    pk = models.CompositePrimaryKey(
        "grain", "supplier_id", "span", "day", "figure", "customer_id", "service_id", "priority"
    )
    grain = models.CharField(max_length=8, db_collation="C")
    supplier_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    service_id = models.BigIntegerField()
    priority = models.SmallIntegerField()
    span = models.CharField(max_length=5, db_collation="C")
    day = models.DateField()
    figure = models.CharField(max_length=32, db_collation="C")
    n = models.IntegerField()
    total = models.BigIntegerField()
    squares = models.BigIntegerField()
    total_cs = models.BigIntegerField(null=True)
    sketch = models.BinaryField(null=True)
    sketch_cs = models.BinaryField(null=True)
    people = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        db_table = "metrics_rollup"
        indexes = [
            models.Index(
                fields=["customer_id", "span", "day", "figure"],
                name="rollup_of_customer",
                condition=Q(grain__in=["pair", "customer"]),
            ),
            models.Index(
                fields=["grain", "figure", "span", "day"],
                name="rollup_of_figure",
                condition=Q(grain__in=["pair", "supplier"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.grain} {self.span} {self.day}"


class StaleCell(models.Model):
    """Facts of this day have come, gone or changed. Appended with the facts, removed with the recount.

    `anchor` names the instants by which the facts belong to the day. Doubles are harmless.
    """

    anchor = models.CharField(max_length=20, db_collation="C")
    supplier_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    service_id = models.BigIntegerField()
    priority = models.SmallIntegerField()
    day = models.DateField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "metrics_stalecell"

    def __str__(self) -> str:
        return f"{self.anchor} {self.day}"


class Generation(models.Model):
    """One row whose number grows with every recount, in the same transaction: who has seen it has seen the cells."""

    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "metrics_generation"

    def __str__(self) -> str:
        return str(self.number)


class FigureTarget(models.Model):
    """The value a department wants to reach; without a department the company's."""

    department_id = models.BigIntegerField(null=True, blank=True)
    figure = models.CharField(max_length=32)
    value = models.FloatField()

    class Meta:
        db_table = "metrics_figuretarget"
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "figure"], nulls_distinct=False, name="one_target_per_figure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.value}"
