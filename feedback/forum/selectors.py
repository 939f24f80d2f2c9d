"""Reading the forum: the list, searched and filtered, the page of a topic, the questions that wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from feedback.forum import policies
from feedback.forum.models import Follow, Reply, Revision, Topic, TopicQuerySet
from feedback.forum.states import QUESTION, WAITING_DAYS, Show
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import services_for
from requests_app.desk.selectors.search import LONGEST, Words
from requests_app.kernel.written import summed, summed_once, written_once
from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import Standing, standing, whoever

NEWEST = ("-last_at", "-pk")
MOST_ON_DESK, MOST_SHOWN, MOST_SERVICES = 10, 5, 30


def topics_for(
    person: Person,
    *,
    q: str = "",
    department: Department | None = None,
    customer: Department | None = None,
    subject: str = "",
    show: str = "",
) -> TopicQuerySet:
    """Topics the person may read; `q` is found in topics and replies that stand, `customer`: begun by its people."""
    rows = Topic.objects.visible_to(person).select_related("author", "department")
    if q.strip():
        words = Words(q[:LONGEST])
        said = Reply.objects.filter(search=words, hidden_at__isnull=True)
        rows = rows.filter(Q(search=words) | Q(pk__in=said.values("topic_id")))
    if department is not None:
        rows = rows.filter(department=department)
    if customer is not None:
        rows = rows.filter(author_id__in=_people_of(customer.pk))
    if subject:
        rows = rows.filter(subject__iexact=subject)
    if show == Show.MINE:
        return rows.filter(pk__in=Follow.objects.filter(person_id=standing(person).person_id).values("topic_id"))
    if show == Show.HIDDEN:
        return rows.with_something_hidden(person)
    if show:
        rows = rows.filter(kind=QUESTION, answer__isnull=show == Show.OPEN)
    return rows


def _people_of(department: int) -> QuerySet:
    return Membership.objects.filter(department_id=department).values("person_id")


def shows_for(person: Person) -> list[tuple[str, str]]:
    """What the person can narrow the list to: what was hidden is for moderators and auditors."""
    return [(one.value, str(one.label)) for one in Show if one != Show.HIDDEN or policies.can_review(person)]


def get_topic(*, person: Person, pk: int) -> Topic:
    found = topics_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_reply(*, person: Person, pk: int) -> Reply:
    """One that the person may read: hidden ones are for who wrote them and for moderators."""
    rows = Reply.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
    found = rows.select_related("topic__author", "topic__department", "author").filter(pk=pk).first()
    if found is None or not _reads(person, found, found.topic):
        raise Http404
    return found


def _reads(person: Person, reply: Reply, topic: Topic) -> bool:
    hats = standing(person)
    return (
        reply.hidden_at is None or reply.author_id == hats.person_id or hats.is_auditor
        or policies.can_hide(person, topic)
    )  # fmt: skip


@dataclass(frozen=True)
class ReplyLine:
    """A reply as one reader sees it; `body` is empty where it was hidden from them."""

    reply: Reply
    shown: bool
    is_answer: bool
    may_edit: bool
    earlier: list[Revision]


@dataclass(frozen=True)
class HiddenLine:
    """A topic of which something was hidden, with the replies that were."""

    topic: Topic
    replies: list[Reply]
    may_show: bool


def hidden_lines(person: Person, topics: Iterable[Topic]) -> list[HiddenLine]:
    """Of topics that the person reads as a moderator or auditor; one query."""
    topics = list(topics)
    replies: dict[int, list[Reply]] = {topic.pk: [] for topic in topics}
    rows = Reply.objects.filter(topic__in=topics, hidden_at__isnull=False).select_related("author")
    for reply in rows.order_by("pk"):
        replies[reply.topic_id].append(reply)
    return [HiddenLine(topic, replies[topic.pk], policies.can_hide(person, topic)) for topic in topics]


@dataclass(frozen=True)
class TopicPage:
    topic: Topic
    earlier: list[Revision]
    answer: ReplyLine | None
    follows: bool
    may_follow: bool
    may_speak: bool
    may_mark: bool
    may_hide: bool
    may_edit: bool
    services: list[Service]  # of whom it was put to: one of them can be asked for


def replies_of(topic: Topic) -> QuerySet[Reply]:
    return Reply.objects.filter(topic=topic).select_related("author")


def topic_page(*, person: Person, pk: int, now: datetime | None = None) -> TopicPage:
    """The page, or 404."""
    topic, now = get_topic(person=person, pk=pk), now or timezone.now()
    answer = replies_of(topic).filter(pk=topic.answer_id).first() if topic.answer_id else None
    return TopicPage(
        topic=topic,
        earlier=list(topic.revisions.filter(reply=None).order_by("-pk")) if topic.edited_at else [],
        answer=reply_lines(person, topic, [answer], now)[0] if answer else None,
        follows=topic.follows.filter(person_id=standing(person).person_id).exists(),
        may_follow=policies.can_speak(person),
        may_speak=policies.can_speak(person) and topic.hidden_at is None,
        may_mark=policies.can_mark(person, topic),
        may_hide=policies.can_hide(person, topic),
        may_edit=policies.can_edit(person, topic, now),
        services=_services(person, topic),
    )


def _services(person: Person, topic: Topic) -> list[Service]:
    if topic.department is None or not policies.can_speak(person):
        return []
    return list(services_for(person, department=topic.department.slug)[:MOST_SERVICES])


def reply_lines(person: Person, topic: Topic, rows: Iterable[Reply], now: datetime) -> list[ReplyLine]:
    """One query, for what was said before."""
    rows = list(rows)
    earlier: dict[int, list[Revision]] = {}
    if any(row.edited_at for row in rows):
        for revision in Revision.objects.filter(reply__in=rows).order_by("-pk"):
            earlier.setdefault(revision.reply_id or 0, []).append(revision)
    return [
        ReplyLine(
            row, _reads(person, row, topic), row.pk == topic.answer_id, policies.can_edit(person, row, now),
            earlier.get(row.pk, []),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Topics on other pages; on my desk the questions that wait for the reader's departments."""

    rows: list[Topic]
    department: Department | None = None

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person, now: datetime | None = None) -> list[Topic]:
    """Questions to departments for which the person supplies, without an answer for some days; one query."""
    hats = standing(person)
    if not hats.supplies_for:
        return []
    before = (now or timezone.now()) - timedelta(days=WAITING_DAYS)
    return list(_waiting(departments=sorted(hats.supplies_for), before=before))


@written_once
def _waiting(*, departments: list[int], before: datetime) -> QuerySet[Topic]:
    rows = Topic.objects.filter(
        department_id__among=departments, kind=QUESTION, answer__isnull=True, hidden_at__isnull=True, said_at__lt=before
    )
    return rows.select_related("author", "department").order_by("said_at", "pk")[:MOST_ON_DESK]


def of_department(person: Person, department: Department) -> Shown:
    """The newest topics put to it; one query."""
    hats = standing(person)
    return Shown(_of_department(hats.shape, person=hats.person_id, department=department.pk), department)


@written_once
def _of_department(hats: Standing, *, person: int, department: int) -> QuerySet[Topic]:
    rows = topics_for(whoever(hats, person)).filter(department_id=department)
    return rows.order_by(*NEWEST)[:MOST_SHOWN]


def asked_by(person: Person, customer: Department) -> tuple[int, int]:
    """How many questions of its people have no answer yet, and how many have one; one query."""
    hats = standing(person)
    waiting, answered = _asked_by(hats.shape, person=hats.person_id, customer=customer.pk) or (0, 0)
    return waiting, answered


@summed_once
def _asked_by(hats: Standing, *, person: int, customer: int) -> QuerySet:
    rows = Topic.objects.visible_to(whoever(hats, person)).filter(author_id__in=_people_of(customer), kind=QUESTION)
    answered = Q(answer__isnull=False)
    return summed(rows, waiting=Count("pk", filter=~answered), answered=Count("pk", filter=answered))


def put_to_each_other(person: Person, one: Department, other: Department) -> tuple[int, int]:
    """How many topics people of the one put to the other, and the other way round; one query."""
    ways = [Q(department=whom, author_id__in=_people_of(who.pk)) for who, whom in ((one, other), (other, one))]
    found = (
        Topic.objects.visible_to(person)
        .order_by()
        .aggregate(there=Count("pk", filter=ways[0]), back=Count("pk", filter=ways[1]))
    )
    return found["there"], found["back"]
