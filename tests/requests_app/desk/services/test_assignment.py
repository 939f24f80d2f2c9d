"""Who works on it, how urgent it is, what it says."""

from datetime import timedelta

import pytest

from requests_app.agreements.services import set_matrix
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.services.assignment import assign_request, edit_request, reprioritise_request
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from tests.factories import close


def test_an_agent_takes_what_nobody_has(company, new_request):
    taken = assign_request(by=company.agent, service_request=new_request, assignee=company.agent)

    assert (taken.assignee, taken.status) == (company.agent, "new")
    assert Event.objects.get(kind="request.assigned").data == {
        "department": company.it.pk, "assignee": company.agent.pk, "before": None,
    }  # fmt: skip


def test_what_somebody_has_is_not_taken_away_by_an_equal(company, accepted_request):
    with pytest.raises(NotAllowed):
        assign_request(by=company.agent, service_request=accepted_request, assignee=company.agent)


def test_the_assigned_and_the_head_pass_it_to_an_agent_of_the_department(company, accepted_request):
    assign_request(by=company.assigned, service_request=accepted_request, assignee=company.agent)
    there = assign_request(by=company.supplier_head, service_request=accepted_request, assignee=None)

    assert there.assignee is None
    assert Event.objects.filter(kind="request.assigned").count() == 2


def test_giving_it_to_whom_it_has_changes_nothing(company, accepted_request):
    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.assigned)

    assert Event.objects.filter(kind="request.assigned").count() == 0


def test_only_agents_of_the_department_are_assigned(company, accepted_request):
    with pytest.raises(WrongInput) as refusal:
        assign_request(by=company.supplier_head, service_request=accepted_request, assignee=company.other_agent)
    assert list(refusal.value.errors) == ["assignee"]


def test_nobody_is_assigned_to_what_has_ended(company, new_request):
    ended = close(company, new_request)
    with pytest.raises(IllegalMove):
        assign_request(by=company.supplier_head, service_request=ended, assignee=company.agent)


def test_a_new_priority_is_measured_from_the_original_start(company, accepted_request):
    start = accepted_request.created_at

    there = reprioritise_request(
        by=company.agent, service_request=accepted_request, urgency=1, impact=2, reason="The shop stands still",
        at=start + timedelta(hours=2),
    )  # fmt: skip

    clock = Clock.objects.get(measure="resolution")
    assert (there.priority, there.stated_urgency) == (2, 3)
    assert clock.due_at == start + timedelta(hours=8)
    assert clock.seconds == 8 * 3600
    data = Event.objects.get(kind="request.reprioritised").data
    assert data["before"] == {"priority": 5, "urgency": 3, "impact": 3}
    assert data["after"] == {"priority": 2, "urgency": 1, "impact": 2}
    assert data["targets"]["resolution"]["seconds"] == 8 * 3600


def test_a_target_that_is_already_over_is_breached_by_the_sweep_not_healed(company, accepted_request):
    start = accepted_request.created_at
    clock = Clock.objects.get(measure="resolution")
    reprioritise_request(
        by=company.agent, service_request=accepted_request, urgency=3, impact=2, reason="Less urgent",
        at=start + timedelta(hours=81),
    )  # fmt: skip

    clock.refresh_from_db()
    assert clock.breached_at == start + timedelta(hours=80)
    assert Event.objects.get(kind="clock.breached").at == start + timedelta(hours=80)


def test_other_levels_of_the_same_priority_change_no_target(company, accepted_request):
    reprioritise_request(by=company.agent, service_request=accepted_request, urgency=2, impact=3, reason="x")
    reprioritise_request(by=company.agent, service_request=accepted_request, urgency=3, impact=2, reason="y")

    assert Event.objects.filter(kind="request.reprioritised").last().data["targets"] == {}


def test_a_supplier_with_a_matrix_of_its_own_is_asked_by_that(company, accepted_request):
    cells = {urgency: dict.fromkeys((1, 2, 3), 1) for urgency in (1, 2, 3)}
    set_matrix(by=company.supplier_head, cells=cells, department=company.it)

    there = reprioritise_request(by=company.agent, service_request=accepted_request, urgency=3, impact=3, reason="x")

    assert there.priority == 1


@pytest.mark.parametrize(
    ("urgency", "impact", "reason", "field"), [(0, 1, "x", "urgency"), (1, 4, "x", "urgency"), (1, 1, " ", "reason")]
)
def test_a_change_of_priority_needs_levels_and_a_reason(company, accepted_request, urgency, impact, reason, field):
    with pytest.raises(WrongInput) as refusal:
        reprioritise_request(
            by=company.agent, service_request=accepted_request, urgency=urgency, impact=impact, reason=reason
        )
    assert list(refusal.value.errors) == [field]


def test_what_has_ended_keeps_its_priority(company, new_request):
    ended = close(company, new_request)
    with pytest.raises(IllegalMove):
        reprioritise_request(by=company.agent, service_request=ended, urgency=1, impact=1, reason="x")


def test_priority_changes_also_without_clocks(company, accepted_request):
    Clock.objects.all().delete()
    reprioritise_request(by=company.agent, service_request=accepted_request, urgency=1, impact=1, reason="x")
    assert Event.objects.get(kind="request.reprioritised").data["targets"] == {}


def test_the_requester_mends_the_words_while_it_is_new(company, new_request):
    there = edit_request(by=company.requester, service_request=new_request, title="  A  better title ", description="d")

    assert (there.title, there.description) == ("A better title", "d")
    data = Event.objects.get(kind="request.edited").data
    assert data["before"] == {"title": "A laptop for the new colleague", "description": ""}
    assert data["after"] == {"title": "A better title", "description": "d"}


def test_two_editors_do_not_overwrite_each_other(company, new_request):
    edit_request(by=company.requester, service_request=new_request, title="One", description="", expected_version=1)
    with pytest.raises(StaleVersion):
        edit_request(by=company.requester, service_request=new_request, title="Two", description="", expected_version=1)
    assert ServiceRequest.objects.get().title == "One"
