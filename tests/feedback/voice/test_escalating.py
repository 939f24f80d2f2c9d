"""A complaint that gets no answer in time has a way up: who complained takes it further, and it is told above."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from feedback.voice import selectors
from feedback.voice.due import tell_what_is_late
from feedback.voice.models import Voice
from feedback.voice.services import take_step
from requests_app.events.services import deliver
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
from tests.factories import Company
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def overdue(company: Company, kind: str = "complaint", **more) -> Voice:
    voice = said(company, kind, **more)
    Voice.objects.filter(pk=voice.pk).update(due_at=timezone.now() - HOUR)
    voice.refresh_from_db()
    return voice


def mailed(now) -> dict[str, str]:
    mail.outbox.clear()
    tell_what_is_late(now=now)
    deliver("feedback.voice_letters")
    send_waiting()
    return {
        sent.to[0].partition("@")[0]: sent.body for sent in mail.outbox if sent.subject.startswith("An answer is late")
    }


def test_who_complained_takes_a_late_complaint_further_and_somebody_above_decides(company):
    voice = overdue(company)
    assert [line.voice for line in selectors.waiting_for(company.requester)] == [voice]
    moved = take_step(by=company.requester, voice=voice, name="escalate", note="It still drips.")
    assert (moved.state, moved.arbiter, moved.outcome, moved.answered_at) == ("appealed", company.executive, "", None)
    decided = take_step(by=company.executive, voice=moved, name="decide", note="IT repairs it this week.")
    assert decided.state == "decided"
    assert [one.words for one in selectors.outcomes(company.stranger)] == ["IT repairs it this week."]
    since = timezone.now() - WEEK
    assert selectors.said_to([company.it.pk], since, since + 2 * WEEK).waiting == 0
    words = [step.words for step in selectors.voice_page(person=company.requester, pk=voice.pk).history]
    assert words[1] == f"{company.requester.name} took it further, because no answer came in time"


def test_not_before_it_is_late_not_by_others_not_without_words_and_not_once_it_is_answered(company):
    in_time = said(company, "complaint")
    assert "escalate" not in [move.name for move in selectors.voice_page(person=company.requester, pk=in_time.pk).moves]
    with pytest.raises(IllegalMove, match="not late yet"):
        take_step(by=company.requester, voice=in_time, name="escalate", note="Now")
    late = overdue(company)
    for person in (company.customer_head, company.supplier_head, company.auditor):
        with pytest.raises(NotAllowed):
            take_step(by=person, voice=late, name="escalate", note="Now")
    with pytest.raises(WrongInput):
        take_step(by=company.requester, voice=late, name="escalate")
    with pytest.raises(IllegalMove):
        take_step(by=company.requester, voice=answered(company), name="escalate", note="Now")


def test_that_it_is_late_is_told_to_who_complained_and_after_a_week_above_without_its_words(company):
    voice = overdue(company, title="The roof drips", body="Onto the desk")
    told = mailed(voice.due_at + HOUR)
    assert set(told) == {"sofia.supplier", "rita.requester"}
    assert "can take it further" in told["rita.requester"]
    told = mailed(voice.due_at + WEEK + HOUR)
    chief = company.executive.email.partition("@")[0]
    assert set(told) == {"sofia.supplier", "rita.requester", chief}
    assert "A complaint to IT Services has waited for its answer" in told[chief]
    assert ("drips" in told[chief], "Rita" in told[chief], "voices/" in told[chief]) == (False, False, False)
    assert not selectors.voices_for(company.executive).filter(pk=voice.pk).exists()


def test_of_a_confidential_complaint_and_of_a_suggestion_nothing_is_told_above(company):
    voice, idea = overdue(company, confidential=True), overdue(company, "suggestion")
    told = mailed(max(voice.due_at, idea.due_at) + WEEK + HOUR)
    assert set(told) == {"sofia.supplier", "rita.requester"}


def test_over_pages_and_api_it_is_taken_further(company, as_browser, as_api):
    voice = overdue(company)
    page, requester = f"/feedback/voices/{voice.pk}/", as_browser(company.requester)
    assert "Take it further" in requester.get(page).content.decode()
    assert "Take it further" not in as_browser(company.supplier_head).get(page).content.decode()
    assert requester.post(f"{page}steps/escalate/", {"note": ""}).status_code == 400
    assert as_api(company.requester).get(f"/api/v1/voices/{voice.pk}/").json()["steps"] == ["escalate", "withdraw"]
    body = {"step": "escalate", "note": "Nobody answers."}
    done = as_api(company.requester).post(f"/api/v1/voices/{voice.pk}/steps/", body)
    assert (done.json()["state"], done.json()["steps"]) == ("appealed", [])
    assert page in as_browser(company.executive).get("/").content.decode()
