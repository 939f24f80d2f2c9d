"""Asking, replying, marking the answer, changing one's words, following, hiding, showing; one transaction each."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.forum import policies
from feedback.forum.models import Follow, Reply, Revision, Topic
from feedback.forum.states import (
    EDIT_HOURS,
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    LONGEST_TITLE,
    MOST_A_DAY,
    MOST_REPLIES,
    Kind,
)
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, check_text, require_text
from requests_app.org.models import Department, Person


@transaction.atomic
def ask(
    *, by: Person, title: str, body: str = "", kind: str = Kind.QUESTION, subject: str = "",
    department: Department | None = None, at: datetime | None = None,
) -> Topic:  # fmt: skip
    """A question or a discussion, perhaps put to a department. Who begins it follows it."""
    policies.require_speak(by)
    now = at or timezone.now()
    _require_calm(by, now)
    topic = Topic.objects.create(
        kind=Kind(kind),
        title=require_text("title", title, longest=LONGEST_TITLE),
        body=check_text("body", body.strip(), longest=LONGEST_BODY),
        subject=check_text("subject", subject.strip(), longest=LONGEST_SUBJECT),
        department=department,
        author=by,
        said_at=now,
        last_at=now,
    )
    Follow.objects.create(topic=topic, person=by, since=now)
    note("forum.asked", topic, by, now, {"what": topic.kind})
    return topic


def _require_calm(person: Person, now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # of many at once only so many get through
    day = {"author": person, "said_at__gt": now - timedelta(days=1)}
    if Topic.objects.filter(**day).count() + Reply.objects.filter(**day).count() >= MOST_A_DAY:
        raise DomainError(_("You have said very much today. Come back tomorrow."))


@transaction.atomic
def reply(*, by: Person, topic: Topic, body: str, at: datetime | None = None) -> Reply:
    """Say something below a topic. Who replies follows it from then on."""
    policies.require_speak(by)
    topic, now = lock_topic(topic.pk), at or timezone.now()
    if topic.hidden_at is not None:
        raise IllegalMove(_("This was hidden; nobody replies to it any more."))
    if topic.replies_count >= MOST_REPLIES:
        raise IllegalMove(_("There are %(n)s replies already. Begin a new topic.") % {"n": MOST_REPLIES})
    _require_calm(by, now)
    made = Reply.objects.create(
        topic=topic, author=by, body=require_text("body", body, longest=LONGEST_BODY), said_at=now
    )
    Topic.objects.filter(pk=topic.pk).update(replies_count=F("replies_count") + 1, last_at=now)
    Follow.objects.get_or_create(topic=topic, person=by, defaults={"since": now})
    note("forum.replied", topic, by, now, {"reply": made.pk})
    return made


@transaction.atomic
def mark_answer(*, by: Person, topic: Topic, reply: Reply | None, at: datetime | None = None) -> Topic:
    """This reply is the answer; None: it is not answered after all. Said again it changes nothing."""
    topic, now = lock_topic(topic.pk), at or timezone.now()
    policies.require_mark(by, topic)
    if reply is not None and (reply.topic_id != topic.pk or reply.hidden_at is not None):
        raise IllegalMove(_("Choose one of the replies that stand below this question."))
    if topic.answer_id == (reply.pk if reply else None):
        return topic
    topic.answer, topic.answered_at = reply, now if reply else None
    topic.save(update_fields=["answer", "answered_at"])
    note("forum.answered" if reply else "forum.unanswered", topic, by, now, {"reply": topic.answer_id})
    return topic


@transaction.atomic
def edit_topic(*, by: Person, topic: Topic, title: str, body: str, at: datetime | None = None) -> Topic:
    """Other words, by who said them, within a day; what they were stays readable."""
    topic, now = lock_topic(topic.pk), at or timezone.now()
    _require_edit(by, topic, now)
    title = require_text("title", title, longest=LONGEST_TITLE)
    body = check_text("body", body.strip(), longest=LONGEST_BODY)
    if (title, body) != (topic.title, topic.body):
        Revision.objects.create(topic=topic, title=topic.title, body=topic.body, until=now)
        topic.title, topic.body, topic.edited_at = title, body, now
        topic.save(update_fields=["title", "body", "edited_at"])
        note("forum.edited", topic, by, now, {"reply": None})
    return topic


@transaction.atomic
def edit_reply(*, by: Person, reply: Reply, body: str, at: datetime | None = None) -> Reply:
    topic, now = lock_topic(reply.topic_id), at or timezone.now()
    reply = lock_reply(reply.pk)
    _require_edit(by, reply, now)
    body = require_text("body", body, longest=LONGEST_BODY)
    if body != reply.body:
        Revision.objects.create(topic=topic, reply=reply, body=reply.body, until=now)
        reply.body, reply.edited_at = body, now
        reply.save(update_fields=["body", "edited_at"])
        note("forum.edited", topic, by, now, {"reply": reply.pk})
    return reply


def _require_edit(by: Person, said: Topic | Reply, now: datetime) -> None:
    policies.require_own(by, said)
    if not policies.can_edit(by, said, now):
        hours = {"n": EDIT_HOURS}
        raise IllegalMove(_("Words are changed within %(n)s hours. Write a reply instead.") % hours)


@transaction.atomic
def follow(*, by: Person, topic: Topic, wanted: bool) -> bool:
    """Be told of new replies, or no longer. Said again it changes nothing."""
    policies.require_speak(by)
    if wanted:
        Follow.objects.get_or_create(topic=topic, person=by, defaults={"since": timezone.now()})
    else:
        Follow.objects.filter(topic=topic, person=by).delete()
    return wanted


@transaction.atomic
def hide(*, by: Person, topic: Topic, reply: Reply | None = None, reason: str, at: datetime | None = None) -> None:
    """A topic, or one reply, is not shown any more: who said it and moderators still read it, with the reason."""
    topic, now = lock_topic(topic.pk), at or timezone.now()
    policies.require_hide(by, topic)
    said = lock_reply(reply.pk) if reply else topic
    if said.hidden_at is not None:
        return
    said.hidden_reason = require_text("reason", reason, longest=LONGEST_REASON)
    said.hidden_at = now
    said.save(update_fields=["hidden_at", "hidden_reason"])
    if reply is not None and topic.answer_id == reply.pk:
        topic.answer, topic.answered_at = None, None
        topic.save(update_fields=["answer", "answered_at"])
    note("forum.hidden", topic, by, now, {"reply": reply.pk if reply else None, "reason": said.hidden_reason})


@transaction.atomic
def show_again(*, by: Person, topic: Topic, reply: Reply | None = None, at: datetime | None = None) -> None:
    """What was hidden is read by everybody again. Said again it changes nothing; an answer is not marked by it."""
    topic, now = lock_topic(topic.pk), at or timezone.now()
    policies.require_hide(by, topic)
    said = lock_reply(reply.pk) if reply else topic
    if said.hidden_at is None:
        return
    reason, said.hidden_reason, said.hidden_at = said.hidden_reason, "", None
    said.save(update_fields=["hidden_at", "hidden_reason"])
    note("forum.shown", topic, by, now, {"reply": reply.pk if reply else None, "reason": reason})


def lock_topic(pk: int) -> Topic:
    return Topic.objects.select_for_update(of=("self",)).select_related("author", "department").get(pk=pk)


def lock_reply(pk: int) -> Reply:
    return Reply.objects.select_for_update(of=("self",)).select_related("author").get(pk=pk)


def note(kind: str, topic: Topic, by: Person | None, at: datetime, more: dict[str, Any]) -> None:
    """Append to the log; nobody does what the clock does."""
    data = {"topic": topic.pk, "department": topic.department_id} | more
    record(kind=kind, subject_kind="topic", subject_id=topic.pk, by=by, at=at, data=data)
