"""Tasks that are passed on or put off, told of once when they are late, and meetings in the calendars of members."""

from datetime import UTC, datetime, time, timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone, translation

from feedback.groups.due import tell_late_tasks
from feedback.groups.glances import meetings_of, on_desk
from feedback.groups.models import GroupTask, Meeting
from feedback.groups.services import bring_in, let_go, take_step
from feedback.groups.tasks import tell_late_group_tasks
from feedback.groups.working import move_task, pass_task, take_meeting_step
from feedback.talks.ics import feed_key
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
from servicedesk.celery import app
from tests.factories.groups import at_work, meets, seat_of, tasked
from tests.factories.talks import planned

pytestmark = pytest.mark.django_db
LIST, API, DAY = "/feedback/groups/", "/api/v1/groups/tasks/", timedelta(days=1)


def mailed() -> list[tuple[str, str]]:
    """Who gets which news of the log now."""
    mail.outbox.clear()
    deliver("feedback.group_letters")
    send_waiting()
    return sorted((one.to[0].partition(".")[0], one.subject) for one in mail.outbox)


def late_task(company, group, **more) -> GroupTask:
    task = tasked(company, group, **more)
    GroupTask.objects.filter(pk=task.pk).update(due_on=timezone.localdate() - 2 * DAY)
    return task


def kinds(task: GroupTask) -> list[str]:
    return list(Event.objects.filter(data__task=task.pk).order_by("pk").values_list("kind", flat=True))


def test_a_task_is_passed_on_on_its_page_and_the_new_owner_is_told(company, as_browser):
    group = at_work(company)
    task, client = tasked(company, group), as_browser(company.requester)
    mailed()
    address = f"{LIST}tasks/{task.pk}/pass/"
    assert address in client.get(f"{LIST}{group.pk}/").content.decode()
    page = client.get(address).content.decode()
    chosen = f'value="{seat_of(group, company.requester).pk}" selected'
    assert ("List all sign-ins" in page, chosen in page) == (True, True)
    new = {"owner": seat_of(group, company.customer_head).pk, "due_on": task.due_on}
    assert client.post(address, new)["Location"] == f"{LIST}{group.pk}/"
    task.refresh_from_db()
    assert (task.owner.person, mailed()) == (
        company.customer_head, [("hanna", "A task in a joint group: List all sign-ins")],
    )  # fmt: skip
    assert client.post(address, new).status_code == 302
    assert kinds(task) == ["group.task_given", "group.task_passed"]


def test_passing_on_is_for_those_of_the_group_and_to_members_only(company, as_browser):
    group = at_work(company)
    task = tasked(company, group)
    seat = seat_of(group, company.customer_head)
    codes = {
        name: as_browser(getattr(company, name)).get(f"{LIST}tasks/{task.pk}/pass/").status_code
        for name in ("customer_head", "auditor", "stranger")
    }
    assert codes == {"customer_head": 200, "auditor": 403, "stranger": 404}
    with pytest.raises(NotAllowed):
        pass_task(by=company.stranger, task=task, owner=seat)
    let_go(by=company.customer_head, group=group, member=seat)
    with pytest.raises(WrongInput):
        pass_task(by=company.requester, task=task, owner=seat_of(group, company.customer_head))
    with pytest.raises(WrongInput):
        pass_task(by=company.requester, task=task, due_on=timezone.localdate() - DAY)
    kept = {"owner": "0", "due_on": "2020-01-01"}
    answer = as_browser(company.requester).post(f"{LIST}tasks/{task.pk}/pass/", kept)
    assert (answer.status_code, 'value="2020-01-01"' in answer.content.decode()) == (400, True)
    take_step(by=company.supplier_head, group=group, name="give_up", words="No time")
    with pytest.raises(IllegalMove):
        pass_task(by=company.requester, task=task, owner=seat_of(group, company.supplier_head))
    assert kinds(task) == ["group.task_given"]


def test_a_late_task_is_told_of_once_to_who_has_it_and_to_the_leaders(company):
    group = at_work(company)
    late, done = late_task(company, group), late_task(company, group, text="Done")
    tasked(company, group, text="In time")
    move_task(by=company.requester, task=done, state="done")
    ended = at_work(company, name="Ended")
    late_task(company, ended)
    take_step(by=company.supplier_head, group=ended, name="give_up", words="No time")
    mailed()
    assert (tell_late_tasks(), tell_late_tasks()) == (1, 0)
    assert mailed() == [
        ("rita", "Your task in a joint group is late: List all sign-ins"),
        ("sofia", "A task of your joint group is late: List all sign-ins"),
    ]  # fmt: skip
    assert kinds(late)[-1] == "group.task_late"
    assert "By whom: Rita Requester" in next(one.body for one in mail.outbox if one.to[0].startswith("sofia"))
    assert "feedback.tell_late_group_tasks" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_each_reads_it_in_their_own_language(company):
    group = at_work(company)
    company.requester.language, company.supplier_head.language = "ru", "zh-hans"
    company.requester.save()
    company.supplier_head.save()
    late_task(company, group)
    mailed()
    tell_late_group_tasks()
    told = dict(mailed())
    with translation.override("ru"):
        assert told["rita"] == f"{translation.gettext('Your task in a joint group is late')}: List all sign-ins"
    with translation.override("zh-hans"):
        assert told["sofia"] == f"{translation.gettext('A task of your joint group is late')}: List all sign-ins"
    assert len({*told.values(), "Your task in a joint group is late: List all sign-ins"}) == 3


def test_a_day_is_over_on_the_clocks_of_who_has_the_task(company):
    task = tasked(company, at_work(company))
    midnight = datetime.combine(task.due_on + DAY, time(0), UTC)
    for zone, hours in (("Pacific/Kiritimati", -14), ("America/Los_Angeles", 8), ("Europe/Berlin", -1)):
        company.requester.time_zone = zone
        company.requester.save()
        there = midnight + timedelta(hours=hours)
        with_a_minute_to_go = tell_late_tasks(now=there - timedelta(minutes=1))
        assert (zone, with_a_minute_to_go, tell_late_tasks(now=there)) == (zone, 0, 1)
        GroupTask.objects.update(late_told_at=None)


def test_a_task_that_was_put_off_is_told_of_anew_and_one_that_was_passed_on_is_not(company):
    group = at_work(company)
    task = late_task(company, group)
    assert tell_late_tasks() == 1
    pass_task(by=company.supplier_head, task=task, owner=seat_of(group, company.customer_head))
    assert tell_late_tasks() == 0
    mailed()
    soon = timezone.localdate() + DAY
    for _twice in range(2):
        pass_task(by=company.supplier_head, task=task, due_on=soon)
    assert mailed() == [("hanna", "Another day for your task in a joint group: List all sign-ins")]
    event = Event.objects.get(kind="group.task_put_off")
    assert (event.data["due_on"], event.data["before"]) == (str(soon), str(timezone.localdate() - 2 * DAY))
    assert (tell_late_tasks(), tell_late_tasks(now=timezone.now() + 4 * DAY)) == (0, 1)


def test_what_is_late_no_more_when_the_mail_is_written_is_not_mailed(company):
    group = at_work(company)
    put_off, passed, finished = (late_task(company, group, text=text) for text in ("Put off", "Passed", "Finished"))
    mailed()
    assert tell_late_tasks() == 3
    pass_task(by=company.requester, task=put_off, due_on=timezone.localdate() + DAY)
    pass_task(by=company.requester, task=passed, owner=seat_of(group, company.customer_head))
    move_task(by=company.requester, task=finished, state="done")
    assert mailed() == [
        ("hanna", "A task in a joint group: Passed"), ("sofia", "A task of your joint group is late: Passed"),
    ]  # fmt: skip


def test_my_desk_marks_what_is_late(company, as_browser):
    late_task(company, at_work(company))
    assert on_desk(company.requester).tasks[0].due_on < on_desk(company.requester).today
    assert "Overdue" in as_browser(company.requester).get("/").content.decode()


def test_over_the_api_a_task_gets_another_member_and_another_day(company, as_api):
    group = at_work(company)
    task, client, soon = tasked(company, group), as_api(company.requester), timezone.localdate() + 9 * DAY
    here = f"{API}{task.pk}/"
    moved = client.post(here, {"owner": company.customer_head.email.upper(), "due_on": str(soon)}).json()
    assert (moved["owner"], moved["due_on"], moved["state"]) == (company.customer_head.email, str(soon), "to_do")
    refused = [client.post(here, body) for body in ({}, {"owner": company.stranger.email}, {"due_on": "2020-01-01"})]
    assert [(one.status_code, *one.json()["errors"]) for one in refused] == [
        (400, "state"), (400, "owner"), (400, "due_on"),
    ]  # fmt: skip


def entries(person, client) -> dict[str, icalendar.Event]:
    answer = client.get(f"/feedback/talks/feed/{feed_key(person)}.ics")
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_feed_of_talks_tells_members_of_the_meetings_of_their_groups_also_of_those_called_off(company, client):
    group = at_work(company)
    meeting = meets(company, group, place="Room 2", starts_at=timezone.now() + DAY)
    talk = planned(company, people=[company.requester])
    uid = f"group-meeting-{meeting.pk}@servicedesk"
    found = entries(company.requester, client)
    assert set(found) == {uid, f"talk-{talk.pk}@servicedesk"}
    told = found[uid]
    assert (str(told["SUMMARY"]), str(told["LOCATION"]), str(told["STATUS"]), "ATTENDEE" in told) == (
        "One sign-in", "Room 2", "CONFIRMED", False,
    )  # fmt: skip
    assert told.decoded("DTSTART") == meeting.starts_at.replace(microsecond=0)
    take_meeting_step(by=company.supplier_head, meeting=meeting, name="cancel", reason="Fair week")
    found = entries(company.requester, client)
    assert (str(found[uid]["STATUS"]), int(found[uid]["SEQUENCE"])) == ("CANCELLED", 2)
    coming = group.meetings.get(state="planned")
    assert str(found[f"group-meeting-{coming.pk}@servicedesk"]["STATUS"]) == "CONFIRMED"
    assert "Fair week" not in str(found[uid].to_ical())


def test_the_feed_holds_nothing_of_groups_that_one_is_not_in_or_left_and_nothing_old(company, client):
    group = at_work(company)
    meeting = meets(company, group)
    assert [entries(person, client) for person in (company.stranger, company.executive, company.colleague)] == [{}] * 3
    bring_in(by=company.supplier_head, group=group, person=company.colleague, department=company.sales)
    assert meetings_of(company.colleague) == [meeting]
    let_go(by=company.colleague, group=group, member=seat_of(group, company.colleague))
    assert entries(company.colleague, client) == {}
    Meeting.objects.update(starts_at=timezone.now() - 93 * DAY)
    assert entries(company.requester, client) == {}
