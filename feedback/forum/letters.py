"""Mail about the forum: replies to who follows, questions to the heads of who was asked, words hidden or shown."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.forum.models import Follow, Reply, Topic
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

KINDS = ("forum.asked", "forum.waiting", "forum.replied", "forum.answered", "forum.hidden", "forum.shown")


def queue_letters(events: list[Event]) -> None:
    """Once a reply to everybody who follows, but who wrote it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        for person_id in sorted(set(_readers(event)) - {event.actor_id})
    )


def _readers(event: Event) -> list[int]:
    reply = Reply.objects.filter(pk=event.data.get("reply")).first() if event.data.get("reply") else None
    if event.kind in ("forum.asked", "forum.waiting"):
        return heads_of(event.data["department"]) if event.data["department"] else []
    if event.kind == "forum.replied":
        follows = Follow.objects.filter(topic_id=event.subject_id, since__lte=event.at)
        return list(follows.values_list("person_id", flat=True))
    if event.kind in ("forum.hidden", "forum.shown") and reply is None:
        return list(Topic.objects.filter(pk=event.subject_id).values_list("author_id", flat=True))
    return [reply.author_id] if reply else []


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read it (any more), or when the reply was hidden meanwhile."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    topic = Topic.objects.visible_to(mail.person).filter(pk=event.subject_id).first() if event else None
    if event is None or topic is None:
        return None
    reply = topic.replies.select_related("author").filter(pk=event.data.get("reply")).first()
    if event.kind == "forum.replied" and (reply is None or reply.hidden_at is not None):
        return None
    if event.kind == "forum.waiting" and (topic.answer_id is not None or topic.hidden_at is not None):
        return None
    headline = {
        "forum.asked": _("Asked in the forum"),
        "forum.waiting": _("A question in the forum waits for an answer"),
        "forum.replied": _("A reply in the forum"),
        "forum.answered": _("Your reply is the answer"),
        "forum.hidden": _("Hidden in the forum"),
        "forum.shown": _("Shown again in the forum"),
    }[event.kind]
    quote = event.data.get("reason", "") if event.kind == "forum.hidden" else reply.body if reply else topic.body
    return Letter(
        subject=f"{headline}: {topic.title}",
        paragraphs=(topic.title,),
        quote=quote,
        link=absolute(reverse("forum:topic", args=[topic.pk])),
        link_words=_("Open it"),
    )


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
