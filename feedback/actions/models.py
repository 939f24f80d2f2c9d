"""Corrective actions, and the tree of causes that they are sorted by."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from feedback.actions.states import (
    ACCEPTED,
    CANCELLED,
    CONTAINED,
    DONE,
    LONGEST_CAUSE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MERGED,
    OF_REQUESTS,
    OPEN,
    PROPOSED,
    REFUSED,
    USUAL_TARGET,
    CauseState,
    Metric,
    SourceKind,
    State,
    words_of,
)
from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

BEFORE_CAUSE = (OPEN, CONTAINED, CANCELLED)
BEFORE_PLAN = (*BEFORE_CAUSE, State.ANALYSED)
CARRIED_OUT = (DONE, State.VERIFIED, State.CLOSED)
ENDED = (State.CLOSED, CANCELLED)


class CauseQuerySet(models.QuerySet):
    def in_the_tree(self) -> "CauseQuerySet":
        return self.filter(state=ACCEPTED)

    def visible_to(self, person: Person) -> "CauseQuerySet":
        """The tree; of what is proposed administrators all, others their own and that of actions they read in full.

        SECURITY: the name of a proposal may say what an action is about.
        """
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if hats.is_admin or hats.is_auditor:
            return self.all()
        parties = Q(proposed_for__supplier_id__in=hats.supplies_for) | Q(proposed_for__customer_id__in=hats.head_of)
        return self.filter(Q(state=ACCEPTED) | Q(proposed_by_id=hats.person_id) | parties)


class Cause(models.Model):
    """What a problem came of; below another cause it says so more exactly. Closed ones are not chosen any more.

    What is proposed for an action can be chosen there at once, and nowhere else until it is accepted.
    """

    name = models.CharField(max_length=LONGEST_CAUSE)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    is_active = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=CauseState.choices, default=ACCEPTED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_for = models.ForeignKey(
        "CorrectiveAction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", help_text="Why it was not taken.")

    objects = CauseQuerySet.as_manager()

    class Meta:
        db_table = "actions_cause"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(state=ACCEPTED), nulls_distinct=False, name="cause_named_once"
            ),
            models.UniqueConstraint(
                fields=["parent", "name", "proposed_for", "proposed_by"],
                condition=Q(state=PROPOSED),
                nulls_distinct=False,
                name="cause_proposed_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="cause_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="cause_not_below_itself"),
            models.CheckConstraint(condition=Q(state__in=CauseState.values), name="cause_state_is_known"),
            models.CheckConstraint(
                condition=Q(
                    state=ACCEPTED,
                    proposed_by__isnull=True,
                    proposed_at__isnull=True,
                    proposed_for__isnull=True,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state=PROPOSED,
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state__in=[ACCEPTED, MERGED, REFUSED],
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="cause_says_who_proposed_and_decided",
            ),
            models.CheckConstraint(
                condition=Q(proposed_for__isnull=True) | Q(parent__isnull=False),
                name="cause_of_an_action_is_below_another",
            ),
            models.CheckConstraint(
                condition=Q(state=MERGED, merged_into__isnull=False) | (~Q(state=MERGED) & Q(merged_into__isnull=True)),
                name="merged_cause_says_into_which",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="cause_not_merged_into_itself"),
            models.CheckConstraint(
                condition=(Q(state=REFUSED) & ~Q(reason="")) | (~Q(state=REFUSED) & Q(reason="")),
                name="refused_cause_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ACCEPTED, PROPOSED]) | Q(is_active=False), name="turned_down_cause_is_closed"
            ),
        ]
        indexes = [models.Index(fields=["proposed_at"], name="cause_to_decide", condition=Q(state=PROPOSED))]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The name as the reader's language has it."""
        return words_of(self.name)

    @property
    def is_proposed(self) -> bool:
        return self.state == PROPOSED


class ActionQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "ActionQuerySet":
        """cap.view: the supplying department, the customer's head, who asked, auditors, executives.

        Who asked and executives read a summary; see policies.reads_in_full.
        """
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if hats.is_auditor or hats.is_executive:
            return self.all()
        # action by action, and last: who has asked for thousands of requests has few actions about them
        asked = ServiceRequest.objects.filter(Q(requester_id=hats.person_id) | Q(filed_by_id=hats.person_id))
        theirs = Q(Exists(asked.filter(pk=OuterRef("source_id"))), source_kind__in=OF_REQUESTS)
        return self.filter(Q(supplier_id__in=hats.supplies_for) | Q(customer_id__in=hats.head_of) | theirs)


class CorrectiveAction(models.Model):
    """Something that went wrong for a customer, and what its supplier does so that it does not come back."""

    source_kind = models.CharField(max_length=12, choices=SourceKind.choices, default=SourceKind.OTHER)
    source_id = models.BigIntegerField(null=True, blank=True)
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE)
    problem = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    containment = models.TextField(blank=True, default="")
    whys = models.JSONField(default=list, blank=True, help_text="Up to five answers to “why?”, each to the one before.")
    cause = models.ForeignKey(Cause, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    plan = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    metric = models.CharField(
        max_length=12, choices=Metric.choices, blank=True, default="", help_text="What shows whether it worked."
    )
    target_percent = models.PositiveSmallIntegerField(default=USUAL_TARGET, help_text="By how much that is to fall.")
    next_due_on = models.DateField(null=True, blank=True, help_text="Until when the next step is to be taken.")
    overdue_told_on = models.DateField(null=True, blank=True, help_text="The due day whose passing was told.")
    overdue_level = models.PositiveSmallIntegerField(default=0, help_text="How often the passing of that day was told.")
    proof = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True, help_text="From when on it is in effect.")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    check_on = models.DateField(null=True, blank=True)
    check_told_on = models.DateField(null=True, blank=True, help_text="The day of checking that was told.")
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    effect = models.JSONField(null=True, blank=True, help_text="The figure before and after, as it was when closed.")
    recurrences = models.PositiveIntegerField(default=0)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="again")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ActionQuerySet.as_manager()

    class Meta:
        db_table = "actions_action"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="action_state_is_known"),
            models.CheckConstraint(condition=Q(source_kind__in=SourceKind.values), name="action_source_is_known"),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(source_id__isnull=False),
                name="one_action_for_each_source",
            ),
            models.CheckConstraint(condition=~Q(customer=F("supplier")), name="action_between_two"),
            models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_CAUSE) | Q(cause__isnull=False), name="action_says_its_cause"
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_PLAN) | Q(owner__isnull=False, due_on__isnull=False),
                name="planned_action_has_owner_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.VERIFIED, State.CLOSED])
                | Q(verified_at__isnull=False, verified_by__isnull=False, check_on__isnull=False),
                name="confirmed_action_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("owner")), name="nobody_confirms_their_own"
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("owner")), name="nobody_closes_their_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="ended_action_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, next_due_on__isnull=True)
                | (~Q(state__in=ENDED) & Q(next_due_on__isnull=False)),
                name="open_action_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PLANNED) | Q(next_due_on=F("due_on")), name="planned_action_keeps_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.VERIFIED) | Q(next_due_on=F("check_on")), name="confirmed_action_keeps_its_day"
            ),
            models.CheckConstraint(
                condition=Q(metric="", state__in=BEFORE_PLAN) | Q(metric__in=Metric.values),
                name="planned_action_says_its_metric",
            ),
            models.CheckConstraint(condition=Q(target_percent__range=(1, 100)), name="action_target_is_a_share"),
            models.CheckConstraint(
                condition=~Q(state__in=CARRIED_OUT) | Q(done_at__isnull=False), name="done_action_says_since_when"
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "-id"], name="action_of_supplier"),
            models.Index(fields=["customer", "-id"], name="action_of_customer"),
            models.Index(fields=["cause", "supplier", "customer"], name="action_of_cause"),
            models.Index(fields=["next_due_on"], name="action_falls_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["check_on"], name="action_to_check", condition=Q(state="verified")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


class ActionFile(models.Model):
    """A file that shows what was done. Stored and judged as files on requests are; read by who reads the action."""

    action = models.ForeignKey(CorrectiveAction, on_delete=models.PROTECT, related_name="files")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "actions_file"
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="proof_size_is_not_negative"),
            models.CheckConstraint(condition=~Q(name=""), name="proof_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
