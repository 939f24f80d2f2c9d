"""Runs of what-if: their question, how far they are, and what came out."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class WhatIf(models.Model):
    """One replay of the terms of an agreement over a past. The result is JSON as `states.Result.as_json` writes it.

    `compared` is the same of the terms of the agreement `compare_with`, replayed over the same past. Agreements and
    people are named by id without foreign keys, as everywhere in the figures.
    """

    agreement_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True, default="", help_text="of the text that was replayed")
    compare_with = models.BigIntegerField(null=True)
    asked_by = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    compared = models.JSONField(null=True)
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
            models.CheckConstraint(
                condition=Q(compared__isnull=True) | Q(compare_with__isnull=False), name="whatif_compares_with_another"
            ),
        ]
        indexes = [models.Index(fields=["agreement_id", "-id"], name="whatif_of_agreement")]

    def __str__(self) -> str:
        return f"what if agreement {self.agreement_id} had held from {self.first} to {self.last}"


class FlippedRequest(models.Model):
    """A request whose verdict would be the other one. Confidential ones are only counted, so none stands here."""

    pk = models.CompositePrimaryKey("run_id", "request_id", "measure")
    run = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="flips")
    request_id = models.BigIntegerField()
    measure = models.CharField(max_length=12)
    would = models.BooleanField()

    class Meta:
        db_table = "metrics_whatifflip"

    def __str__(self) -> str:
        return f"request {self.request_id} in run {self.run_id}"
