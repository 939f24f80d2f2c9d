"""Two at once on the same request: one waits, looks again, and is answered in words, never with a crash."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Escalation
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.models import Event
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


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_write_every_alarm_and_take_every_step_once():
    company = build_company()
    steps = (Escalation(50, "resolution", "notify"), Escalation(90, "resolution", "raise_priority"))
    set_targets(by=None, supplier=company.it, targets={"resolution": {2: 3600, 3: 3600}}, escalations=steps)
    rows = [file_laptop(company, urgency=1, impact=3) for _number in range(10)]
    later = timezone.now() + timedelta(days=3)

    def sweep():
        try:
            sweep_clocks(later)
        finally:
            connection.close()

    sweepers = [threading.Thread(target=sweep) for _number in range(3)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()

    found = Event.objects.filter(kind__startswith="clock.", data__measure="resolution")
    told = Counter(found.values_list("subject_id", "kind", "data__step"))
    assert told == Counter({
        (row.pk, kind, step): 1
        for row in rows
        for kind, step in [("clock.warned", None), ("clock.breached", None),
                           ("clock.escalated", "notify"), ("clock.escalated", "raise_priority")]
    })  # fmt: skip
