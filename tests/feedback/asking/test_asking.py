"""The supplier says how it was asked: who may, once, never about the own department; and what comes of it."""

import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from feedback.asking.models import AskingRating
from feedback.asking.policies import Refusal, refusal
from feedback.asking.selectors import on_request
from feedback.asking.services import rate_asking
from feedback.asking.states import Asking
from metrics.facts.models import RequestFact
from metrics.facts.services import refresh_facts
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.org.models import Membership, Person
from tests.factories import build_company, deliver, file_laptop

pytestmark = pytest.mark.django_db
GOOD = Asking(complete=True, in_time=True, right_place=True)
LATE = Asking(complete=True, in_time=False, right_place=True, note="A day earlier, please.")


def test_whoever_worked_on_it_says_it_once_and_the_log_knows(company, delivered_request):
    found = rate_asking(by=company.assigned, service_request=delivered_request, asking=LATE)

    assert (found.supplier, found.customer, found.in_time) == (company.it, company.sales, False)
    event = Event.objects.get(kind="asking.rated")
    assert (event.subject_id, event.actor_id) == (delivered_request.pk, company.assigned.pk)
    assert event.data == {
        "asking": found.pk, "complete": True, "in_time": False, "right_place": True, "person": company.assigned.pk,
        "customer": company.sales.pk, "supplier": company.it.pk, "department": company.it.pk,
    }  # fmt: skip


def test_a_second_word_never_replaces_the_first_whoever_says_it(company, delivered_request):
    rate_asking(by=company.assigned, service_request=delivered_request, asking=LATE)
    with pytest.raises(IllegalMove, match="has been said already"):
        rate_asking(by=company.assigned, service_request=delivered_request, asking=GOOD)
    assert AskingRating.objects.get().in_time is False


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("assigned", None), ("agent", Refusal.NOT_WORKED), ("supplier_head", Refusal.NOT_WORKED),
        ("requester", Refusal.NOT_SUPPLIER), ("customer_head", Refusal.NOT_SUPPLIER),
        ("other_agent", Refusal.NOT_SUPPLIER), ("admin", Refusal.NOT_SUPPLIER),
    ],
)  # fmt: skip
def test_only_people_of_the_supplier_who_handled_it_say_it(company, delivered_request, who, expected):
    now = timezone.now()
    assert refusal(getattr(company, who), delivered_request, taken=False, now=now) == expected


def test_nobody_rates_the_asking_of_their_own_department(company, delivered_request):
    Membership.objects.create(person=company.assigned, department=company.sales, role="member")
    by = Person.objects.get(pk=company.assigned.pk)
    with pytest.raises(NotAllowed, match="own department"):
        rate_asking(by=by, service_request=delivered_request, asking=GOOD)


def test_before_the_delivery_and_30_days_after_it_is_not_said(company, accepted_request):
    with pytest.raises(IllegalMove, match="once it is delivered"):
        rate_asking(by=company.assigned, service_request=accepted_request, asking=GOOD)
    row = deliver(company, accepted_request)
    end = row.delivered_at + timedelta(days=30)
    assert refusal(company.assigned, row, taken=False, now=end - timedelta(microseconds=1)) is None
    with pytest.raises(IllegalMove, match="are over"):
        rate_asking(by=company.assigned, service_request=row, asking=GOOD, now=end)


def test_a_note_that_is_too_long_is_named(company, delivered_request):
    with pytest.raises(WrongInput) as error:
        rate_asking(by=company.assigned, service_request=delivered_request, asking=Asking(True, True, True, "x" * 1001))
    assert list(error.value.errors) == ["note"]


def test_what_was_said_cannot_be_changed_in_the_database(company, delivered_request):
    rate_asking(by=company.assigned, service_request=delivered_request, asking=LATE)
    for change in (lambda rows: rows.update(in_time=True), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(AskingRating.objects.all())


def test_both_sides_read_it_and_nobody_else(company, delivered_request):
    rate_asking(by=company.assigned, service_request=delivered_request, asking=LATE)
    readers = {
        name
        for name in (
            "requester",
            "customer_head",
            "colleague",
            "agent",
            "supplier_head",
            "other_head",
            "admin",
            "auditor",
        )
        if AskingRating.objects.visible_to(getattr(company, name)).exists()
    }
    assert readers == {"requester", "customer_head", "agent", "supplier_head"}


def test_the_facts_hold_it_and_the_request_page_asks_for_it(company, delivered_request):
    assert on_request(company.assigned, delivered_request).may_say is True
    assert on_request(company.requester, delivered_request) is None
    rate_asking(by=company.assigned, service_request=delivered_request, asking=LATE)

    refresh_facts(request_ids=[delivered_request.pk])

    fact = RequestFact.objects.get()
    assert (fact.asking_complete, fact.asking_in_time, fact.asking_right_place) == (True, False, True)
    assert fact.asking_day == timezone.localdate(fact.asking_at, ZoneInfo(company.it.time_zone))
    assert on_request(company.requester, delivered_request).asking.note == "A day earlier, please."


def test_on_the_page_three_answers_are_asked_for_and_kept(company, as_browser, delivered_request):
    page = f"/requests/{delivered_request.number}/asking/"
    client = as_browser(company.assigned)
    assert page in client.get(f"/requests/{delivered_request.number}/").content.decode()

    answer = client.post(page, {"complete": "yes", "note": "Kept words"})
    assert (answer.status_code, AskingRating.objects.count()) == (400, 0)
    assert "Kept words" in answer.content.decode()

    typed = {"complete": "yes", "in_time": "no", "right_place": "yes", "note": "Earlier"}
    assert client.post(page, typed).status_code == 302
    assert (AskingRating.objects.get().note, AskingRating.objects.get().in_time) == ("Earlier", False)
    assert "Earlier" in as_browser(company.requester).get(f"/requests/{delivered_request.number}/").content.decode()
    assert client.post(page, typed).status_code == 400
    assert as_browser(company.requester).get(page).status_code == 200
    assert as_browser(company.agent).get(page).status_code == 200
    assert as_browser(company.watcher).get(page).status_code == 404


def test_over_the_api_it_is_said_once_and_read(company, as_api, delivered_request):
    path = f"/api/v1/requests/{delivered_request.number}/asking/"
    body = {"complete": True, "in_time": True, "right_place": False, "note": "It is Facilities who do that."}
    assert as_api(company.requester).get(path).status_code == 404
    assert as_api(company.requester).post(path, body).status_code == 403
    assert as_api(company.assigned).post(path, body).status_code == 201
    assert as_api(company.assigned).post(path, body).status_code == 409
    read = as_api(company.requester).get(path).json()
    assert {name: read[name] for name in body} == body


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_say_it_once():
    company = build_company()
    row = deliver(company, file_laptop(company))
    gate, refused = threading.Barrier(50), []

    def say(place: int) -> None:
        by = Person.objects.get(pk=company.assigned.pk)
        try:
            gate.wait()
            rate_asking(by=by, service_request=row, asking=Asking(place % 2 == 0, True, True))
        except IllegalMove as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=[place]) for place in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (AskingRating.objects.count(), len(refused)) == (1, 49)
    assert Event.objects.filter(kind="asking.rated").count() == 1
