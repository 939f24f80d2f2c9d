"""Answers and decisions that are late are told, each level once."""

from datetime import timedelta

import pytest
from django.core import mail

from feedback.voice.due import late_level, tell_what_is_late
from feedback.voice.models import Voice
from feedback.voice.services import take_step
from feedback.voice.tasks import tell_late_voices
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.messaging.services import send_waiting
from tests.factories.voices import answered, appealed, said

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def mailed() -> list[tuple[str, str]]:
    mail.outbox.clear()
    deliver("feedback.voice_letters")
    send_waiting()
    return [(sent.to[0].partition("@")[0], sent.subject) for sent in mail.outbox]


def test_levels_begin_at_the_due_time_and_a_week_later(company):
    due = said(company, "complaint").due_at
    assert [late_level(due, due + wait) for wait in (-HOUR, HOUR, WEEK - HOUR, WEEK + HOUR)] == [0, 1, 1, 2]
    assert late_level(None, due) == 0


def test_a_late_answer_is_told_to_who_owes_it_once_a_level(company):
    due = said(company, "complaint").due_at
    mailed()
    assert [tell_what_is_late(now=due + wait) for wait in (-HOUR, HOUR, 2 * HOUR, WEEK + HOUR, 5 * WEEK)] == [
        0,
        1,
        0,
        1,
        0,
    ]
    assert list(Event.objects.filter(kind="voice.late").order_by("pk").values_list("data__level", flat=True)) == [1, 2]
    both, above = ["rita.requester", "sofia.supplier"], company.executive.email.partition("@")[0]
    assert sorted(mailed()) == [(name, "An answer is late: IT Services") for name in sorted([*both, *both, above])]
    assert mailed() == []


def test_what_is_answered_or_praise_is_not_late(company):
    due = answered(company).due_at
    said(company, "praise")
    assert tell_what_is_late(now=due + WEEK) == 0


def test_a_new_due_time_begins_anew(company):
    voice = said(company, "complaint")
    assert tell_what_is_late(now=voice.due_at + HOUR) == 1
    take_step(by=company.supplier_head, voice=voice, name="answer", note="So.")
    again = take_step(by=company.requester, voice=voice, name="disagree", note="No.", at=voice.due_at)
    assert (again.late_level, tell_what_is_late(now=again.due_at + HOUR)) == (0, 1)


def test_a_late_decision_is_told_to_who_decides(company):
    voice = appealed(company)
    mailed()
    assert tell_what_is_late(now=voice.appeal_due_at + HOUR) == 1
    assert mailed() == [(company.executive.email.partition("@")[0], "An answer is late: IT Services")]


def test_the_task_tells_once(company):
    voice = said(company, "suggestion")
    Voice.objects.filter(pk=voice.pk).update(due_at=voice.said_at - HOUR)
    tell_late_voices()
    tell_late_voices()
    assert Event.objects.filter(kind="voice.late").count() == 1
