"""What departments say of each other, version by version."""

from django.db import models
from django.db.models import F, Q

from feedback.chain.states import Said, Side, Source
from feedback.surveys.models import Campaign
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "DeclarationQuerySet":
        """For the agents and heads of either of the two, executives and auditors."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if hats.is_executive or hats.is_auditor:
            return self.all()
        return self.filter(Q(department__in=hats.supplies_for) | Q(other__in=hats.supplies_for))


class Declaration(models.Model):
    """A department says that another is its supplier or customer (or, `holds` being false, that it is no longer).

    Rows are never changed but for `is_current`, which goes out when the next version comes (migration 0009 guards it).
    Without `other` it is about the customers outside the company.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    other = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    holds = models.BooleanField(default=True)
    products = models.TextField(blank=True, default="")
    demands = models.TextField(blank=True, default="")
    troubles = models.TextField(blank=True, default="")
    source = models.CharField(max_length=6, choices=Source.choices)
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        db_table = "chain_declaration"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "side", "other", "number"], nulls_distinct=False, name="declaration_has_a_number"
            ),
            models.UniqueConstraint(
                fields=["department", "side", "other"], nulls_distinct=False, condition=Q(is_current=True),
                name="one_current_declaration",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="declaration_side_is_known"),
            models.CheckConstraint(
                condition=Q(source="survey", campaign__isnull=False) | Q(source="form", campaign__isnull=True),
                name="declaration_says_where_from",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="declaration_counts_from_one"),
            models.CheckConstraint(
                condition=Q(other__isnull=True, side="customer")
                | (Q(other__isnull=False) & ~Q(other=F("department"))),
                name="declaration_is_of_another",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["other"], name="declaration_of_us", condition=Q(is_current=True))]

    def __str__(self) -> str:
        return f"{self.other_id} is {self.side} of {self.department_id}"

    @property
    def said(self) -> Said:
        return Said(
            self.number, self.holds, self.products, self.demands, self.troubles, self.source, self.said_at
        )  # fmt: skip
