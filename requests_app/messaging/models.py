"""Mail that is to be sent, or was: one row for each, so that nothing is lost and nothing is sent twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from requests_app.desk.models import ServiceRequest
from requests_app.messaging.states import MailState


class OutgoingMail(models.Model):
    """One mail to one person. It holds what it is about, not its words: those are written when it is sent,

    in the reader's language, from what is true then, and only if the reader may still see it.
    `next_attempt_at` is also the lease: whoever claims the row moves it into the future before sending.
    """

    dedupe_key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service_request = models.ForeignKey(
        ServiceRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    message_id = models.CharField(max_length=120, unique=True)
    address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        db_table = "messaging_outgoingmail"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_mail_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="mail_waiting", condition=Q(state="queued")),
            models.Index(fields=["-id"], name="mail_given_up", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"
