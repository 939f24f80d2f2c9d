"""What is told of improvement plans, once, and what waits on my desk; actions that are said otherwise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.improvement import services
from metrics.improvement.due import tell_what_is_due
from metrics.improvement.letters import queue_letters, write_letter
from metrics.improvement.models import ImprovementAction
from metrics.improvement.tasks import recount_improvements
from metrics.improvement.waiting import waiting_for
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.kernel.formats import day
from requests_app.messaging.models import OutgoingMail
from tests.factories.improvements import measured, planned, running

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=10)
LATER = DAY + timedelta(days=7)


def action_of(company, row, **more) -> ImprovementAction:
    values = {"what": "Draw it up", "owner": company.agent, "due_on": timezone.localdate() - timedelta(days=1)} | more
    return services.add_action(by=company.supplier_head, improvement=row, **values)


def told(kind: str) -> dict[int, str | None]:
    """Who gets mail of this kind, and its subject."""
    queue_letters(list(Event.objects.filter(kind=kind)))
    rows = OutgoingMail.objects.filter(kind=kind).select_related("person")
    return {row.person_id: (letter.subject if (letter := write_letter(row)) else None) for row in rows}


def test_heads_are_told_once_that_there_are_weeks_enough_and_it_waits_until_it_is_judged(company):
    row = measured(company)
    assert [tell_what_is_due() for _time in range(2)] == [(1, 0), (0, 0)]
    assert told("improvement.ripe") == {company.supplier_head.pk: "Ready to be judged: Second-level rota"}
    assert [plan.pk for plan in waiting_for(company.supplier_head).plans] == [row.pk]
    assert waiting_for(company.agent).count == 0

    services.take_move(by=company.supplier_head, improvement=row, name="judge", note="It was the rota.")
    assert waiting_for(company.supplier_head).count == 0
    assert told("improvement.ripe") == {company.supplier_head.pk: None}


def test_nothing_is_told_of_what_is_too_early(company):
    running(company)
    assert tell_what_is_due() == (0, 0)


def test_a_late_action_is_told_once_to_its_owner_and_the_heads_and_anew_after_another_day(company):
    action = action_of(company, planned(company))
    assert [tell_what_is_due() for _time in range(2)] == [(0, 1), (0, 0)]
    readers = {company.agent.pk, company.supplier_head.pk}
    assert told("improvement.action_late") == dict.fromkeys(readers, "Overdue: Draw it up")

    later, same = timezone.localdate(), {"what": "Draw it up", "owner": company.agent}
    services.change_action(by=company.supplier_head, action=action, due_on=later, **same)
    assert tell_what_is_due() == (0, 0)
    assert tell_what_is_due(today=later + timedelta(days=1)) == (0, 1)


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_what_is_done_or_given_up_is_not_late_and_waits_for_nobody(company, end):
    row = planned(company)
    action = action_of(company, row)
    assert [(task.action.pk, task.late) for task in waiting_for(company.agent).tasks] == [(action.pk, True)]
    if end == "done":
        services.finish_action(by=company.agent, action=action)
    else:
        services.take_move(by=company.supplier_head, improvement=row, name="cancel", note="No money")
    assert (tell_what_is_due(), waiting_for(company.agent).count) == ((0, 0), 0)


def test_the_daily_task_tells_it(company):
    action_of(company, planned(company))
    recount_improvements()
    assert Event.objects.filter(kind="improvement.action_late").count() == 1


def test_who_carries_it_out_says_that_it_is_done_and_nobody_else(company):
    action = action_of(company, planned(company), owner=company.assigned)
    with pytest.raises(NotAllowed):
        services.finish_action(by=company.agent, action=action)
    assert services.finish_action(by=company.assigned, action=action).done_on == timezone.localdate()


def test_an_action_is_said_otherwise_and_the_page_tells_what_it_was(company, as_browser):
    row = planned(company)
    action = action_of(company, row, due_on=DAY)
    head, path = as_browser(company.supplier_head), f"/improvements/{row.pk}/actions/{action.pk}/change/"
    assert f'value="{DAY}"' in head.get(path).content.decode()
    form = {"what": "Draw it in two colours", "owner": company.assigned.pk, "due_on": LATER.isoformat()}
    assert head.post(path, form)["Location"] == f"/improvements/{row.pk}/"

    page = head.get(f"/improvements/{row.pk}/").content.decode()
    assert "Draw it up → Draw it in two colours" in page
    assert f"{day(DAY)} → {day(LATER)}" in page
    assert f"{company.agent.name} → {company.assigned.name}" in page
    assert as_browser(company.agent).post(path, form).status_code == 403
    assert head.post(path, form | {"what": " "}).status_code == 400


def test_what_is_done_is_not_changed_and_the_same_is_no_change(company):
    action = action_of(company, planned(company))
    same = {"what": action.what, "owner": action.owner, "due_on": action.due_on}
    before = Event.objects.count()
    services.change_action(by=company.supplier_head, action=action, **same)
    assert Event.objects.count() == before
    with pytest.raises(WrongInput) as wrong:
        services.change_action(
            by=company.supplier_head, action=action, **same | {"owner": company.stranger, "what": ""}
        )
    assert sorted(wrong.value.errors) == ["owner", "what"]
    services.finish_action(by=company.supplier_head, action=action)
    with pytest.raises(IllegalMove):
        services.change_action(by=company.supplier_head, action=action, **same)


def test_over_the_api_one_part_is_changed_and_the_rest_stays(company, as_api):
    action = action_of(company, planned(company))
    path = f"/api/v1/improvements/{action.improvement_id}/actions/{action.pk}/"
    found = as_api(company.supplier_head).patch(path, {"due_on": LATER.isoformat()}).json()["actions"][0]
    assert (found["what"], found["owner"], found["due_on"]) == ("Draw it up", company.agent.email, LATER.isoformat())


def test_both_wait_on_my_desk(company, as_browser):
    action_of(company, measured(company), owner=company.supplier_head)
    page = as_browser(company.supplier_head).get("/").content.decode()
    assert ("There are weeks enough: you judge what it came to." in page, "Draw it up" in page) == (True, True)
    assert waiting_for(company.supplier_head).count == 2
