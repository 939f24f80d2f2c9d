"""The append-only log, what is still to be delivered from it, and rows that make doing twice harmless."""

from django.db import models
from django.db.models.functions import Now

from requests_app.events.states import DATA_VERSION


class Event(models.Model):
    """Something that happened. Never changed, never removed: a trigger refuses both.

    The subject is named by kind and id, without a foreign key, because the log lies below everything.
    """

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    version = models.SmallIntegerField(default=DATA_VERSION)
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "events_event"
        indexes = [models.Index(fields=["subject_kind", "subject_id", "at", "id"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_kind} {self.subject_id}"


class Delivery(models.Model):
    """An event that a subscriber has still to work through. Done means deleted, so what is left is the debt.

    `next_attempt_at` is also the lease: whoever claims the row moves it into the future, in a transaction of its
    own, before the work starts; so a worker that dies leaves a counted attempt and a row that comes back.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=40)
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    dead = models.BooleanField(default=False)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        db_table = "events_delivery"
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")]
        indexes = [
            models.Index(
                fields=["subscriber", "next_attempt_at", "id"],
                name="delivery_waiting",
                condition=models.Q(dead=False),
            )
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} for {self.subscriber}"


class IdempotencyKey(models.Model):
    """The answer that was given to a key, so that a retried POST is answered again and done once."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "events_idempotencykey"
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotencykey_age")]

    def __str__(self) -> str:
        return f"{self.key} of person {self.person_id}"


class Slot(models.Model):
    """One tick of a periodic job. Whoever inserts it first runs the job; so any number of beats may run."""

    job = models.CharField(max_length=60)
    slot = models.BigIntegerField()

    class Meta:
        db_table = "events_slot"
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="one_run_per_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"


class Heartbeat(models.Model):
    """When each process kind was last seen at work: 'beat', 'worker:<queue>'."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "events_heartbeat"

    def __str__(self) -> str:
        return self.name
