"""A step of escalation opens the corrective action: once, for the right pair, through the log."""

from datetime import timedelta

import pytest
from django.core import mail

from feedback.actions.escalation import open_after
from feedback.actions.models import CorrectiveAction
from requests_app.agreements.negotiation import services as negotiation
from requests_app.agreements.states import Escalation
from requests_app.agreements.terms import Terms
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.messaging.services import send_waiting
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
TERMS = Terms(
    targets={"response": dict.fromkeys(range(1, 6), 3600), "resolution": dict.fromkeys(range(1, 6), 7200)},
    escalations=(Escalation(100, "resolution", "corrective_action"), Escalation(120, "response", "corrective_action")),
)


@pytest.fixture
def late_request(company):
    """Filed under an agreement whose targets have run out, with both steps of it."""
    draft = negotiation.draft_agreement(
        by=company.supplier_head, customer=company.sales, supplier=company.it, terms=TERMS, service=None
    )
    negotiation.sign_agreement(
        by=company.customer_head, agreement=negotiation.propose_agreement(by=company.supplier_head, agreement=draft)
    )
    row = file_laptop(company)
    sweep_clocks(row.created_at + timedelta(hours=9))
    return row


def test_two_steps_of_one_request_open_one_action_between_its_departments(company, late_request):
    assert Event.objects.filter(kind="clock.escalated").count() == 2
    deliver("feedback.actions")
    deliver("feedback.actions")

    action = CorrectiveAction.objects.get()
    assert (action.supplier, action.customer, action.service) == (company.it, company.sales, company.laptop)
    assert (action.source_kind, action.source_id, action.opened_by) == ("escalation", late_request.pk, None)
    assert late_request.number in action.title
    assert late_request.title not in action.title
    assert Event.objects.filter(kind="action.opened").count() == 1


def test_heard_again_and_in_another_order_it_stays_one(company, late_request):
    events = list(Event.objects.filter(kind="clock.escalated"))
    open_after(events)
    open_after(events[::-1])
    assert CorrectiveAction.objects.count() == 1


def test_other_steps_open_nothing(company, late_request):
    events = list(Event.objects.filter(kind="clock.escalated"))
    for event in events:
        event.data["step"] = "notify"
    open_after(events)
    assert CorrectiveAction.objects.count() == 0


def test_inside_one_department_nobody_could_confirm_so_none_is_opened(company, late_request):
    type(late_request).objects.update(customer=company.it)
    open_after(list(Event.objects.filter(kind="clock.escalated")))
    assert CorrectiveAction.objects.count() == 0


def test_the_step_is_agreed_on_over_the_api_like_any_other(company, as_api):
    step = {"percent": 150, "measure": "resolution", "step": "corrective_action"}
    body = {"supplier": "it", "customer": "sales", "targets": {"resolution": {"1": 3600}}, "escalations": [step]}
    answer = as_api(company.supplier_head).post("/api/v1/agreements/", body)
    assert (answer.status_code, answer.json()["escalations"]) == (201, [step])


def test_whoever_works_on_it_is_told_that_one_is_opened(company, late_request):
    deliver("messaging.notices")
    send_waiting()
    assert any("A corrective action is opened for it, as agreed." in sent.body for sent in mail.outbox)
