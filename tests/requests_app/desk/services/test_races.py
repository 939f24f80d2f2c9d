"""Two at once on the same request: one waits, looks again, and is answered in words, never with a crash."""

import threading

import pytest
from django.db import connection, transaction

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import move_request
from requests_app.kernel.errors import DomainError
from tests.factories import accept, build_company, file_laptop


@pytest.mark.django_db(transaction=True)
def test_a_move_that_waits_for_a_handoff_sees_the_new_owner():
    company = build_company()
    service_request = accept(company, file_laptop(company))
    handoff = offer_handoff(
        by=company.assigned, service_request=service_request, to=company.facilities, reason="It is a door."
    )
    answers: list[str] = []

    def start_work():
        try:
            move_request(by=company.assigned, service_request=service_request, action="start")
            answers.append("moved")
        except DomainError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    waiting = threading.Thread(target=start_work)
    with transaction.atomic():
        accept_handoff(by=company.other_agent, handoff=handoff)
        waiting.start()
        waiting.join(timeout=0.5)
    waiting.join()

    assert answers == ["not_allowed"]
    assert ServiceRequest.objects.get().supplier == company.facilities
