"""Questionnaires with their versions, campaigns, who is invited, and what was answered.

SECURITY: an anonymous answer holds no person, no time and nothing of its invitation; triggers see to it that it is
never changed, and that an invitation that was answered stays so (migration 0005).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.surveys.states import LONGEST_TITLE, CampaignState, Unit
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.states import CustomerKind


class Survey(models.Model):
    """A questionnaire of a department, or of the company where there is none. `ready`: after which one it was made."""

    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE)
    ready = models.CharField(max_length=30, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "surveys_survey"
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="survey_has_a_title")]

    def __str__(self) -> str:
        return self.title


class SurveyVersion(models.Model):
    """The questions as they stood. Once a campaign has sent them they are locked, and a change makes the next one.

    `revision` counts the saves of an unlocked version, for whoever saves in between.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    questions = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "surveys_version"
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_version_per_number_of_survey"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(locked_at__isnull=True), name="one_open_version_of_survey"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.survey_id}"


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "CampaignQuerySet":
        """All of them for our own people; partners know of those to which they are invited."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if hats.is_partner:
            return self.filter(pk__in=SurveyInvitation.objects.filter(person_id=hats.person_id).values("campaign_id"))
        return self.all()


class Campaign(models.Model):
    """One time of asking. The version is the one that was sent; `closes_on` is the last day for answers.

    With `repeat_every` it comes again, counted from `repeats_from`; `follows` is the occurrence before. Without `roles`
    and `kinds` (of internal customers) everybody is asked, but for the `rested`: how many had been asked something of
    late and were left in peace when it opened. `revision` counts the changes while it is prepared.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="campaigns")
    version = models.ForeignKey(SurveyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE)
    anonymous = models.BooleanField(default=True)
    departments = models.ManyToManyField(Department, db_table="surveys_campaign_departments", related_name="+")
    roles = models.JSONField(default=list)
    kinds = models.JSONField(default=list, db_default=[])
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField()
    remind_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_every = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_unit = models.CharField(max_length=6, choices=Unit.choices, blank=True, default="")
    repeats_from = models.DateField(null=True, blank=True)
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    state = models.CharField(max_length=6, choices=CampaignState.choices, default=CampaignState.DRAFT)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    rested = models.PositiveIntegerField(default=0, db_default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        db_table = "surveys_campaign"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="campaign_has_a_title"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True)
                | Q(~Q(state="draft"), opened_at__isnull=False, version__isnull=False),
                name="campaign_that_opened_says_when_and_what",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(~Q(state="closed"), closed_at__isnull=True),
                name="campaign_that_closed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="campaign_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(repeat_every__isnull=True, repeat_unit="")
                | Q(repeat_every__isnull=False, repeat_every__gte=1, repeat_unit__in=Unit.values),
                name="campaign_comes_again_in_a_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=CustomerKind.values), name="campaign_kinds_of_customers_are_known"
            ),
        ]
        indexes = [
            models.Index(fields=["survey", "-id"], name="campaign_of_survey"),
            models.Index(fields=["closes_on"], name="campaign_to_close", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.title


class SurveyInvitation(models.Model):
    """Somebody is asked. `group`: the department, or one above it, of which at least five are asked.

    SECURITY: whether it was answered, and nothing else of the answer; not even the day.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered = models.BooleanField(default=False)

    class Meta:
        db_table = "surveys_invitation"
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="one_survey_invitation_each")]
        indexes = [
            models.Index(fields=["person"], name="survey_to_answer", condition=Q(answered=False)),
            models.Index(fields=["campaign", "group"], name="invitation_by_group"),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.person_id} to {self.campaign_id}"


class SurveyAnswer(models.Model):
    """What somebody answered, by item. Of an anonymous campaign without `person` and `given_at`; its id is random."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="answers")
    group = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(null=True, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        db_table = "surveys_answer"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person"], name="one_named_answer_each"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, given_at__isnull=True)
                | Q(person__isnull=False, given_at__isnull=False),
                name="answer_without_a_name_has_no_time",
            ),
        ]

    def __str__(self) -> str:
        return f"an answer to {self.campaign_id}"
