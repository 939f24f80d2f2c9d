"""Talks over pages, over the API, in mail, in calendars and on paper."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.talks.ics import feed_key, feed_owner
from feedback.talks.letters import queue_letters, write_letter
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.services import change_series, take_step
from feedback.talks.writing import write_minutes
from metrics.charts.models import Chart, Signal
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.models import OutgoingMail
from tests.factories.actions import brought_to
from tests.factories.talks import arranged, begun, planned, task_at
from tests.factories.voices import said

BERLIN = ZoneInfo("Europe/Berlin")  # where the cast lives

pytestmark = pytest.mark.django_db
LIST, API = "/feedback/talks/", "/api/v1/meetings/"
HTMX = {"HX-Request": "true"}
TYPED = {
    "kind": "supplier", "department": "sales", "other": "it", "every_weeks": "2", "weekday": "3", "at_time": "14:30",
    "zone": "Europe/Berlin", "minutes": "30", "place": "Room 12",
}  # fmt: skip


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_head_arranges_talks_and_invites_people(company, as_browser):
    head = as_browser(company.customer_head)
    there = head.post(f"{LIST}new/", TYPED)["Location"]
    series = TalkSeries.objects.get()
    assert (there, series.supplier, series.customer, series.place) == (
        f"{LIST}series/{series.pk}/change/", company.it, company.sales, "Room 12",
    )  # fmt: skip
    page = head.get(there)
    values = {name: value for name, value in TYPED.items() if name not in ("kind", "department", "other")}
    typed = {
        **values,
        "people": [company.requester.pk],
        "is_active": "on",
        "version": page.context["form"]["version"].value(),
    }
    assert head.post(there, typed)["Location"] == f"{LIST}series/{series.pk}/"
    assert "Rita Requester" in text_of(as_browser(company.requester).get(f"{LIST}series/{series.pk}/"))
    stale = head.post(there, {**typed, "place": "Room 13"})
    assert (stale.status_code, "Room 12" in text_of(stale), series.people.count()) == (400, True, 1)


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    answer = as_browser(company.customer_head).post(f"{LIST}new/", {**TYPED, "weekday": "", "place": "Kept words"})
    assert (answer.status_code, "Kept words" in text_of(answer), TalkSeries.objects.count()) == (400, True, 0)
    assert as_browser(company.agent).get(f"{LIST}new/").status_code == 403


def test_from_the_agenda_to_what_was_settled(company, as_browser):
    said(company, "complaint", title="It took weeks")
    talk = planned(company, people=[company.requester])
    here = f"{LIST}{talk.pk}/"
    head, agent = as_browser(company.supplier_head), as_browser(company.agent)
    assert "It took weeks" in text_of(head.get(here))
    assert agent.post(f"{here}lines/own/", {"text": "The new printer"}).status_code == 302
    assert head.post(f"{here}steps/begin/")["Location"] == here
    assert "under way" in text_of(as_browser(company.customer_head).post(f"{here}steps/begin/", follow=True)).lower()
    agent.post(f"{here}minutes/supplier/", {"text": "We listened."})
    agent.post(f"{here}lines/decision/", {"text": "One list for both"})
    task = {
        "text": "Send the list",
        "owner": company.agent.pk,
        "due_on": timezone.localdate(timezone=BERLIN).isoformat(),
    }
    assert agent.post(f"{here}lines/task/", task).status_code == 302
    assert head.post(f"{here}lines/correction/", {"text": "Weeks without an answer"}).status_code == 302
    assert head.post(f"{here}steps/end/", {"present": [company.agent.pk], "version": "2"}).status_code == 302
    page = text_of(as_browser(company.customer_head).get(here))
    told = ["The new printer", "It took weeks", "We listened.", "One list for both", "Send the list", "Anton Agent"]
    assert [words for words in told if words in page] == told
    action = CorrectiveAction.objects.get()
    assert action.title == "Weeks without an answer"
    assert f'href="{here}"' in text_of(head.get(f"/feedback/actions/{action.pk}/"))
    assert [row.state for row in Talk.objects.order_by("pk")] == ["held", "planned"]


def test_a_refused_line_and_a_refused_step_keep_what_was_typed(company, as_browser):
    talk = begun(company)
    here, head = f"{LIST}{talk.pk}/", as_browser(company.supplier_head)
    answer = head.post(f"{here}lines/task/", {"text": "Kept words", "owner": company.agent.pk, "due_on": "2020-01-01"})
    assert (answer.status_code, "Kept words" in text_of(answer)) == (400, True)
    answer = head.post(f"{here}steps/cancel/", {"reason": "Kept words", "version": "1"})
    assert (answer.status_code, "Kept words" in text_of(answer)) == (400, True)
    take_step(by=company.supplier_head, talk=talk, name="end")
    answer = as_browser(company.agent).post(f"{here}lines/own/", {"text": "Kept words"})
    assert (answer.status_code, "Kept words" in text_of(answer)) == (400, True)
    assert head.post(f"{here}lines/overdue/", {"text": "x"}).status_code == 404
    assert head.post(f"{here}steps/dance/").status_code == 400


def test_minutes_of_two_typists_are_both_there_to_read(company, as_browser):
    talk = begun(company)
    here, agent = f"{LIST}{talk.pk}/", as_browser(company.agent)
    version = agent.get(here).context["forms"]["minutes_supplier"]["version"].value()
    as_browser(company.supplier_head).post(f"{here}minutes/supplier/", {"text": "Of the head", "version": version})
    answer = agent.post(f"{here}minutes/supplier/", {"text": "Of the agent", "version": version})
    assert (answer.status_code, "Of the head" in text_of(answer), "Of the agent" in text_of(answer)) == (
        400,
        True,
        True,
    )
    assert agent.post(f"{here}minutes/customer/", {"text": "x"}).status_code == 403
    assert agent.post(f"{here}minutes/nobody/", {"text": "x"}).status_code == 404


def test_my_desk_shows_talks_of_today_and_tasks_that_are_due(company, as_browser):
    talk = begun(company, people=[company.requester])
    Talk.objects.filter(pk=talk.pk).update(starts_at=timezone.now())
    task_at(company, talk)
    told = {
        name: [
            words
            for words in ("asks its customer", "Send the list of devices")
            if words in text_of(as_browser(getattr(company, name)).get("/"))
        ]
        for name in ("supplier_head", "requester", "agent", "colleague")
    }
    assert told == {
        "supplier_head": ["asks its customer"], "requester": ["asks its customer"],
        "agent": ["Send the list of devices"], "colleague": [],
    }  # fmt: skip
    item = TalkItem.objects.get(kind="task")
    assert as_browser(company.agent).post(f"{LIST}tasks/{item.pk}/done/").status_code == 302
    assert "Send the list of devices" not in text_of(as_browser(company.agent).get("/"))


def test_the_page_of_two_departments_names_their_talks(company, as_browser):
    talk = planned(company)
    page = text_of(as_browser(company.agent).get("/relations/it/sales/"))
    assert f"{LIST}{talk.pk}/" in page
    assert f"{LIST}new/?other=sales" in text_of(as_browser(company.supplier_head).get("/relations/it/sales/"))


def test_a_signal_on_a_chart_of_the_supplier_is_a_point(company, as_browser):
    chart = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time")
    this = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    Signal.objects.create(chart=chart, week=this - timedelta(weeks=2), rule=1, verdict="worse")
    Signal.objects.create(chart=chart, week=this - timedelta(weeks=1), rule=1, verdict="better")
    Signal.objects.create(chart=chart, week=this - timedelta(weeks=9), rule=1, verdict="worse")
    page = as_browser(company.customer_head).get(f"{LIST}{planned(company).pk}/").context["page"]
    assert [(line.kind, line.url) for line in page.agenda] == [
        ("signal", "/departments/it/charts/resolution_time/")
    ]  # fmt: skip
    assert day(this - timedelta(weeks=2)) in page.agenda[0].text


def test_a_signal_of_the_whole_and_of_the_pair_is_told_once_and_leads_to_the_chart_of_the_pair(company, as_browser):
    whole = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time")
    pair = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time", other=company.sales)
    week = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 7)
    for chart in (whole, pair):
        Signal.objects.create(chart=chart, week=week, rule=1, verdict="worse")
    Signal.objects.create(chart=whole, week=week - timedelta(weeks=1), rule=1, verdict="worse")
    client = as_browser(company.supplier_head)
    agenda = client.get(f"{LIST}{planned(company).pk}/").context["page"].agenda
    there = "/departments/it/charts/resolution_time/"
    assert [(line.url, "Sales" in line.text, "as a whole" in line.text) for line in agenda] == [
        (f"{there}?other=sales", True, False), (there, False, True),
    ]  # fmt: skip
    assert client.get(agenda[0].url).context["page"].other == company.sales


def test_a_page_says_that_a_talk_begun_before_its_day_moves(company, as_browser):
    talk, head = planned(company), as_browser(company.supplier_head)
    told = []
    for when in (timezone.now() + timedelta(days=3), timezone.now()):
        Talk.objects.filter(pk=talk.pk).update(starts_at=when)
        told.append("the talk moves to now" in text_of(head.get(f"{LIST}{talk.pk}/")))
    assert told == [True, False]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    talk = begun(company)
    for _ in range(rows):
        said(company, "complaint")
        brought_to(company, "done")
        task_at(company, talk)
    take_step(by=company.supplier_head, talk=talk, name="end")
    following = talk.series.talks.get(state="planned")
    for address, most in (
        (LIST, 10), (f"{LIST}series/{talk.series_id}/", 15), (f"{LIST}{talk.pk}/", 19), (f"{LIST}{following.pk}/", 28),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_over_the_api_a_talk_is_arranged_held_and_read(company, as_api):
    head, agent = as_api(company.supplier_head), as_api(company.agent)
    body = {
        "kind": "customer",
        "supplier": "it",
        "customer": "sales",
        "every_weeks": 1,
        "weekday": 1,
        "at_time": "10:00",
    }
    made = head.post(f"{API}series/", body)
    assert (made.status_code, made.json()["minutes"]) == (201, 30)
    one = f"{API}{made.json()['next']}/"
    assert head.post(f"{one}steps/", {"step": "begin"}, headers={"If-Match": '"7"'}).status_code == 412
    assert head.post(f"{one}steps/", {"step": "begin"}, headers={"If-Match": '"1"'}).json()["state"] == "begun"
    assert head.post(f"{one}steps/", {"step": "begin"}).status_code == 409
    line = agent.post(f"{one}lines/", {"kind": "decision", "text": "One list"})
    assert (line.status_code, line.json()["kind"]) == (201, "decision")
    notes = {"side": "supplier", "text": "We listened", "based_on": agent.get(one).json()["minutes"][1]["based_on"]}
    assert agent.put(f"{one}minutes/", notes).status_code == 200
    assert agent.put(f"{one}minutes/", {**notes, "text": "Again"}).status_code == 412
    done = head.post(f"{one}steps/", {"step": "end", "present": ["anton.agent@example.test"]}).json()
    assert (done["state"], done["present"], [row["text"] for row in done["lines"]]) == (
        "held", ["anton.agent@example.test"], ["One list"],
    )  # fmt: skip
    assert as_api(company.stranger).get(one).status_code == 404
    assert [row["state"] for row in agent.get(API).json()["results"]] == ["planned", "held"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "task", "text": "x", "owner": "nobody@example.test", "due_on": "2099-01-01"}, "owner"),
        ({"kind": "task", "text": "x", "owner": "anton.agent@example.test"}, "due_on"),
        ({"kind": "overdue", "text": "x"}, "kind"),
        ({"kind": "decision"}, "text"),
    ],
    ids=["owner", "due", "kind", "text"],
)
def test_what_is_wrong_with_a_line_is_named(company, as_api, body, field):
    answer = as_api(company.agent).post(f"{API}{begun(company).pk}/lines/", body)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)


def test_an_invitation_goes_to_heads_and_invited_with_its_calendar_entry(company):
    talk = planned(company, people=[company.requester])
    queue_letters(list(Event.objects.filter(kind="meeting.planned")))
    queue_letters(list(Event.objects.filter(kind="meeting.planned")))
    mails = OutgoingMail.objects.filter(kind="meeting.planned").select_related("person")
    assert {mail.person for mail in mails} == {company.supplier_head, company.customer_head, company.requester}
    letter = write_letter(mails[0])
    name, content, _type = letter.files[0]
    event = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    assert (name, event["UID"], event.decoded("DTSTART")) == ("talk.ics", f"talk-{talk.pk}@servicedesk", talk.starts_at)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=30)


def test_who_is_invited_later_is_asked_to_the_talk_that_is_planned(company):
    talk = planned(company)
    change_series(by=company.supplier_head, series=talk.series, people=[company.requester])
    queue_letters(list(Event.objects.filter(kind="meeting.changed")))
    mail = OutgoingMail.objects.select_related("person").get(kind="meeting.changed")
    assert (mail.person, len(write_letter(mail).files)) == (company.requester, 1)


def test_news_that_is_none_any_more_is_not_sent(company):
    talk = planned(company)
    queue_letters(list(Event.objects.filter(kind="meeting.planned")))
    mail = OutgoingMail.objects.filter(kind="meeting.planned").first()
    take_step(by=company.supplier_head, talk=talk, name="shift", starts_at=talk.starts_at + timedelta(days=1))
    assert write_letter(mail) is None


def test_what_was_settled_and_the_task_are_mailed(company):
    talk = begun(company)
    task_at(company, talk)
    take_step(by=company.supplier_head, talk=talk, name="end")
    queue_letters(list(Event.objects.filter(kind__in=["meeting.noted", "meeting.held"])))
    mails = {mail.kind: mail for mail in OutgoingMail.objects.select_related("person")}
    assert (mails["meeting.noted"].person, mails["meeting.held"].person) == (company.agent, company.customer_head)
    assert "Send the list of devices" in write_letter(mails["meeting.noted"]).subject
    assert "Task: Send the list of devices" in write_letter(mails["meeting.held"]).paragraphs


def test_the_feed_is_read_by_its_link_alone_and_a_new_password_makes_a_new_one(company, client):
    talk = planned(company)
    key = feed_key(company.supplier_head)
    answer = client.get(f"{LIST}feed/{key}.ics")
    assert (answer.status_code, f"talk-{talk.pk}@servicedesk" in text_of(answer)) == (200, True)
    assert f"talk-{talk.pk}@" not in text_of(client.get(f"{LIST}feed/{feed_key(company.requester)}.ics"))
    company.supplier_head.set_password("another long password")
    company.supplier_head.save()
    for wrong in (key, "1-x", "x", "99999-" + "0" * 64):
        assert client.get(f"{LIST}feed/{wrong}.ics").status_code == 404
    assert feed_owner("9" * 20 + "-x") is None


def test_minutes_are_printed_and_one_talk_is_taken_into_the_calendar(company, as_browser):
    talk = begun(company)
    task_at(company, talk)
    said(company, "complaint")
    write_minutes(by=company.agent, talk=talk, side="supplier", text="# We *listened*.\n\n$ Then we wrote $")
    agent = as_browser(company.agent)
    assert agent.get(f"{LIST}{talk.pk}/pdf/").content.startswith(b"%PDF")
    assert "BEGIN:VEVENT" in text_of(agent.get(f"{LIST}{talk.pk}/ics/"))
    assert as_browser(company.stranger).get(f"{LIST}{talk.pk}/pdf/").status_code == 404


def test_a_series_at_will_is_planned_on_its_page(company, as_browser):
    series = arranged(company, every_weeks=0)
    there, head = f"{LIST}series/{series.pk}/", as_browser(company.customer_head)
    assert "Plan the next talk" in text_of(head.get(there))
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert head.post(f"{there}plan/", {"starts_at": f"{soon}T09:15"}).status_code == 302
    talk = series.talks.get()
    assert talk.starts_at.astimezone(timezone.get_default_timezone()).strftime("%H:%M") is not None
    refused = head.post(f"{there}plan/", {"starts_at": "1066-10-14T09:00"})
    assert refused.status_code == 400
