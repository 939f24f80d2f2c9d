"""Complaints, suggestions and praise; the votes for suggestions and what is said below them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.voice.states import APPEALED, DECIDED, LONGEST_TITLE, OPEN, STATES_OF, WITHDRAWN, Kind, State
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class VoiceQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "VoiceQuerySet":
        """Suggestions and praise are everybody's (partners: their own); complaints those of complaint.view.

        Confidential ones: who complained, who answers, the head it is for and the auditor; who decides an appeal.
        Who stands in for the heads of a department reads what they would.
        """
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        mine = Q(author_id=hats.person_id)
        theirs = mine | Q(department_id__in=hats.head_of) | Q(customer_id__in=hats.head_of)
        theirs |= Q(
            service_request__assignee_id=hats.person_id, department_id__in=hats.supplies_for, confidential=False
        )
        theirs |= Q(owner_id=hats.person_id) & (Q(confidential=True) | Q(stands_in=True))
        theirs |= Q(arbiter_id=hats.person_id)
        if hats.is_auditor:
            theirs |= Q(kind=Kind.COMPLAINT)
        if hats.is_executive:
            theirs |= Q(appealed_at__isnull=False)
        if hats.is_partner:
            return self.filter(theirs)
        return self.filter(theirs | (~Q(kind=Kind.COMPLAINT) & ~Q(state=WITHDRAWN)))


class Voice(models.Model):
    """Something said to a department, by itself or about a request. `outcome` is read by everybody.

    A confidential complaint has no customer, so that no list, count or figure of a pair of departments can hold it.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    service_request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stands_in = models.BooleanField(
        default=False, db_default=False,
        help_text="The owner is somebody above, because no head of the department may answer.",
    )  # fmt: skip
    title = models.CharField(max_length=LONGEST_TITLE)
    body = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices)
    version = models.PositiveIntegerField(default=1)
    said_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    votes = models.PositiveIntegerField(default=0)
    confidential = models.BooleanField(default=False)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_due_at = models.DateTimeField(null=True, blank=True)
    arbiter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Who decides the appeal.",
    )  # fmt: skip
    decision = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    late_level = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was told that the answer, or the decision, is late."
    )

    objects = VoiceQuerySet.as_manager()

    class Meta:
        db_table = "voice_voice"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="complaint", state__in=STATES_OF[Kind.COMPLAINT])
                | Q(kind="suggestion", state__in=STATES_OF[Kind.SUGGESTION])
                | Q(kind="praise", state__in=STATES_OF[Kind.PRAISE]),
                name="voice_lives_as_its_kind",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="voice_says_something"),
            models.CheckConstraint(condition=Q(votes=0) | Q(kind="suggestion"), name="only_suggestions_are_voted_on"),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | ~Q(customer=F("department")) | Q(kind="suggestion"),
                name="voice_is_of_another_department",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed", "taken_up", "declined", "done"]) | ~Q(outcome=""),
                name="answered_voice_says_what",
            ),
            models.CheckConstraint(
                condition=Q(stands_in=False) | Q(kind="complaint", owner__isnull=False),
                name="somebody_stands_in_for_complaints",
            ),
            models.CheckConstraint(
                condition=Q(confidential=False) | Q(kind="complaint", customer__isnull=True),
                name="only_complaints_are_confidential",
            ),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True, appeal_due_at__isnull=True)
                | Q(appealed_at__isnull=False, appeal_due_at__isnull=False, state__in=[APPEALED, DECIDED]),
                name="appeal_is_due_and_final",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[APPEALED, DECIDED]) | Q(appealed_at__isnull=False),
                name="decided_voice_was_appealed",
            ),
            models.CheckConstraint(
                condition=Q(state=DECIDED, decided_at__isnull=False) & ~Q(decision="")
                | ~Q(state=DECIDED) & Q(decided_at__isnull=True, decision=""),
                name="decided_voice_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="voice_of_department"),
            models.Index(fields=["author", "-id"], name="voice_of_author"),
            models.Index(fields=["service_request"], name="voice_on_request"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late(self, now: datetime) -> bool:
        """The answer is awaited and has not come in time."""
        return self.state == OPEN and self.due_at is not None and self.due_at < now


class Vote(models.Model):
    """Somebody wants a suggestion taken up too."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "voice_vote"
        constraints = [models.UniqueConstraint(fields=["voice", "person"], name="one_vote_each")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.voice_id}"


class Post(models.Model):
    """Something said below a suggestion. Of what was withdrawn only the place is left."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "voice_post"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) & ~Q(body="") | Q(withdrawn_at__isnull=False, body=""),
                name="post_says_something_or_is_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["voice", "-id"], name="post_below_voice"),
            models.Index(fields=["author", "-at"], name="post_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} below {self.voice_id}"
