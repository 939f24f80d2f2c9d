"""Runs of what-if: their question, how far they are, and what came out."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class WhatIf(models.Model):
    """One replay of the terms of an agreement over a past. The result is JSON as `states.Outcome.as_json` writes it.

    Agreements and people are named by id without foreign keys, as everywhere in the figures.
    """

    agreement_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField()
    asked_by = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    failed = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "metrics_whatif"
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="whatif_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(finished_at__isnull=False), name="whatif_with_a_result_is_finished"
            ),
        ]
        indexes = [models.Index(fields=["agreement_id", "-id"], name="whatif_of_agreement")]

    def __str__(self) -> str:
        return f"what if agreement {self.agreement_id} had held from {self.first} to {self.last}"
