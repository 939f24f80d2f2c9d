"""The buttons: at most two in the box, the rest in the menu, and nothing that would be refused."""

import pytest

from requests_app.desk import policies
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.steps import steps_of
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request


def steps(person, service_request):
    row = ServiceRequest.objects.select_related("service").get(pk=service_request.pk)
    handoff = policies.pending_handoff(row)
    if handoff:
        handoff.service_request = row
    found = steps_of(person, row, handoff)
    return [step.code for step in found.box], [step.code for step in found.menu], found.answer


# who → status → (box, menu)
EXPECTED = {
    "requester": {
        "new": ([], ["priority", "edit", "cancel"]),
        "accepted": ([], ["cancel"]),
        "in_progress": ([], ["cancel"]),
        "delivered": (["confirm", "reject"], []),
        "closed": (["reopen"], []),
    },
    "assigned": {
        "new": (["accept"], ["take", "priority"]),
        "accepted": (["deliver", "start"], ["assign", "handoff", "priority", "decline", "hold"]),
        "in_progress": (["deliver"], ["assign", "handoff", "priority", "hold"]),
        "delivered": ([], ["assign", "priority"]),
        "closed": ([], []),
    },
    "supplier_head": {
        "new": (["accept", "decline"], ["take", "assign", "handoff", "priority"]),
        "closed": (["reopen"], []),
    },
    "colleague": {"new": ([], []), "delivered": ([], []), "closed": ([], [])},
}


@pytest.mark.parametrize(
    ("who", "status"), [(who, status) for who, statuses in EXPECTED.items() for status in statuses]
)
def test_each_reader_gets_the_steps_that_are_theirs(company, new_request, who, status):
    for action in {"accepted": ["accept"], "in_progress": ["accept", "start"], "delivered": ["accept", "deliver"],
                   "closed": ["accept", "deliver", "confirm"]}.get(status, []):  # fmt: skip
        by = company.requester if action == "confirm" else company.assigned
        move_request(by=by, service_request=new_request, action=action)

    box, menu, answer = steps(getattr(company, who), new_request)

    assert (box, menu, answer) == (*EXPECTED[who][status], False)


def test_the_first_button_is_the_primary_one_and_leads_where_it_says(company, delivered_request):
    confirm, reject = steps_of(company.requester, delivered_request, None).box

    assert (confirm.words, confirm.opens, confirm.primary) == ("Accept delivery", False, True)
    assert (reject.words, reject.opens, reject.primary) == ("What would put it right?", True, False)
    assert confirm.url == f"/requests/{delivered_request.number}/moves/confirm/"


def test_whoever_is_asked_answers(company, accepted_request):
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="customer")
    )

    assert steps(company.requester, accepted_request) == ([], ["cancel"], True)
    assert steps(company.customer_head, accepted_request) == ([], ["cancel"], False)
    assert steps(company.assigned, accepted_request)[0] == ["resume"]


def test_an_offer_is_answered_there_and_taken_back_here(company, accepted_request):
    offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")

    assert steps(company.other_agent, accepted_request) == (["accept", "decline"], [], False)
    assert steps(company.requester, accepted_request) == ([], ["cancel"], False)
    box, menu, _answer = steps(company.assigned, accepted_request)
    assert box == ["withdraw"]
    assert menu == ["assign", "priority", "deliver", "start", "decline", "hold"]
