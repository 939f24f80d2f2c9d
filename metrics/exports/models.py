"""Exports of facts: what was asked for, how far it is, and which file came out."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from metrics.exports.states import SIDES


class FactExport(models.Model):
    """One file of the facts of a department's requests. `left_out` are those that the asker may not read.

    People and departments are named by id without foreign keys, as everywhere in the figures. `storage_key` names the
    file below MEDIA_ROOT/exports; it goes with the row.
    """

    asked_by = models.BigIntegerField()
    department_id = models.BigIntegerField()
    side = models.CharField(max_length=8, choices=[(side, side) for side in SIDES])
    first = models.DateField()
    last = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=40, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    failed = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "metrics_factexport"
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="export_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="export_side_is_known"),
            models.CheckConstraint(
                condition=Q(storage_key="") | Q(finished_at__isnull=False), name="export_with_a_file_is_finished"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_of_person"),
            models.Index(fields=["expires_at"], name="export_expires"),
        ]

    def __str__(self) -> str:
        return f"facts of department {self.department_id} as {self.side} from {self.first} to {self.last}"

    @property
    def waits(self) -> bool:
        return self.finished_at is None and not self.failed
