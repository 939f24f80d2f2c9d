"""Reminders of talks and tasks, invitations that calendars answer, a series changed over the API."""

from datetime import timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from feedback.talks.due import tell_what_is_due
from feedback.talks.ics import write_talks
from feedback.talks.models import Talk, TalkItem
from feedback.talks.services import change_series, take_step
from feedback.talks.tasks import tell_due_talks
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.messaging.services import send_waiting
from servicedesk.celery import app
from tests.factories.talks import arranged, begun, planned, task_at

pytestmark = pytest.mark.django_db
API, DAY = "/api/v1/meetings/series/", timedelta(days=1)


def mailed() -> dict[str, str]:
    """Who gets which news now; what is in `mail.outbox` is only that."""
    mail.outbox.clear()
    deliver("feedback.talk_letters")
    send_waiting()
    return {one.to[0].partition(".")[0]: one.subject.partition(":")[0] for one in mail.outbox}


def entry_for(first_name: str) -> tuple[str, icalendar.Event]:
    """The method and the event of the reading of the mail that calendars draw; the attached file is the same."""
    sent = next(one for one in mail.outbox if one.to[0].startswith(first_name))
    content = next(one.content for one in sent.alternatives if one.mimetype.startswith("text/calendar"))
    assert [file.content for file in sent.attachments] == [content]
    file = icalendar.Calendar.from_ical(content)
    parts = [part for part in sent.message().walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == [str(file["METHOD"])] * 2
    return str(file["METHOD"]), file.walk("VEVENT")[0]


def test_an_invitation_is_a_request_that_names_who_comes_and_who_gets_the_answers(company):
    talk = planned(company, people=[company.requester])
    assert set(mailed().values()) == {"Talk planned"}
    method, event = entry_for("rita")
    people = {str(one).removeprefix("mailto:") for one in event["ATTENDEE"]}
    assert people == {one.email for one in (company.supplier_head, company.customer_head, company.requester)}
    told = method, str(event["ORGANIZER"]), int(event["SEQUENCE"])
    assert told == ("REQUEST", f"mailto:{company.supplier_head.email}", 1)
    assert "ATTENDEE" not in icalendar.Calendar.from_ical(write_talks([talk])).walk("VEVENT")[0]


def test_a_later_change_of_talk_or_series_takes_the_place_of_the_entry_and_calling_off_takes_it_out(company):
    talk = planned(company, people=[company.requester, company.colleague])
    mailed()
    change_series(by=company.supplier_head, series=talk.series, place="Room 5", people=[company.requester])
    assert mailed() == {
        "sofia": "Talk changed", "hanna": "Talk changed", "rita": "Talk changed", "cora": "You are no longer invited",
    }  # fmt: skip
    assert [(method, int(event["SEQUENCE"])) for method, event in map(entry_for, ("rita", "cora"))] == [
        ("REQUEST", 2), ("CANCEL", 2),
    ]  # fmt: skip
    talk = take_step(by=company.supplier_head, talk=talk, name="shift", starts_at=talk.starts_at + DAY)
    mailed()
    method, event = entry_for("rita")
    assert (method, int(event["SEQUENCE"]), event.decoded("DTSTART")) == ("REQUEST", 3, talk.starts_at)
    change_series(by=company.supplier_head, series=talk.series, every_weeks=2)
    assert mailed() == {}  # nothing of it stands in calendars
    take_step(by=company.supplier_head, talk=talk, name="cancel", reason="Nobody is there")
    mailed()
    calls_off = next(one for one in mail.outbox if "called off" in one.subject and one.to[0].startswith("rita"))
    file = icalendar.Calendar.from_ical(calls_off.attachments[0].content)
    event = file.walk("VEVENT")[0]
    told = str(file["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"]), str(event["UID"])
    assert told == ("CANCEL", "CANCELLED", 5, f"talk-{talk.pk}@servicedesk")


def test_the_day_before_a_talk_everybody_is_reminded_once_for_each_time(company):
    talk = planned(company)
    mailed()
    assert tell_what_is_due(now=talk.starts_at - 2 * DAY) == (0, 0)
    Talk.objects.update(starts_at=timezone.now() + timedelta(hours=20))
    tell_due_talks()
    assert tell_what_is_due() == (0, 0)
    assert set(mailed().values()) == {"A reminder"}
    take_step(by=company.supplier_head, talk=talk, name="shift", starts_at=timezone.now() + timedelta(hours=22))
    assert (tell_what_is_due(), tell_what_is_due()) == ((1, 0), (0, 0))
    assert "feedback.tell_due_talks" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_task_that_is_late_is_mailed_to_its_owner_once_and_a_done_one_never(company):
    talk = begun(company)
    late, done = task_at(company, talk), task_at(company, talk, text="Done")
    TalkItem.objects.update(due_on=timezone.localdate() - 2 * DAY)
    TalkItem.objects.filter(pk=done.pk).update(done_at=timezone.now())
    mailed()
    assert (tell_what_is_due(), tell_what_is_due()) == ((0, 1), (0, 0))
    assert mailed() == {company.agent.email.partition(".")[0]: "Your task from a talk is late"}
    assert Event.objects.get(kind="meeting.task_late").data["item"] == late.pk


def test_a_series_is_read_and_changed_over_the_api(company, as_api):
    series = arranged(company)
    head, here = as_api(company.supplier_head), f"{API}{series.pk}/"
    read = head.get(here).json()
    assert (read["people"], read["minutes"]) == ([], 30)
    body = {"people": [company.requester.email.upper()], "minutes": 20, "at_time": "11:30"}
    changed = head.patch(here, body, headers={"If-Match": '"1"'}).json()
    told = {name: changed[name] for name in ("people", "minutes", "at_time", "every_weeks")}
    assert told == {"people": [company.requester.email], "minutes": 20, "at_time": "11:30", "every_weeks": 1}
    assert head.patch(here, {"minutes": 25}, headers={"If-Match": '"1"'}).status_code == 412
    assert head.patch(here, {"people": [company.other_head.email]}).json()["errors"].keys() == {"people"}
    assert head.patch(here, {"is_active": False}).json()["is_active"] is False
    assert as_api(company.agent).patch(here, {"minutes": 25}).status_code == 403
    assert as_api(company.stranger).get(here).status_code == 404
