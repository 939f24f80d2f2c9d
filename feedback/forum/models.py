"""Topics of the forum, replies, what they said before they were changed, and who follows."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from feedback.forum.states import LONGEST_SUBJECT, LONGEST_TITLE, QUESTION, Kind
from requests_app.desk.models import SearchText
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def _hidden_says_why() -> Q:
    return Q(hidden_at__isnull=True, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason=""))


class TopicQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "TopicQuerySet":
        """Everybody's, but for partners, who see what they asked themselves; hidden ones for author and moderators."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        mine = Q(author_id=hats.person_id)
        if hats.is_partner:
            return self.filter(mine)
        if hats.is_admin or hats.is_auditor:
            return self.all()
        return self.filter(Q(hidden_at__isnull=True) | mine | Q(department_id__in=hats.head_of))

    def with_something_hidden(self, person: Person) -> "TopicQuerySet":
        """Hidden themselves, or with a reply that is, for whoever moderates them or looks on: nobody else's."""
        hats = standing(person)
        replies = Reply.objects.filter(hidden_at__isnull=False).values("topic_id")
        rows = self.filter(Q(hidden_at__isnull=False) | Q(pk__in=replies))
        return rows if hats.is_admin or hats.is_auditor else rows.filter(department_id__in=hats.head_of)


class Topic(models.Model):
    """A question or a discussion. `answer`: the reply that the asker, or the department, marked as the answer."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=LONGEST_TITLE)
    body = models.TextField(blank=True, default="")
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True, default="", help_text="In a word or two.")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="To whom it is put."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="Of the newest reply, else its own.")
    replies_count = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True, blank=True)
    answer = models.OneToOneField(
        "feedback.Reply", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    waiting_told_at = models.DateTimeField(null=True, blank=True, help_text="That nobody had answered; told once.")
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.TextField(blank=True, default="")
    search = models.GeneratedField(
        expression=SearchText(
            Concat(F("title"), Value(" "), F("subject"), Value(" "), F("body"), output_field=models.TextField())
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        db_table = "forum_topic"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="topic_kind_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="topic_has_a_title"),
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_at__isnull=True)
                | Q(answer__isnull=False, answered_at__isnull=False, kind=QUESTION),
                name="only_questions_are_answered",
            ),
            models.CheckConstraint(condition=_hidden_says_why(), name="hidden_topic_says_why"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="topic_search"),
            models.Index(fields=["-last_at", "-id"], name="topics_newest"),
            models.Index(
                fields=["department", "said_at"], name="questions_waiting",
                condition=Q(kind=QUESTION, answer__isnull=True, hidden_at__isnull=True),
            ),
            models.Index(
                fields=["said_at"], name="questions_to_tell_of",
                condition=Q(
                    kind=QUESTION, answer__isnull=True, hidden_at__isnull=True, waiting_told_at__isnull=True,
                    department__isnull=False,
                ),
            ),
            models.Index(fields=["author", "-said_at"], name="topics_of_author"),
            models.Index(fields=["-hidden_at"], name="topics_hidden", condition=Q(hidden_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """Something said below a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    said_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.TextField(blank=True, default="")
    search = models.GeneratedField(expression=SearchText(F("body")), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        db_table = "forum_reply"
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="forum_reply_says_something"),
            models.CheckConstraint(condition=_hidden_says_why(), name="hidden_forum_reply_says_why"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="forum_reply_search"),
            models.Index(fields=["topic", "id"], name="replies_of_topic"),
            models.Index(fields=["author", "-said_at"], name="forum_replies_of_author"),
            models.Index(fields=["topic"], name="forum_replies_hidden", condition=Q(hidden_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} below {self.topic_id}"


class Revision(models.Model):
    """What a topic or a reply said before it was changed."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="revisions")
    reply = models.ForeignKey(Reply, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    body = models.TextField(blank=True, default="")
    until = models.DateTimeField(help_text="When it was changed.")

    class Meta:
        db_table = "forum_revision"
        indexes = [models.Index(fields=["topic", "id"], name="revisions_of_topic")]

    def __str__(self) -> str:
        return f"before {self.until:%Y-%m-%d} of topic {self.topic_id}"


class Follow(models.Model):
    """Somebody is told of new replies to a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        db_table = "forum_follow"
        constraints = [models.UniqueConstraint(fields=["topic", "person"], name="one_follows_once")]
        indexes = [models.Index(fields=["person"], name="follows_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.topic_id}"
