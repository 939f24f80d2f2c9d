"""Programmes, the awards given by them, how units were judged, who was nominated, who won; and a secret vote.

SECURITY: no row says who voted for whom. `Voter` says who has voted: without a time, under a random id, gone once the
votes are counted. `Tally` says how many votes each nominee has; a vote writes all tallies of the award anew, so that no
row, no order of rows and no transaction id in them tells which one it was for.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from feedback.awards.states import (
    ANNOUNCED,
    CANCELLED,
    DECIDED,
    LONGEST_NAME,
    MOST_WEIGHT,
    NOMINATING,
    VOTING,
    Criterion,
    How,
    Outcome,
    State,
    Tie,
    Unit,
    Way,
)
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class Programme(models.Model):
    """What is awarded again and again: by which rules, decided how. An award keeps the rules it was opened with."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    text = models.TextField(blank=True, default="")
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.DEPARTMENT)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.STAFF)
    tie = models.CharField(max_length=8, choices=Tie.choices, default=Tie.JOINT)
    fewest_requests = models.PositiveIntegerField(default=30)
    most_requests = models.PositiveIntegerField(null=True, blank=True)
    fewest_response = models.PositiveSmallIntegerField(default=20)
    most_flagged = models.PositiveSmallIntegerField(default=5)
    jury = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", db_table="awards_jury")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "awards_programme"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="programme_has_a_name"),
            models.CheckConstraint(
                condition=Q(unit__in=Unit.values, way__in=Way.values, tie__in=Tie.values), name="programme_rules_known"
            ),
            models.CheckConstraint(
                condition=Q(most_requests__isnull=True) | Q(most_requests__gte=F("fewest_requests")),
                name="programme_category_is_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(fewest_requests__gte=1, fewest_response__lte=100, most_flagged__gte=1)
                & Q(most_flagged__lte=100),
                name="programme_floors_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Weight(models.Model):
    """How much a criterion counts in a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="weights")
    criterion = models.CharField(max_length=10, choices=Criterion.choices)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "awards_weight"
        constraints = [
            models.UniqueConstraint(fields=["programme", "criterion"], name="criterion_counts_once"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=MOST_WEIGHT), name="weight_counts"),
            models.CheckConstraint(condition=Q(criterion__in=Criterion.values), name="criterion_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.weight}"


class AwardQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "AwardQuerySet":
        """Everybody in the company; partners take no part."""
        hats = standing(person)
        return self.none() if not hats.person_id or hats.is_partner else self.all()


class Award(models.Model):
    """A programme over one stretch of days, both ends included. `rules`, `seed`, `method`: what made the scores.

    `nominate_until` and `vote_until` are the last days in the company's zone, empty where only the figures decide.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="awards")
    first = models.DateField()
    last = models.DateField()
    way = models.CharField(max_length=8, choices=Way.choices)
    nominate_until = models.DateField(null=True, blank=True)
    vote_until = models.DateField(null=True, blank=True)
    rules = models.JSONField(help_text="The programme's unit, tie rule, floors and weights as they were.")
    seed = models.BigIntegerField()
    method = models.CharField(max_length=10)
    pairs = models.JSONField(default=list, help_text="Departments who gave each other only the best.")
    state = models.CharField(max_length=10, choices=State.choices)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True, default="")
    how = models.CharField(max_length=7, choices=How.choices, blank=True, default="")
    note = models.TextField(blank=True, default="", help_text="Why it was cancelled.")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        db_table = "awards_award"
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="award_is_for_some_days"),
            models.CheckConstraint(
                condition=Q(state__in=State.values, way__in=Way.values), name="award_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(way=Way.FIGURES, nominate_until__isnull=True, vote_until__isnull=True)
                | (~Q(way=Way.FIGURES) & Q(vote_until__gt=F("nominate_until"))),
                name="award_is_voted_on_after_nominations",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[NOMINATING, VOTING], outcome="", decided_at__isnull=True)
                | Q(state__in=[DECIDED, ANNOUNCED], outcome__in=Outcome.values, how__in=How.values)
                & Q(decided_at__isnull=False)
                | Q(state=CANCELLED),
                name="award_decided_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state=ANNOUNCED, announced_at__isnull=False)
                | (~Q(state=ANNOUNCED) & Q(announced_at__isnull=True)),
                name="award_announced_says_when",
            ),
            models.UniqueConstraint(
                fields=["programme", "first", "last"], condition=~Q(state=CANCELLED), name="award_given_once"
            ),
        ]
        indexes = [
            models.Index(fields=["nominate_until"], name="award_open", condition=Q(state__in=[NOMINATING, VOTING]))
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.first} to {self.last}"


class Score(models.Model):
    """How a unit was judged, as states.Scored; frozen with the award."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="scores")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField()
    complaints = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    score = models.FloatField(default=0)
    low = models.FloatField(default=0)
    high = models.FloatField(default=0)
    bound = models.FloatField(default=0)
    chance = models.FloatField(default=0)
    parts = models.JSONField(default=list)

    class Meta:
        db_table = "awards_score"
        constraints = [
            models.UniqueConstraint(fields=["award", "department"], name="judged_once"),
            models.CheckConstraint(condition=Q(chance__gte=0, chance__lte=1), name="chance_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id}: {self.score}"


class Juror(models.Model):
    """Somebody of the jury as it was when the award was opened."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="jurors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "awards_juror"
        constraints = [models.UniqueConstraint(fields=["award", "person"], name="juror_once")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.award_id}"


class Nominee(models.Model):
    """A unit that may be voted for; `by_figures`: its score was among the first."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="nominees")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    by_figures = models.BooleanField(default=False)
    won = models.BooleanField(default=False)

    class Meta:
        db_table = "awards_nominee"
        constraints = [models.UniqueConstraint(fields=["award", "department"], name="nominated_once")]
        indexes = [models.Index(fields=["department"], name="award_won_by", condition=Q(won=True))]

    def __str__(self) -> str:
        return f"{self.department_id} for {self.award_id}"


class Nomination(models.Model):
    """Somebody says why; open for everybody to read, with the name."""

    nominee = models.ForeignKey(Nominee, on_delete=models.CASCADE, related_name="nominations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "awards_nomination"
        constraints = [
            models.UniqueConstraint(fields=["nominee", "person"], name="nominates_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="nomination_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason


class Voter(models.Model):
    """Somebody has voted; kept while the vote is open, so that each votes once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="voters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "awards_voter"
        constraints = [models.UniqueConstraint(fields=["award", "person"], name="one_ballot_each")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.award_id}"


class Tally(models.Model):
    """The votes for a nominee; kept while the vote is open."""

    nominee = models.OneToOneField(Nominee, primary_key=True, on_delete=models.CASCADE, related_name="tally")
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "awards_tally"

    def __str__(self) -> str:
        return f"votes for {self.nominee_id}"
