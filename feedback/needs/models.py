"""Needs on the boards of departments, where they were heard of, and how their customers rate them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now

from feedback.needs.states import (
    AFTER_ANALYSIS,
    AFTER_DECISION,
    CARRIED_OUT,
    COLLECTED,
    EVALUATED,
    IN_WORDS,
    LONGEST_TITLE,
    LONGEST_WORDS,
    SET_ASIDE,
    Importance,
    SourceKind,
    State,
    Urgency,
)
from feedback.surveys.models import Campaign
from feedback.voice.models import Voice
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing


class NeedQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "NeedQuerySet":
        """The department whose board it is on, the departments that need it, who proposed it; and the company roles
        that read figures of departments (metrics.own_dept_operational)."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if best_code("metrics.own_dept_operational", hats.global_contexts) in ALLOWED_CODES:
            return self.all()
        of_customers = Need.customers.through.objects.filter(department_id__in=hats.member_of)
        theirs = Q(proposed_by_id=hats.person_id) | Q(owner_id=hats.person_id) | Q(department_id__in=hats.member_of)
        return self.filter(theirs | Q(pk__in=of_customers.values("need_id")))


class Need(models.Model):
    """What customers need of a department. `priority` = urgency × importance, 1 to 16; 0 until it was analysed."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    customers = models.ManyToManyField(Department, db_table="needs_need_customers", related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(blank=True, default="")
    state = models.CharField(max_length=11, choices=State.choices, default=COLLECTED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    urgency = models.PositiveSmallIntegerField(null=True, blank=True, choices=Urgency.choices)
    importance = models.PositiveSmallIntegerField(null=True, blank=True, choices=Importance.choices)
    priority = models.GeneratedField(
        expression=Coalesce(F("urgency") * F("importance"), Value(0)),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    analysis = models.TextField(blank=True, default="")
    solution = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    overdue_told_on = models.DateField(null=True, blank=True, help_text="The due day whose passing was told.")
    result = models.TextField(blank=True, default="")
    effect = models.TextField(blank=True, default="")
    effect_link = models.CharField(max_length=100, blank=True, default="", help_text="Path of an improvement plan.")
    reason = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField(db_default=Now())

    objects = NeedQuerySet.as_manager()

    class Meta:
        db_table = "needs_need"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="need_state_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="need_has_a_title"),
            models.CheckConstraint(
                condition=Q(urgency__isnull=True, importance__isnull=True)
                | Q(urgency__isnull=False, urgency__range=(1, 4), importance__isnull=False, importance__range=(1, 4)),
                name="need_is_weighed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_ANALYSIS) | Q(urgency__isnull=False, importance__isnull=False),
                name="analysed_need_is_weighed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_DECISION)
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(solution="")),
                name="decided_need_says_what_who_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(CARRIED_OUT, EVALUATED)) | ~Q(result=""), name="need_carried_out_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(state=EVALUATED) | ~Q(effect=""), name="evaluated_need_says_its_effect"
            ),
            models.CheckConstraint(condition=~Q(state=SET_ASIDE) | ~Q(reason=""), name="need_set_aside_says_why"),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-priority", "-id"], name="need_on_board"),
            models.Index(fields=["proposed_by", "-id"], name="need_of_proposer"),
            models.Index(fields=["owner", "due_on"], name="need_to_carry_out", condition=Q(state="decided")),
        ]

    def __str__(self) -> str:
        return self.title


class NeedSource(models.Model):
    """Where a need was heard of: a row of ours, which each reader sees only if they may see that, or words."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=7, choices=SourceKind.choices)
    service_request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voice = models.ForeignKey(Voice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=LONGEST_WORDS, blank=True, default="")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "needs_source"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="request", service_request__isnull=False, voice=None, campaign=None, words="")
                | Q(kind="voice", service_request=None, voice__isnull=False, campaign=None, words="")
                | Q(kind="survey", service_request=None, voice=None, campaign__isnull=False, words="")
                | (Q(kind__in=IN_WORDS, service_request=None, voice=None, campaign=None) & ~Q(words="")),
                name="need_source_is_as_its_kind",
            ),
            models.UniqueConstraint(fields=["need", "service_request"], name="need_names_request_once"),
            models.UniqueConstraint(fields=["need", "voice"], name="need_names_voice_once"),
            models.UniqueConstraint(fields=["need", "campaign"], name="need_names_survey_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.need_id}"


class NeedRating(models.Model):
    """How a customer department rates a need: how much it counts, how well it is met, 1 to 5. The newest counts."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="ratings")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    importance = models.PositiveSmallIntegerField()
    satisfaction = models.PositiveSmallIntegerField()
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        db_table = "needs_rating"
        constraints = [
            models.UniqueConstraint(fields=["need", "department"], name="one_need_rating_a_department"),
            models.CheckConstraint(
                condition=Q(importance__range=(1, 5), satisfaction__range=(1, 5)), name="need_rated_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"rating of {self.need_id} by {self.department_id}"
