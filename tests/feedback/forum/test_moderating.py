"""What was hidden as a list of those who hid it, and questions that wait, told of once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from feedback.forum import selectors
from feedback.forum.due import tell_waiting_questions
from feedback.forum.models import Reply, Topic
from feedback.forum.services import hide, mark_answer
from feedback.forum.tasks import tell_waiting_questions as tick
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.messaging.services import send_waiting
from servicedesk.celery import app
from tests.factories.forum import replied, topic_of

pytestmark = pytest.mark.django_db
LIST, API = "/feedback/forum/", "/api/v1/forum/"
OLD = timedelta(days=4)


def hidden_things(company) -> tuple[Topic, Reply]:
    """A topic put to IT that is hidden, and one put to Facilities that stands, with a hidden reply."""
    topic = topic_of(company, title="A list of salaries")
    hide(by=company.admin, topic=topic, reason="Not for everybody")
    reply = replied(
        company, topic_of(company, title="Who has the key?", department=company.facilities), body="Ask Mona"
    )
    hide(by=company.admin, topic=reply.topic, reply=reply, reason="A name in it")
    topic_of(company, title="Nothing hidden here")
    return topic, reply


def test_each_moderator_finds_what_is_theirs_and_nobody_else_anything(company):
    topic, reply = hidden_things(company)
    found = {
        letter: [row.title for row in selectors.topics_for(person, show="hidden").order_by("pk")]
        for letter, person in company.by_context.items()
    }
    both = [topic.title, reply.topic.title]
    assert {letter: titles for letter, titles in found.items() if titles} == {
        "SH": [topic.title], "OH": [reply.topic.title], "AD": both, "AU": both,
    }  # fmt: skip
    offered = {letter for letter, person in company.by_context.items() if "hidden" in dict(selectors.shows_for(person))}
    assert offered == {"CH", "SH", "OH", "AD", "AU"}


def test_the_list_tells_what_was_hidden_and_why_and_shows_it_again(company, as_browser):
    topic, reply = hidden_things(company)
    admin, auditor = as_browser(company.admin), as_browser(company.auditor)
    page = admin.get(LIST, {"show": "hidden"}).content.decode()
    for words in (topic.title, "Not for everybody", "Ask Mona", "A name in it"):
        assert (words, words in page) == (words, True)
    assert (page.count("Show again: "), "Nothing hidden here" in page) == (2, False)
    read = auditor.get(LIST, {"show": "hidden"}).content.decode()
    assert ("Ask Mona" in read, "Show again: " in read) == (True, False)
    assert admin.post(f"{LIST}replies/{reply.pk}/show/").status_code == 302
    assert admin.post(f"{LIST}{topic.pk}/show/").status_code == 302
    assert "Nothing is hidden" in admin.get(LIST, {"show": "hidden"}).content.decode()


def test_whoever_moderates_nothing_reads_nothing_of_it(company, as_browser):
    hidden_things(company)
    stranger = as_browser(company.stranger).get(LIST, {"show": "hidden"}).content.decode()
    asker = as_browser(company.requester).get(LIST, {"show": "hidden"}).content.decode()
    words = ("Ask Mona", "A name in it", "A list of salaries", "Not for everybody", "What was hidden")
    assert [word for word in words if word in stranger or word in asker] == []


def test_over_the_api_what_was_hidden_is_listed_with_its_reasons(company, as_api):
    topic, reply = hidden_things(company)
    admin = as_api(company.admin)
    rows = admin.get(API, {"show": "hidden"}).json()["results"]
    assert {row["title"]: row["hidden_reason"] for row in rows} == {
        topic.title: "Not for everybody", reply.topic.title: "",
    }  # fmt: skip
    replies = f"{API}{reply.topic_id}/replies/"
    told = [as_api(person).get(replies).json()["results"][0] for person in (company.admin, company.stranger)]
    assert [(row["is_hidden"], row["hidden_reason"], row["body"]) for row in told] == [
        (True, "A name in it", "Ask Mona"), (True, "", ""),
    ]  # fmt: skip
    assert as_api(company.stranger).get(API, {"show": "hidden"}).json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.admin)
    for _number in range(rows):
        hidden_things(company)
    client.get(LIST, {"show": "hidden"})
    with django_assert_max_num_queries(11):
        client.get(LIST, {"show": "hidden"})


def test_a_question_that_waits_is_mailed_once_to_the_heads_of_whom_it_was_put_to(company):
    old = timezone.now() - OLD
    topic = topic_of(company, at=old)
    answered, hidden = topic_of(company, title="Answered", at=old), topic_of(company, title="Hidden", at=old)
    mark_answer(by=company.requester, topic=answered, reply=replied(company, answered))
    hide(by=company.admin, topic=hidden, reason="Twice")
    topic_of(company, title="Fresh")
    topic_of(company, title="To nobody", department=None, at=old)
    topic_of(company, title="Talk", kind="discussion", at=old)
    replied(company, topic)
    deliver("feedback.forum_letters")
    send_waiting()
    mail.outbox.clear()
    tick()
    assert tell_waiting_questions() == 0
    deliver("feedback.forum_letters")
    send_waiting()
    assert [(one.to[0].split(".")[0], one.subject) for one in mail.outbox] == [
        ("sofia", "A question in the forum waits for an answer: Why do passwords expire?")
    ]
    event = Event.objects.get(kind="forum.waiting")
    assert (event.subject_id, event.actor_id, event.data["department"]) == (topic.pk, None, company.it.pk)
    assert "feedback.tell_waiting_questions" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_question_answered_before_the_mail_is_written_is_not_mailed(company):
    topic = topic_of(company, at=timezone.now() - OLD)
    assert tell_waiting_questions(now=topic.said_at + timedelta(days=3)) == 0
    assert tell_waiting_questions() == 1
    mark_answer(by=company.requester, topic=topic, reply=replied(company, topic))
    mark_answer(by=company.requester, topic=topic, reply=None)
    assert tell_waiting_questions() == 0
    mark_answer(by=company.requester, topic=topic, reply=Reply.objects.get())
    deliver("feedback.forum_letters")
    send_waiting()
    assert [one.subject for one in mail.outbox if "waits" in one.subject] == []
