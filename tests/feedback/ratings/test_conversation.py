"""The supplier answers a rating that was shared, the customer reacts, and each is told."""

import pytest
from django.core import mail
from django.db import transaction
from django.db.utils import DatabaseError
from django.http import Http404

from feedback.ratings.conversation import reply_to_rating
from feedback.ratings.models import RatingReply
from feedback.ratings.selectors import readable_panel
from requests_app.events.models import Event
from requests_app.events.services import deliver as work_off
from requests_app.kernel.errors import IllegalMove, NotAllowed
from requests_app.messaging.services import send_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(closed_request, rate):
    rate(closed_request, 2, comment="It came late.", share_with_team=True)
    return closed_request


def say(by, row, text="We lend a spare one from now on."):
    return reply_to_rating(by=by, service_request=row, text=text)


def test_the_supplier_answers_and_the_customer_reacts(company, rated):
    with pytest.raises(IllegalMove, match="Nobody answered"):
        say(company.requester, rated)
    say(company.agent, rated)
    say(company.requester, rated, "That helps.")

    panel = readable_panel(company.agent, rated)
    assert [(one.side, one.text) for one in panel.replies] == [
        ("supplier", "We lend a spare one from now on."),
        ("customer", "That helps."),
    ]
    assert [event.data["side"] for event in Event.objects.filter(kind="rating.answered").order_by("pk")] == [
        "supplier",
        "customer",
    ]
    assert "spare" not in str(list(Event.objects.filter(kind="rating.answered").values_list("data", flat=True)))


def test_of_an_answer_that_was_not_shared_there_is_nothing_to_answer(company, closed_request, rate):
    rate(closed_request, 2, comment="It came late.")
    with pytest.raises(Http404):
        say(company.agent, closed_request)


def test_others_neither_read_nor_answer_it(company, rated):
    for who in (company.colleague, company.other_head, company.admin):
        with pytest.raises((Http404, NotAllowed)):
            say(who, rated)
    assert RatingReply.objects.count() == 0


def test_a_word_that_was_said_stays(company, rated):
    say(company.agent, rated)
    with pytest.raises(DatabaseError), transaction.atomic():
        RatingReply.objects.update(text="Never mind")


def test_each_side_is_mailed_what_the_other_said(company, rated):
    say(company.agent, rated)
    say(company.requester, rated, "That helps.")
    for _ in range(2):
        work_off("feedback.rating_answers")
    mail.outbox.clear()
    send_waiting()
    sent = {one.to[0]: (one.subject, one.body) for one in mail.outbox if "answer" in one.subject}
    assert set(sent) == {company.requester.email, company.agent.email}
    assert sent[company.requester.email][0].startswith("Your rating was answered")
    assert "We lend a spare one from now on." in sent[company.requester.email][1]


def test_on_the_page_it_is_answered_and_what_was_typed_stays(company, as_browser, rated):
    page = f"/requests/{rated.number}/rate/replies/"
    agent, requester = as_browser(company.agent), as_browser(company.requester)
    assert page in agent.get(f"/requests/{rated.number}/").content.decode()
    assert agent.post(page, {"text": ""}).status_code == 400
    assert requester.post(page, {"text": "First me"}).status_code == 400
    assert agent.post(page, {"text": "We lend a spare one."}).status_code == 302
    shown = requester.get(f"/requests/{rated.number}/").content.decode()
    assert ("We lend a spare one." in shown, page in shown) == (True, True)
    assert as_browser(company.colleague).get(page).status_code == 404


def test_over_the_api_it_is_answered_and_read(company, as_api, rated):
    path = f"/api/v1/requests/{rated.number}/rating/replies/"
    assert as_api(company.colleague).post(path, {"text": "Hm"}).status_code == 404
    assert as_api(company.requester).post(path, {"text": "Hm"}).status_code == 409
    answered = as_api(company.agent).post(path, {"text": "We lend a spare one."})
    assert (answered.status_code, answered.json()["replies"][0]["text"]) == (201, "We lend a spare one.")
    read = as_api(company.requester).get(f"/api/v1/requests/{rated.number}/rating/").json()
    assert (read["may_reply"], len(read["replies"])) == (True, 1)
