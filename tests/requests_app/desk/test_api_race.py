"""Two people pressing two buttons at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from requests_app.events.models import Event
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("rounds", [20, pytest.param(100, marks=pytest.mark.long)])
def test_of_two_moves_at_once_one_is_made_and_one_is_refused(company, as_api, rounds):
    agent, requester = as_api(company.assigned), as_api(company.requester)
    together = Barrier(2)

    def press(client, number: str, action: str):
        try:
            together.wait()
            return client.post(f"/api/v1/requests/{number}/moves/", {"action": action})
        finally:
            connection.close()

    winners = set()
    with ThreadPoolExecutor(2) as threads:
        for _round in range(rounds):
            row = accept(company, file_laptop(company))
            delivering = threads.submit(press, agent, row.number, "deliver")
            cancelling = threads.submit(press, requester, row.number, "cancel")
            answers = [delivering.result(), cancelling.result()]

            assert sorted(answer.status_code for answer in answers) == [200, 409]
            refused = next(answer for answer in answers if answer.status_code == 409)
            assert refused.json()["code"] == "illegal_move"
            row.refresh_from_db()
            kinds = Event.objects.filter(subject_id=row.pk, kind__in=["request.delivered", "request.cancelled"])
            assert list(kinds.values_list("kind", flat=True)) == [f"request.{row.status}"]
            winners.add(row.status)
    if rounds >= 100:
        assert winners == {"delivered", "cancelled"}


def test_of_nine_agents_who_take_the_same_request_one_has_it(company, as_api):
    row = file_laptop(company)
    clients = [as_api(person) for person in (company.agent, company.assigned, company.supplier_head) for _ in range(3)]
    together = Barrier(len(clients))

    def take(client):
        try:
            together.wait()
            return client.post(f"/api/v1/requests/{row.number}/moves/", {"action": "accept"})
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as threads:
        codes = [answer.status_code for answer in threads.map(take, clients)]

    assert codes.count(200) == 1
    assert set(codes) <= {200, 403, 409}
    assert Event.objects.filter(subject_id=row.pk, kind="request.accepted").count() == 1


def test_of_two_changes_of_the_version_both_read_one_is_stale(company, as_api):
    row = file_laptop(company)
    clients = [as_api(company.requester), as_api(company.requester)]
    together = Barrier(2)

    def change(client, title: str):
        try:
            together.wait()
            address = f"/api/v1/requests/{row.number}/"
            return client.patch(address, {"title": title}, headers={"If-Match": f'"{row.version}"'})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(change, clients, ["One", "Two"]))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer for answer in answers if answer.status_code == 200)
    row.refresh_from_db()
    assert row.title == won.json()["title"]


def test_a_lock_that_is_not_given_up_answers_503_and_when_to_come_back(company, as_api):
    row = file_laptop(company)
    client = as_api(company.assigned)

    def move_while_held():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            return client.post(f"/api/v1/requests/{row.number}/moves/", {"action": "accept"})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM desk_servicerequest WHERE id = %s FOR UPDATE", [row.pk])
        answer = threads.submit(move_while_held).result()
        cursor.execute("ROLLBACK")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "5")
    row.refresh_from_db()
    assert row.status == "new"
