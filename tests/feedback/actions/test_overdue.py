"""Late at every step: by which day, who is told how often, and that lists, board and dashboards count the same."""

import re
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from feedback.actions.due import tell_what_is_due
from feedback.actions.models import CorrectiveAction
from feedback.actions.selectors import actions_for, lines_of, of_department, waiting_for
from feedback.actions.states import step_due_on
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from tests.factories.actions import STEPS, brought_to, cause_of, opened, take

pytestmark = pytest.mark.django_db
HEAD, OWNER, CUSTOMER = "Sofia Supplier", "Ansel Assigned", "Hanna Head"
DAYS = {"open": 3, "contained": 14, "analysed": 7, "planned": 7, "done": 14, "verified": 30}


def late(company, state: str, days: int = 1, **more) -> CorrectiveAction:
    """An action whose step in this state should have been taken so many days ago."""
    action = brought_to(company, state, **more)
    day = timezone.localdate() - timedelta(days=days)
    field = {"planned": {"due_on": day}, "verified": {"check_on": day}}.get(state, {})
    CorrectiveAction.objects.filter(pk=action.pk).update(next_due_on=day, **field)
    action.refresh_from_db()
    return action


def told() -> list[str]:
    """To whom it is mailed that something is late."""
    deliver("feedback.action_letters")
    rows = OutgoingMail.objects.filter(kind="action.overdue", state="queued")
    found = sorted(rows.values_list("person__name", flat=True))
    send_waiting()
    return found


@pytest.mark.parametrize("state", STEPS)
def test_every_step_has_its_day(company, state):
    action = brought_to(company, state)
    assert action.next_due_on - timezone.localdate() == timedelta(days=DAYS[state])


def test_days_of_steps_are_a_setting_and_what_ended_has_none(company):
    today = timezone.localdate()
    with override_settings(ACTION_DAYS={"open": 1, "contained": 2, "analysed": 3, "done": 4}):
        found = {state: step_due_on(state, today) for state in ("open", "contained", "analysed", "done")}
    assert [(day - today).days for day in found.values()] == [1, 2, 3, 4]
    assert take(company, opened(company), "cancel").next_due_on is None


def test_saying_the_cause_anew_gives_no_more_time(company):
    action = late(company, "analysed")
    assert take(company, action, "analyse").next_due_on == action.next_due_on


FIRST = {
    "open": [HEAD], "contained": [HEAD], "analysed": [HEAD], "planned": [OWNER, CUSTOMER, HEAD], "done": [CUSTOMER],
    "verified": [],
}  # fmt: skip


@pytest.mark.parametrize("state", STEPS)
def test_first_whoever_has_the_step_is_told_then_both_sides_each_level_once(company, state):
    action = late(company, state)
    found = []
    for days in (0, 0, 7, 7, 30, 90):
        tell_what_is_due(today=action.next_due_on + timedelta(days=days + 1))
        found.append(told())
    both = [OWNER, CUSTOMER, HEAD] if state == "planned" else [CUSTOMER, HEAD]
    assert found == [FIRST[state], [], both, [], both, []]
    levels = [event.data["level"] for event in Event.objects.filter(kind="action.overdue").order_by("pk")]
    assert levels == ([2, 3] if state == "verified" else [1, 2, 3])  # that the day of the check came was told then


def test_the_next_step_is_told_anew(company):
    action = late(company, "open", 40)
    assert tell_what_is_due() == (1, 0)
    take(company, action, "contain")
    day = timezone.localdate() + timedelta(days=15)
    assert [tell_what_is_due(today=day), tell_what_is_due(today=day)] == [(1, 0), (0, 0)]


def test_lists_board_desk_and_dashboards_call_the_same_late(company, as_browser):
    for state in STEPS:
        late(company, state, title=f"Late at {state}")
        brought_to(company, state, title=f"In time at {state}", cause=cause_of(state))
    head = company.supplier_head
    names = sorted(f"Late at {state}" for state in STEPS)
    assert sorted(line.action.title for line in lines_of(actions_for(head)) if line.late) == names
    assert sorted(row.title for row in actions_for(head, late=True)) == names

    block = of_department(head, company.it, "supplier")
    assert (block.open, block.late, {line.late for line in block.rows}) == (12, 6, {True})
    page = as_browser(head)
    dashboard = page.get("/departments/it/as-supplier/").content.decode()
    for number, address in re.findall(r'href="(/feedback/actions/[^"]*)" data-count="(\d+)"', dashboard):
        listed = page.get(number.replace("&amp;", "&")).content.decode()
        assert listed.count("<tr data-row>") == int(address)
    assert page.get("/feedback/actions/board/?late=yes").content.decode().count("<li data-row>") == 6
    waiting = waiting_for(company.customer_head)
    assert [line.action.title for line in waiting if line.late] == ["Late at done", "Late at verified"]


def test_the_api_says_what_is_late_and_by_which_day(company, as_api):
    opened(company, title="In time")
    action = late(company, "done")
    rows = as_api(company.customer_head).get("/api/v1/corrective-actions/?late=yes").json()["results"]
    assert [(row["id"], row["late"], row["next_due_on"]) for row in rows] == [
        (action.pk, True, action.next_due_on.isoformat())
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "To be contained by"), ("planned", "To be done by"), ("done", "To be confirmed by"),
     ("verified", "To be looked at again")],
)  # fmt: skip
def test_a_list_says_what_its_day_means(company, as_browser, state, words):
    action = brought_to(company, state)
    line = lines_of(actions_for(company.supplier_head))[0]
    assert (line.day_words, line.day) == (words, action.next_due_on)
    assert words in as_browser(company.supplier_head).get("/feedback/actions/").content.decode()


def test_what_has_ended_shows_when_that_was(company):
    action = take(company, opened(company), "cancel")
    line = lines_of(actions_for(company.supplier_head, ended=True))[0]
    assert (line.day_words, line.day, line.late) == ("Ended", timezone.localdate(action.ended_at), False)
