"""The forum: asking, replying, the answer, changed and hidden words, search in three languages, what is told."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from feedback.forum import selectors
from feedback.forum.models import Follow, Reply, Topic
from feedback.forum.services import edit_reply, edit_topic, follow, hide, mark_answer, reply, show_again
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
from tests.factories.company import make_person
from tests.factories.forum import replied, topic_of

pytestmark = pytest.mark.django_db
LIST, NEW, API = "/feedback/forum/", "/feedback/forum/new/", "/api/v1/forum/"


def titles(person, **asked) -> list[str]:
    return [row.title for row in selectors.topics_for(person, **asked).order_by(*selectors.NEWEST)]


def test_a_question_is_answered_by_the_asker_or_the_department_that_was_asked(company):
    topic = topic_of(company)
    made = replied(company, topic)
    for person in (company.stranger, company.colleague, company.admin):
        with pytest.raises(NotAllowed):
            mark_answer(by=person, topic=topic, reply=made)
    for person in (company.requester, company.assigned):
        assert mark_answer(by=person, topic=topic, reply=made).answer == made
    assert mark_answer(by=company.requester, topic=topic, reply=None).answered_at is None
    assert list(Event.objects.filter(subject_kind="topic").order_by("pk").values_list("kind", flat=True)) == [
        "forum.asked", "forum.replied", "forum.answered", "forum.unanswered",
    ]  # fmt: skip
    with pytest.raises(IllegalMove):
        mark_answer(by=company.requester, topic=topic, reply=replied(company))
    talk = topic_of(company, kind="discussion")
    with pytest.raises(NotAllowed):
        mark_answer(by=company.requester, topic=talk, reply=replied(company, talk))


def test_whoever_looks_on_says_nothing(company):
    topic = topic_of(company)
    for person in (company.auditor, company.executive, company.admin):
        with pytest.raises(NotAllowed):
            replied(company, topic, by=person)
    with pytest.raises(WrongInput):
        replied(company, topic, body="  ")


def test_words_are_changed_within_a_day_and_the_earlier_ones_stay(company):
    topic = topic_of(company)
    made = replied(company, topic)
    edit_topic(by=company.requester, topic=topic, title="Why at all?", body="Every ninety days.")
    edit_reply(by=company.agent, reply=made, body="Not from June on.")
    edit_reply(by=company.agent, reply=made, body="Not from June on.")
    page = selectors.topic_page(person=company.stranger, pk=topic.pk)
    line = selectors.reply_lines(company.stranger, page.topic, selectors.replies_of(topic), timezone.now())[0]
    assert ([one.title for one in page.earlier], [one.body for one in line.earlier]) == (
        ["Why do passwords expire?"], ["They will not from May on."],
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        edit_reply(by=company.requester, reply=made, body="x")
    with pytest.raises(IllegalMove):
        edit_reply(by=company.agent, reply=made, body="x", at=timezone.now() + timedelta(hours=25))


def test_what_is_hidden_is_for_who_said_it_and_moderators(company):
    topic = topic_of(company)
    made = mark_answer(by=company.requester, topic=topic, reply=replied(company, topic)).answer
    with pytest.raises(NotAllowed):
        hide(by=company.customer_head, topic=topic, reply=made, reason="x")
    hide(by=company.supplier_head, topic=topic, reply=made, reason="A name in it")
    hide(by=company.admin, topic=topic, reply=made, reason="Again")
    made.refresh_from_db()
    topic.refresh_from_db()
    assert (made.hidden_reason, topic.answer, titles(company.stranger, q="May")) == ("A name in it", None, [])
    with pytest.raises(Http404):
        selectors.get_reply(person=company.stranger, pk=made.pk)
    assert selectors.get_reply(person=company.agent, pk=made.pk) == made
    hide(by=company.admin, topic=topic, reason="Twice")
    seen = {letter for letter, person in company.by_context.items() if titles(person)}
    assert seen == {"RQ", "SH", "AD", "AU"}
    with pytest.raises(IllegalMove):
        replied(company, topic)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(hidden_reason="")


def test_a_moderator_shows_again_what_was_hidden_and_its_author_is_told(company, as_browser, as_api):
    topic = topic_of(company)
    made, head = replied(company, topic), as_browser(company.supplier_head)
    hide(by=company.supplier_head, topic=topic, reply=made, reason="A name in it")
    hide(by=company.admin, topic=topic, reason="Twice")
    for person in (company.requester, company.agent, company.auditor):
        with pytest.raises(NotAllowed):
            show_again(by=person, topic=topic)
    page = f"{LIST}{topic.pk}/"
    assert head.get(page).content.decode().count("Show again") == 2
    assert head.post(f"{LIST}replies/{made.pk}/show/")["Location"] == page
    answers = [as_api(company.admin).post(f"{API}{topic.pk}/show/").json() for _twice in range(2)]
    assert [answer["hidden_reason"] for answer in answers] == ["", ""]
    assert titles(company.stranger, q="May") == [topic.title]
    assert "Show again" not in head.get(page).content.decode()
    shown = Event.objects.filter(kind="forum.shown").order_by("pk").values_list("data__reply", "data__reason")
    assert list(shown) == [(made.pk, "A name in it"), (None, "Twice")]
    deliver("feedback.forum_letters")
    send_waiting()
    told = sorted(letter.to[0].split(".")[0] for letter in mail.outbox if letter.subject.startswith("Shown again"))
    assert told == ["anton", "rita"]


def test_over_the_api_own_words_are_changed_within_a_day(company, as_api):
    made = replied(company)
    topic, reply_, asker = f"{API}{made.topic_id}/", f"{API}replies/{made.pk}/", as_api(company.requester)
    assert asker.patch(topic, {"title": "Why at all?"}).json()["body"] == "Every ninety days."
    assert as_api(company.agent).patch(reply_, {"body": "From June on."}).json()["body"] == "From June on."
    assert [asker.patch(*one).status_code for one in ((reply_, {"body": "x"}), (topic, {"title": " "}))] == [403, 400]
    for client, address in ((asker, topic), (as_api(company.agent), reply_)):
        read = {"If-Match": client.get(address)["ETag"]}
        assert [client.patch(address, {"body": words}, headers=read).status_code for words in "ab"] == [200, 412]
    Topic.objects.update(said_at=timezone.now() - timedelta(hours=25))
    assert asker.patch(topic, {"title": "Too late"}).status_code == 409
    assert Topic.objects.get().title == "Why at all?"


def test_a_partner_sees_what_they_asked_themselves(company):
    topic_of(company)
    company.facilities.kind = "partner"
    company.facilities.save()
    partner = make_person("Paul Partner", company.facilities)
    topic_of(company, by=partner, title="Where do we park?")
    assert titles(partner) == ["Where do we park?"]


def test_topics_and_replies_are_found_by_their_words_in_three_languages(company):
    topic_of(company, title="Printers in the hall", body="")
    topic = topic_of(company, title="Где заказать пропуск?", body="")
    replied(company, topic, body="В бюро пропусков")
    topic_of(company, title="打印机坏了怎么办", body="")
    found = {q: titles(company.stranger, q=q) for q in ("printer", "пропуска", "бюро", "打印机", "nothing")}
    assert found == {
        "printer": ["Printers in the hall"], "пропуска": ["Где заказать пропуск?"], "бюро": ["Где заказать пропуск?"],
        "打印机": ["打印机坏了怎么办"], "nothing": [],
    }  # fmt: skip


def test_topics_are_listed_by_department_subject_answer_and_who_follows(company):
    topic, other = (
        topic_of(company),
        topic_of(company, title="Of nobody", department=None, subject="", by=company.agent),
    )
    mark_answer(by=company.requester, topic=topic, reply=replied(company, topic, by=company.stranger))
    assert (titles(company.agent, department=company.it), titles(company.agent, subject="ACCESS")) == (
        [topic.title],
    ) * 2
    assert (titles(company.agent, show="open"), titles(company.agent, show="answered")) == (
        [other.title],
        [topic.title],
    )
    assert (titles(company.agent, show="mine"), titles(company.stranger, show="mine")) == ([other.title], [topic.title])


def test_who_follows_is_told_once_of_each_reply_but_their_own(company):
    topic = topic_of(company)
    follow(by=company.stranger, topic=topic, wanted=True)
    follow(by=company.stranger, topic=topic, wanted=True)
    made = replied(company, topic)
    follow(by=company.stranger, topic=topic, wanted=False)
    hidden = replied(company, topic, by=company.colleague, body="Nonsense")
    hide(by=company.supplier_head, topic=topic, reply=hidden, reason="Rude")
    mark_answer(by=company.requester, topic=topic, reply=made)
    deliver("feedback.forum_letters")
    deliver("feedback.forum_letters")
    send_waiting()
    told = sorted((letter.to[0].split(".")[0], letter.subject.split(":")[0]) for letter in mail.outbox)
    assert told == [
        ("anton", "Your reply is the answer"), ("cora", "Hidden in the forum"), ("rita", "A reply in the forum"),
        ("sofia", "Asked in the forum"),
    ]  # fmt: skip
    assert Follow.objects.filter(topic=topic).count() == 3


def test_a_question_without_an_answer_comes_to_the_desk_of_whom_it_was_put_to(company):
    old = timezone.now() - timedelta(days=4)
    topic = topic_of(company, at=old)
    topic_of(company, title="Fresh")
    topic_of(company, title="Talk", kind="discussion", at=old)
    waiting = {letter: selectors.waiting_for(person) for letter, person in company.by_context.items()}
    assert {letter for letter, rows in waiting.items() if rows == [topic]} == {"SA", "AS", "SH"}
    mark_answer(by=company.requester, topic=topic, reply=replied(company, topic))
    assert selectors.waiting_for(company.agent) == []


def test_somebody_who_says_very_much_waits_until_tomorrow(company, monkeypatch):
    monkeypatch.setattr("feedback.forum.services.MOST_A_DAY", 1)
    topic = topic_of(company)
    with pytest.raises(DomainError):
        reply(by=company.requester, topic=topic, body="More")


def test_over_pages_a_question_goes_from_asking_to_its_answer(company, as_browser):
    asker, agent = as_browser(company.requester), as_browser(company.agent)
    words = {"kind": "question", "title": "Who has the key?", "department": "it", "subject": "keys"}
    words["key"] = uuid.uuid4().hex
    places = [asker.post(NEW, words)["Location"] for _twice in range(2)]
    topic = Topic.objects.get()
    page = f"{LIST}{topic.pk}/"
    said = {"body": "It hangs\n<b>on the wall</b>", "key": uuid.uuid4().hex}
    assert (places, [agent.post(f"{page}replies/", said).status_code for _twice in range(2)]) == ([page] * 2, [302] * 2)
    made = Reply.objects.get()
    assert asker.post(f"{page}answer/{made.pk}/").status_code == 302
    found = as_browser(company.stranger).get(LIST, {"q": "wall", "show": "answered"}).content.decode()
    text = asker.get(page).content.decode()
    assert ("Who has the key?" in found, "&lt;b&gt;on the wall" in text, "The answer" in text) == (True, True, True)
    link = "/services/laptop/new/?title=Who%20has%20the%20key%3F"
    assert (link in text, 'value="Who has the key?"' in asker.get(link).content.decode()) == (True, True)
    assert asker.post(f"{page}unanswered/").status_code == 302
    assert asker.post(f"{page}edit/", {"title": "Who has it?", "body": ""}).status_code == 302
    assert agent.post(f"{LIST}replies/{made.pk}/edit/", {"body": "On the wall"}).status_code == 302
    assert asker.post(f"{page}follow/", {"wanted": "no"}).status_code == 302
    head = as_browser(company.supplier_head)
    assert head.post(f"{LIST}replies/{made.pk}/hide/", {"reason": "Old"}).status_code == 302
    assert head.post(f"{page}hide/", {"reason": "Old"}).status_code == 302
    assert as_browser(company.stranger).get(page).status_code == 404


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    topic = topic_of(company)
    made, head = replied(company, topic), as_browser(company.supplier_head)
    Topic.objects.filter(pk=topic.pk).update(hidden_at=timezone.now(), hidden_reason="Old")
    for address, words in (
        (NEW, {"kind": "question", "title": "", "body": "Kept words"}),
        (f"{LIST}{topic.pk}/replies/", {"body": "Kept words"}),
    ):
        answer = head.post(address, words)
        assert (address, answer.status_code, "Kept words" in answer.content.decode()) == (address, 400, True)
    assert head.post(f"{LIST}replies/{made.pk}/hide/", {"reason": ""}).status_code == 400


def test_over_the_api_a_question_is_asked_answered_found_and_hidden(company, as_api):
    asker, agent, head = (as_api(one) for one in (company.requester, company.agent, company.supplier_head))
    made = asker.post(API, {"title": "Who has the key?", "department": "it"})
    one = f"{API}{made.json()['id']}/"
    said = agent.post(f"{one}replies/", {"body": "On the wall"}).json()
    assert (made.status_code, asker.post(f"{one}answer/", {"reply": said["id"]}).json()["answer"]) == (201, said["id"])
    assert [row["title"] for row in agent.get(API, {"q": "wall"}).json()["results"]] == ["Who has the key?"]
    assert [row["is_answer"] for row in agent.get(f"{one}replies/").json()["results"]] == [True]
    assert head.post(f"{API}replies/{said['id']}/hide/", {"reason": "Old"}).json()["is_hidden"] is True
    seen = as_api(company.stranger).get(f"{one}replies/").json()["results"]
    assert [(row["body"], row["is_hidden"]) for row in seen] == [("", True)]
    assert asker.post(f"{one}answer/", {"reply": 10**9}).status_code == 400
    assert asker.post(API, {"title": "x", "department": "nowhere"}).status_code == 400
    assert head.post(f"{one}hide/", {"reason": "Old"}).status_code == 200
    assert as_api(company.stranger).get(one).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    for number in range(rows):
        topic = topic_of(company, title=f"Topic {number}")
    for _number in range(rows):
        replied(company, topic)
    for address, most in ((LIST, 10), (f"{LIST}?q=passwords", 10), (f"{LIST}{topic.pk}/", 14), (API, 8)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
