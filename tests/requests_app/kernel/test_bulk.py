import gc

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app.agreements.models import Agreement
from requests_app.events.models import Event
from requests_app.kernel.bulk import copy_in, reserve_numbers, seldom_collected

pytestmark = pytest.mark.django_db

HOSTILE = "tab\t line\n return\r back\\slash \\N \\. quote\" 'single 汉字 é 😀"


def event(**fields) -> Event:
    return Event(**{"kind": "request.filed", "subject_kind": "request", "subject_id": 1, "at": timezone.now()} | fields)


def test_rows_arrive_as_they_are_whatever_they_hold():
    rows = [event(data={"text": HOSTILE, "none": None, "yes": True}, kind=HOSTILE[:40]), event(actor_id=7)]
    copy_in(Event, rows)

    first, second = Event.objects.order_by("pk")
    assert (first.data, first.kind, first.actor_id) == (
        {"text": HOSTILE, "none": None, "yes": True},
        HOSTILE[:40],
        None,
    )
    assert (second.actor_id, second.at, second.data) == (7, rows[1].at, {})
    assert [first.pk, second.pk] == [row.pk for row in rows]


def test_columns_with_a_default_of_the_database_are_left_to_it():
    copy_in(Event, [event()])

    assert Event.objects.get().recorded_at is not None


def test_a_number_that_a_row_has_already_is_kept():
    (number,) = reserve_numbers(Event, 1)
    copy_in(Event, [event(pk=number)])
    later = Event.objects.create(kind="request.closed", subject_kind="request", subject_id=1, at=timezone.now())

    assert Event.objects.first().pk == number
    assert later.pk > number


def test_no_rows_are_no_work(django_assert_num_queries):
    with django_assert_num_queries(1):  # the reservation of no numbers
        copy_in(Event, [])


def test_constraints_hold_as_ever():
    (number,) = reserve_numbers(Event, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(Event, [event(pk=number), event(pk=number)])

    assert not Event.objects.exists()


def test_a_kind_of_column_it_cannot_write_is_refused():
    with pytest.raises(TypeError, match="pausing"):
        copy_in(Agreement, [Agreement(valid_from=timezone.now())])


def test_garbage_is_looked_for_seldom_and_then_as_ever():
    usual = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] == 200_000
    assert gc.get_threshold() == usual
