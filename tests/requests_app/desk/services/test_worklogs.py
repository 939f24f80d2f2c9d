"""Logging work: who may, what is refused, and that nothing is ever changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from requests_app.desk.models import ServiceRequest, WorkLog
from requests_app.desk.selectors.worklogs import work_on
from requests_app.desk.services.worklogs import correct_work, log_work
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput


def told() -> list[int]:
    return [event.data["seconds"] for event in Event.objects.filter(kind="work.logged").order_by("pk")]


def test_work_is_logged_for_the_department_that_holds_the_request(company, new_request):
    log = log_work(by=company.agent, service_request=new_request, minutes=45, note="Set up")

    assert (log.department, log.person, log.seconds) == (company.it, company.agent, 2700)
    event = Event.objects.get(kind="work.logged")
    assert event.data == {
        "department": company.it.pk, "person": company.agent.pk, "seconds": 2700, "day": log.day.isoformat(),
        "log": log.pk,
    }  # fmt: skip
    assert ServiceRequest.objects.get().version == new_request.version


def test_a_correction_is_a_row_of_its_own_and_the_log_adds_up(company, new_request):
    log = log_work(by=company.agent, service_request=new_request, minutes=60)
    correct_work(by=company.agent, log=log, minutes=20)
    correct_work(by=company.supplier_head, log=log, minutes=50)

    (row,) = work_on(company.agent, new_request).rows
    assert (row.minutes, row.corrected, row.may_correct) == (50, True, True)
    assert told() == [3600, -2400, 1800]


def test_taken_back_it_is_gone_from_the_list_and_twice_changes_nothing(company, new_request):
    log = log_work(by=company.agent, service_request=new_request, minutes=60)
    correct_work(by=company.agent, log=log, minutes=0)

    assert correct_work(by=company.agent, log=log, minutes=0) is None
    assert work_on(company.agent, new_request).rows == []
    assert told() == [3600, -3600]


@pytest.mark.parametrize("who", ["requester", "customer_head", "admin"])
def test_the_asking_side_and_administrators_log_nothing(company, new_request, who):
    with pytest.raises(NotAllowed):
        log_work(by=getattr(company, who), service_request=new_request, minutes=5)
    assert told() == []


def test_nobody_but_the_worker_and_the_head_corrects(company, new_request):
    log = log_work(by=company.supplier_head, service_request=new_request, minutes=5)
    with pytest.raises(NotAllowed):
        correct_work(by=company.agent, log=log, minutes=0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"day": timezone.now().date() + timedelta(days=3)}, "day"),
        ({"day": timezone.now().date() - timedelta(days=3)}, "day"),
        ({"note": "x" * 201}, "note"),
        ({"note": "\x00"}, "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(company, new_request, wrong, field):
    with pytest.raises(WrongInput) as refused:
        log_work(by=company.agent, service_request=new_request, **({"minutes": 5} | wrong))
    assert list(refused.value.errors) == [field]


def test_rows_are_never_changed(company, new_request):
    log_work(by=company.agent, service_request=new_request, minutes=5)
    for change in (lambda: WorkLog.objects.update(note="other"), lambda: WorkLog.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
