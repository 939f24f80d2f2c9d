"""Many at once: seats are given once, in order, and nobody sits twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from feedback.training.models import Session
from feedback.training.services import sign_up, withdraw
from requests_app.org.models import Membership, Person
from tests.factories.training import session_of

pytestmark = pytest.mark.django_db(transaction=True)
CROWD, SEATS = 50, 10


def crowd_of(company, count: int) -> list[Person]:
    people = Person.objects.bulk_create(
        Person(email=f"one{number}@example.test", name=f"One {number}", password="!") for number in range(count)
    )
    Membership.objects.bulk_create(Membership(person=one, department=company.sales, home=True) for one in people)
    return people


def all_at_once(acts: list) -> list:
    together = Barrier(min(len(acts), 10))

    def run(act):
        try:
            together.wait(timeout=20)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(min(len(acts), 10)) as pool:
        return list(pool.map(run, acts))


def test_of_fifty_who_sign_up_at_once_ten_sit_and_forty_wait_in_order_of_arrival(company):
    session = session_of(company, seats=SEATS)
    people = crowd_of(company, CROWD)
    all_at_once([lambda one=one: sign_up(by=one, session=session) for one in people])
    rows = list(session.signups.order_by("arrival").values_list("arrival", "state"))
    assert rows == [(number, "seated" if number <= SEATS else "waiting") for number in range(1, CROWD + 1)]
    assert Session.objects.get().taken == SEATS


def test_whoever_tries_ten_times_at_once_sits_once(company):
    session = session_of(company, seats=SEATS)
    all_at_once([lambda: sign_up(by=company.requester, session=session)] * 10)
    assert list(session.signups.values_list("person_id", "arrival", "state")) == [(company.requester.pk, 1, "seated")]
    assert Session.objects.get().taken == 1


def test_while_ten_leave_at_once_the_first_ten_in_line_move_up(company):
    session = session_of(company, seats=SEATS)
    people = crowd_of(company, 2 * SEATS + 5)
    for one in people:
        sign_up(by=one, session=session)
    all_at_once([lambda one=one: withdraw(by=one, session=session) for one in people[:SEATS]])
    seated = session.signups.filter(state="seated").order_by("arrival")
    assert list(seated.values_list("arrival", flat=True)) == list(range(SEATS + 1, 2 * SEATS + 1))
    assert Session.objects.get().taken == SEATS
