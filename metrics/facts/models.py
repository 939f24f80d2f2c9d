"""What is known of each request, folded from its events. Derived, so it can be dropped and computed again.

Requests, departments and people are named by id without foreign keys: facts may be written before or after anything
else, and nothing is ever deleted because of them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from metrics.facts.states import OfferOutcome, Outcome, Party, Stage


def seconds() -> models.IntegerField:
    return models.IntegerField(null=True)


def count() -> models.IntegerField:
    return models.IntegerField(default=0)


def score() -> models.SmallIntegerField:
    return models.SmallIntegerField(null=True)


class RequestFact(models.Model):
    """One request in numbers; `metrics.facts.states.Facts` says what each column means.

    Columns ending in `_day` are the dates of the instants of the same name in the supplier's time zone: by them a
    request belongs to a day of a figure.
    """

    request_id = models.BigIntegerField(primary_key=True)
    customer_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    first_supplier_id = models.BigIntegerField()
    service_id = models.BigIntegerField(null=True)
    requester_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField()
    need_type = models.CharField(max_length=12)
    customer_kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=8)
    confidential = models.BooleanField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    created_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    first_delivered_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    verdict_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)

    first_response_ws, first_response_cs = seconds(), seconds()
    acceptance_ws, acceptance_cs = seconds(), seconds()
    resolution_ws, resolution_cs = seconds(), seconds()
    full_resolution_ws, full_resolution_cs = seconds(), seconds()
    customer_wait_ws, customer_wait_cs = seconds(), seconds()
    supplier_work_ws, supplier_work_cs = seconds(), seconds()
    waiting_for_customer_ws, waiting_for_customer_cs = seconds(), seconds()
    unowned_ws, unowned_cs = seconds(), seconds()
    acceptance_delay_ws, acceptance_delay_cs = seconds(), seconds()
    held_by_supplier_ws, held_by_others_ws, held_by_customer_ws = seconds(), seconds(), seconds()
    held_by_third_party_ws, held_by_nobody_ws = seconds(), seconds()

    response_target, resolution_target = seconds(), seconds()
    response_kept = models.BooleanField(null=True)
    response_due_at = models.DateTimeField(null=True)
    response_breached_at = models.DateTimeField(null=True)
    response_decided_at = models.DateTimeField(null=True)
    resolution_kept = models.BooleanField(null=True)
    resolution_due_at = models.DateTimeField(null=True)
    resolution_breached_at = models.DateTimeField(null=True)
    resolution_decided_at = models.DateTimeField(null=True)

    deliveries, rejected, reopened = count(), count(), count()
    accepted_first_time = models.BooleanField(null=True)
    route = ArrayField(models.BigIntegerField(), default=list)
    hops, aba, returns, offers = count(), count(), count(), count()
    detours = models.JSONField(default=list)
    supplier_messages, customer_messages, round_trips, chasers = count(), count(), count(), count()
    one_touch = models.BooleanField(null=True)
    holds, customer_holds, late_pauses = count(), count(), count()
    logged_seconds = count()
    hold_reasons = models.JSONField(default=dict)

    taken_on_at = models.DateTimeField(null=True)
    acceptance_kept = models.BooleanField(null=True)
    acceptance_due_at = models.DateTimeField(null=True)

    path = ArrayField(models.SmallIntegerField(), default=list)
    path_ws = ArrayField(models.IntegerField(), default=list)
    path_cs = ArrayField(models.IntegerField(), default=list)

    calendar_version_id = models.BigIntegerField(null=True)
    course = models.JSONField(default=dict)

    invited_at = models.DateTimeField(null=True)
    rated_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    rater_id = models.BigIntegerField(null=True)
    rated_supplier_id = models.BigIntegerField(null=True)
    overall, effort = score(), score()
    reliability, assurance, tangibles, empathy, responsiveness = score(), score(), score(), score(), score()

    asking_at = models.DateTimeField(null=True)
    asking_complete = models.BooleanField(null=True)
    asking_in_time = models.BooleanField(null=True)
    asking_right_place = models.BooleanField(null=True)

    data_quality = models.CharField(max_length=10, default="")

    created_day = models.DateField()
    responded_day = models.DateField(null=True)
    accepted_day = models.DateField(null=True)
    first_delivered_day = models.DateField(null=True)
    delivered_day = models.DateField(null=True)
    verdict_day = models.DateField(null=True)
    left_day = models.DateField(null=True)
    response_decided_day = models.DateField(null=True)
    resolution_decided_day = models.DateField(null=True)
    invited_day = models.DateField(null=True)
    rated_day = models.DateField(null=True)  # of counted_at
    asking_day = models.DateField(null=True)

    class Meta:
        db_table = "metrics_requestfact"
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="fact_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(path=[])
                | Q(path_ws__len=models.F("path__len") - 1, path_cs__len=models.F("path__len") - 1),
                name="fact_path_has_a_wait_between_steps",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier_id", "created_day"], name="fact_created"),
            models.Index(fields=["supplier_id", "responded_day"], name="fact_responded"),
            models.Index(fields=["supplier_id", "accepted_day"], name="fact_accepted"),
            models.Index(fields=["supplier_id", "first_delivered_day"], name="fact_first_delivered"),
            models.Index(fields=["supplier_id", "delivered_day"], name="fact_delivered"),
            models.Index(fields=["supplier_id", "verdict_day"], name="fact_verdict"),
            models.Index(fields=["supplier_id", "left_day"], name="fact_left"),
            models.Index(fields=["supplier_id", "response_decided_day"], name="fact_response"),
            models.Index(fields=["supplier_id", "resolution_decided_day"], name="fact_resolution"),
            models.Index(
                fields=["supplier_id", "invited_day"], name="fact_invited", condition=Q(invited_day__isnull=False)
            ),
            models.Index(
                fields=["rated_supplier_id", "rated_day"], name="fact_rated", condition=Q(rated_day__isnull=False)
            ),
            models.Index(
                fields=["supplier_id", "asking_day"], name="fact_asking", condition=Q(asking_day__isnull=False)
            ),
            models.Index(fields=["customer_id", "created_day"], name="fact_of_customer"),
            models.Index(fields=["customer_id", "delivered_day"], name="fact_for_customer"),
            models.Index(fields=["supplier_id", "created_at"], name="fact_open", condition=Q(left_at__isnull=True)),
            models.Index(fields=["customer_id"], name="fact_open_for_customer", condition=Q(left_at__isnull=True)),
            models.Index(
                fields=["supplier_id", "created_at"], name="fact_unowned",
                condition=Q(left_at__isnull=True, accepted_at__isnull=True),
            ),
            models.Index(fields=["created_day"], name="fact_ping_pong", condition=Q(aba__gt=0)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"facts of request {self.request_id}"


class HoldingInterval(models.Model):
    """A stretch of a request's life with one holder, [started_at, ended_at). They follow each other without a gap."""

    pk = models.CompositePrimaryKey("request_id", "place")
    request_id = models.BigIntegerField()
    place = models.SmallIntegerField()
    party = models.CharField(max_length=12, choices=Party.choices)
    department_id = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ws, cs = seconds(), seconds()

    class Meta:
        db_table = "metrics_holdinginterval"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("started_at")),
                name="interval_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(party=Party.DEPARTMENT, department_id__isnull=False)
                | (~Q(party=Party.DEPARTMENT) & Q(department_id__isnull=True)),
                name="interval_names_its_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} held request {self.request_id}"


class OfferFact(models.Model):
    """A handoff offered to `receiver_id`, and what became of it."""

    pk = models.CompositePrimaryKey("request_id", "place")
    request_id = models.BigIntegerField()
    place = models.SmallIntegerField()
    handoff_id = models.BigIntegerField(null=True)
    sender_id = models.BigIntegerField(null=True)
    receiver_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    service_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField()
    outcome = models.CharField(max_length=10, choices=OfferOutcome.choices)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    latency_ws, latency_cs = seconds(), seconds()
    offered_day = models.DateField()
    reason = models.CharField(max_length=200, default="")
    answer_reason = models.CharField(max_length=200, default="")
    passed_untouched = models.BooleanField(default=False)
    solved_by_receiver = models.BooleanField(default=False)

    class Meta:
        db_table = "metrics_offerfact"
        indexes = [
            models.Index(fields=["receiver_id", "offered_day"], name="offer_received"),
            models.Index(fields=["sender_id", "offered_day"], name="offer_sent"),
        ]

    def __str__(self) -> str:
        return f"request {self.request_id} offered to {self.receiver_id}"


class WorkFact(models.Model):
    """Seconds of work that a department logged for a day on a request, corrections added in. Nobody is named."""

    pk = models.CompositePrimaryKey("request_id", "department_id", "day")
    request_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    day = models.DateField()
    seconds = models.IntegerField()

    class Meta:
        db_table = "metrics_workfact"
        indexes = [models.Index(fields=["department_id", "day"], include=["seconds"], name="work_of_department")]

    def __str__(self) -> str:
        return f"{self.seconds} s of {self.department_id} on request {self.request_id}"
