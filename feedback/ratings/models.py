"""Invitations to rate, ratings, and every answer a rating ever held."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.ratings.states import (
    HIGHEST,
    LONGEST_COMMENT,
    LONGEST_REST,
    LOWEST,
    Answer,
    Dimension,
    InvitationState,
    Side,
)
from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

SCORE = (LOWEST, HIGHEST)


class AnswerFields(models.Model):
    """The columns of an answer, the same in the rating and in its history."""

    overall = models.PositiveSmallIntegerField()
    reliability = models.PositiveSmallIntegerField(null=True, blank=True)
    assurance = models.PositiveSmallIntegerField(null=True, blank=True)
    tangibles = models.PositiveSmallIntegerField(null=True, blank=True)
    empathy = models.PositiveSmallIntegerField(null=True, blank=True)
    responsiveness = models.PositiveSmallIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=LONGEST_COMMENT, blank=True, default="")
    share_with_team = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(overall__range=SCORE), name="%(class)s_overall_in_range"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": SCORE}) for name in Dimension.values)
                ),
                name="%(class)s_dimensions_in_range",
            ),
            models.CheckConstraint(
                condition=Q(effort__isnull=True) | Q(effort__range=SCORE), name="%(class)s_effort_in_range"
            ),
        ]

    @property
    def dimensions(self) -> dict[str, int]:
        """The dimensions that were answered."""
        given = {name: getattr(self, name) for name in Dimension.values}
        return {name: score for name, score in given.items() if score is not None}

    @property
    def answer(self) -> Answer:
        return Answer(self.overall, self.dimensions, self.effort, self.comment, self.share_with_team)


def columns(answer: Answer) -> dict:
    """The answer as values of AnswerFields."""
    return {name: answer.dimensions.get(name) for name in Dimension.values} | {
        "overall": answer.overall,
        "effort": answer.effort,
        "comment": answer.comment,
        "share_with_team": answer.share_with_team,
    }


class RatingQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "RatingQuerySet":
        """Single answers: the requester's own, and for the rated team those that were shared with it.

        feedback.view_own_answer and feedback.view_shared_answer of the matrix; all others see figures only.
        """
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        readable = ServiceRequest.objects.visible_to(person)
        shared = Q(share_with_team=True, supplier_id__in=hats.supplies_for, service_request__in=readable)
        return self.filter(Q(person_id=hats.person_id) | shared)


class Rating(AnswerFields):
    """What the requester says about a delivery: the answer as it stands now. One for each request."""

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)  # since when it counts in figures; until then it waits for others

    objects = RatingQuerySet.as_manager()

    class Meta(AnswerFields.Meta):
        db_table = "ratings_rating"
        constraints = [
            *AnswerFields.Meta.constraints,
            models.CheckConstraint(condition=Q(changed_at__gte=F("given_at")), name="rating_changes_after_given"),
            models.CheckConstraint(
                condition=Q(share_with_team=False) | Q(counted_at__isnull=False), name="shared_rating_counts_at_once"
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "-given_at"], name="rating_of_supplier"),
            models.Index(fields=["given_at"], name="rating_waits", condition=Q(counted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.overall} for request {self.service_request_id}"


class RatingVersion(AnswerFields):
    """One answer a rating held. Never changed, never removed: a trigger refuses both."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_link = models.BooleanField(default=False)

    class Meta(AnswerFields.Meta):
        db_table = "ratings_ratingversion"
        constraints = [
            *AnswerFields.Meta.constraints,
            models.UniqueConstraint(fields=["rating", "number"], name="one_answer_per_number"),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} of rating {self.rating_id}"


class Invitation(models.Model):
    """The requester is asked to rate; once for each request. A new delivery opens an unanswered one anew."""

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=InvitationState.choices, default=InvitationState.OPEN)
    delivered_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "ratings_invitation"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_is_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("delivered_at")), name="invitation_ends_after_delivery"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "delivered_at"], name="invitation_open", condition=Q(state="open")),
            models.Index(
                fields=["remind_at"],
                name="invitation_to_remind",
                condition=Q(state="open", reminded_at__isnull=True),
            ),
            models.Index(fields=["expires_at"], name="invitation_to_expire", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.person_id} to rate {self.service_request_id}"


class RatingReply(models.Model):
    """A word of one side about a shared rating: the supplier's answer, the customer's reaction. Never changed."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="replies")
    side = models.CharField(max_length=8, choices=Side.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=LONGEST_COMMENT)
    at = models.DateTimeField()

    class Meta:
        db_table = "ratings_reply"
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="reply_side_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),
        ]

    def __str__(self) -> str:
        return f"a word of the {self.side} about rating {self.rating_id}"


class RatingRules(models.Model):
    """How often people are asked: one row for the company; without it the days of the installation's settings.

    `rest_days` after anything that asked, `campaign_rest_days` between two campaigns.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    rest_days = models.PositiveSmallIntegerField(default=0)
    campaign_rest_days = models.PositiveSmallIntegerField(default=14, db_default=14)
    remind = models.BooleanField(default=True)
    propose_actions = models.BooleanField(default=True)

    class Meta:
        db_table = "ratings_rules"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="rating_rules_are_one"),
            models.CheckConstraint(condition=Q(rest_days__lte=LONGEST_REST), name="rest_is_a_year_at_most"),
            models.CheckConstraint(
                condition=Q(campaign_rest_days__lte=LONGEST_REST), name="campaign_rest_is_a_year_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"asked again after {self.rest_days} days"


class RatingShare(models.Model):
    """Which share of a service's deliveries is asked about, in percent; without a row all of them."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "ratings_share"
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="share_is_a_percentage")]

    def __str__(self) -> str:
        return f"{self.percent} % of service {self.service_id}"


class HeldBack(models.Model):
    """A delivery about which nobody was asked, because of the sample or of who was asked of late; gone once asked."""

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        db_table = "ratings_held_back"
        indexes = [models.Index(fields=["supplier", "delivered_at"], name="held_back_of_supplier")]

    def __str__(self) -> str:
        return f"nobody was asked about {self.service_request_id}"


class RatingLink(models.Model):
    """A link in a mail that lets its holder rate this one request without signing in.

    Only the SHA-256 digest of its token is kept; the token itself stands in the mail alone.
    """

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ratings_link"

    def __str__(self) -> str:
        return f"link of invitation {self.invitation_id}"
