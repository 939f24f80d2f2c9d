"""The request and everything that hangs on it."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Concat, Now

from requests_app.agreements.states import HoldReason
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.states import Privacy
from requests_app.desk.states import Channel, HandoffState, Status, number_of
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

NEVER = datetime(2200, 1, 1, tzinfo=UTC)  # where a request without a due time stands among the others
# What a row of a list and its sentence tell; texts, forms and passwords stay in the database.
ROW = (
    "title", "status", "hold_reason", "priority", "urgency", "impact", "privacy", "created_at", "changed_at", "due_at",
    "delivered_at", "closed_at", "acceptance_due_at", "version", "filed_by_id", "customer__name", "customer__slug",
    "customer__calendar_id", "customer__time_zone", "supplier__name", "supplier__slug", "supplier__calendar_id",
    "supplier__time_zone", "service__name", "service__slug", "requester__name", "assignee__name",
)  # fmt: skip


class SearchText(Func):
    """Words in English and Russian by stem, Chinese by pairs of characters (see migration 0002)."""

    function = "desk_tsv"
    output_field = SearchVectorField()


class ServiceRequestQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "ServiceRequestQuerySet":
        """The one answer to "who sees which requests", for pages, lists, counts, search, exports and the API."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        me = Q(requester_id=hats.person_id) | Q(filed_by_id=hats.person_id)
        me |= Q(pk__in=Watcher.objects.filter(person_id=hats.person_id).values("service_request_id"))
        if hats.supplies_for:  # work given to somebody who has left the department since is not theirs to read
            me |= Q(assignee_id=hats.person_id, supplier_id__in=hats.supplies_for)
        if hats.head_of:
            offered = Handoff.objects.filter(receiver_id__in=hats.head_of, state=HandoffState.OFFERED)
            me |= Q(supplier_id__in=hats.head_of) | Q(pk__in=offered.values("service_request_id"))
        open_rows = ~Q(privacy=Privacy.CONFIDENTIAL)
        if hats.is_admin or hats.is_auditor:
            return self.filter(open_rows | me)
        seen = me | Q(customer_id__in=hats.member_of, privacy=Privacy.DEPARTMENT)
        if hats.head_of:
            seen |= Q(customer_id__in=hats.head_of) & open_rows
        if hats.supplies_for:
            passed = Handoff.objects.filter(
                Q(receiver_id__in=hats.supplies_for, state=HandoffState.OFFERED)
                | Q(sender_id__in=hats.supplies_for, state=HandoffState.ACCEPTED)
            )
            seen |= Q(supplier_id__in=hats.supplies_for) & open_rows
            seen |= Q(pk__in=passed.values("service_request_id")) & open_rows
        return self.filter(seen)

    def supplied_by(self, person: Person, supplier_id: int) -> "ServiceRequestQuerySet":
        """`visible_to` narrowed to one supplier, without the conditions that are then certain: queues live of it."""
        hats = standing(person)
        rows = self.filter(supplier_id=supplier_id)
        if supplier_id in hats.head_of:
            return rows
        return rows.visible_to(person)

    def offered_to(self, person: Person, receiver_id: int) -> "ServiceRequestQuerySet":
        """`visible_to` narrowed to what waits for this department to take it over, likewise."""
        offers = Handoff.objects.filter(receiver_id=receiver_id, state=HandoffState.OFFERED)
        # as numbers, of which there are few: as a subquery they would have the planner look at every request
        rows = self.filter(pk__in=list(offers.values_list("service_request_id", flat=True)))
        return rows if receiver_id in standing(person).head_of else rows.visible_to(person)

    def for_row(self) -> "ServiceRequestQuerySet":
        """With what a row in a list shows."""
        return self.select_related("customer", "supplier", "service", "requester", "assignee").only(*ROW)


class ServiceRequest(models.Model):
    """What one department asks of another. `supplier` is who owns it now; `service` what was asked for."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="service_requests")
    form = models.ForeignKey(ServiceForm, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    customer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="asked")
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="supplied")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked")
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="works_on"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NEW)
    urgency = models.PositiveSmallIntegerField(default=3)
    impact = models.PositiveSmallIntegerField(default=3)
    stated_urgency = models.PositiveSmallIntegerField(default=3)
    stated_impact = models.PositiveSmallIntegerField(default=3)
    priority = models.PositiveSmallIntegerField(default=5)
    privacy = models.CharField(max_length=12, choices=Privacy.choices, default=Privacy.DEPARTMENT)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    hold_reason = models.CharField(max_length=20, choices=HoldReason.choices, blank=True, default="")
    created_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True, blank=True)  # when it followed a newer agreement; None: at filing
    changed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    acceptance_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    external_id = models.CharField(max_length=120, blank=True, default="")
    search = models.GeneratedField(
        expression=SearchText(Concat(F("title"), Value(" "), F("description"), output_field=models.TextField())),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        db_table = "desk_servicerequest"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="request_status_is_known"),
            models.CheckConstraint(
                condition=Q(
                    urgency__range=(1, 3), impact__range=(1, 3), stated_urgency__range=(1, 3),
                    stated_impact__range=(1, 3), priority__range=(1, 5),
                ),
                name="request_priority_in_range",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="request_has_a_title"),
            models.CheckConstraint(
                condition=Q(status="on_hold", hold_reason__gt="") | (~Q(status="on_hold") & Q(hold_reason="")),
                name="request_on_hold_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["delivered", "closed"]) | Q(delivered_at__isnull=False),
                name="delivered_request_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "declined", "cancelled"], closed_at__isnull=False)
                | (~Q(status__in=["closed", "declined", "cancelled"]) & Q(closed_at__isnull=True)),
                name="ended_request_says_when",
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="one_request_per_imported_case"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["supplier", "status", "-id"], name="request_of_supplier"),
            models.Index(fields=["customer", "status", "-id"], name="request_of_customer"),
            models.Index(fields=["requester", "status", "-id"], name="request_of_requester"),
            models.Index(fields=["assignee", "status"], name="request_of_assignee"),
            models.Index(fields=["service", "-id"], name="request_of_service"),
            models.Index(
                F("supplier"),
                Coalesce("due_at", Value(NEVER)),
                F("id"),
                name="request_by_due",
                condition=Q(status__in=["new", "accepted", "in_progress", "on_hold"]),
            ),
            models.Index(  # everything that the numbers of a queue count by
                fields=["supplier", "status"],
                include=["due_at", "assignee", "hold_reason", "privacy", "requester", "filed_by", "customer", "id"],
                name="request_in_queue",
                condition=Q(status__in=["new", "accepted", "in_progress", "on_hold", "delivered"]),
            ),
            models.Index(fields=["acceptance_due_at"], name="request_unanswered", condition=Q(status="delivered")),
            GinIndex(fields=["search"], name="request_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return number_of(self.pk)


class Watcher(models.Model):
    """Somebody added by name, who reads along."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="watchers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watches")

    class Meta:
        db_table = "desk_watcher"
        constraints = [models.UniqueConstraint(fields=["person", "service_request"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.service_request_id}"


class Handoff(models.Model):
    """Passing a request to another department. Until `receiver` accepts, `sender` owns it and its clock runs."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="handoffs")
    sender = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="handoffs_sent")
    receiver = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="handoffs_received")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=HandoffState.choices, default=HandoffState.OFFERED)
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        db_table = "desk_handoff"
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"], condition=Q(state="offered"), name="one_offer_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="handoff_goes_elsewhere"),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at__isnull=True)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
                name="answered_handoff_says_when",
            ),
        ]
        indexes = [models.Index(fields=["receiver", "state"], name="handoff_to_answer")]

    def __str__(self) -> str:
        return f"{self.service_request_id}: {self.sender_id} to {self.receiver_id}"


class Message(models.Model):
    """A reply that both sides read, or an internal note that only the supplying side reads."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    internal = models.BooleanField(default=False)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(expression=SearchText(F("body")), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        db_table = "desk_message"
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_says_something")]
        indexes = [
            models.Index(fields=["service_request", "at"], name="message_of_request"),
            GinIndex(fields=["search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} on {self.service_request_id}"


class Attachment(models.Model):
    """A file on a request. Stored under a random key; the name people gave it is only shown, never used as a path."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    internal = models.BooleanField(default=False)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "desk_attachment"
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="attachment_size_is_not_negative"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
