"""Absences and hours a week: who enters them, and what is made of them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from requests_app.capacity.models import Absence, ContractHours
from requests_app.capacity.selectors import agents_with_hours, capacity_of
from requests_app.capacity.services import enter_absence, set_hours, withdraw_absence
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput

MONDAY = date(2026, 11, 2)
NEXT = MONDAY + timedelta(days=7)
HOUR = 3600


def away(company, person=None, **more):
    values = {"by": company.agent, "person": person or company.agent, "kind": "leave", "first": MONDAY, "last": MONDAY}
    return enter_absence(**(values | more))


def test_an_absence_takes_its_days_from_the_time_of_the_department(company):
    before = capacity_of([company.it.pk], MONDAY, NEXT)
    away(company, last=MONDAY + timedelta(days=1))
    after = capacity_of([company.it.pk], MONDAY, NEXT)

    assert before.people == after.people
    assert 0 < before.seconds - after.seconds <= 2 * 8 * HOUR


def test_withdrawn_it_gives_them_back_and_the_log_knows_both(company):
    before = capacity_of([company.it.pk], MONDAY, NEXT)
    withdraw_absence(by=company.supplier_head, absence=away(company))

    assert capacity_of([company.it.pk], MONDAY, NEXT) == before
    kinds = Event.objects.filter(subject_kind="person", kind__startswith="absence.").order_by("pk")
    told = {"person": company.agent.pk, "kind": "leave", "from": "2026-11-02", "to": "2026-11-02"}
    assert [(event.kind, event.data) for event in kinds] == [("absence.entered", told), ("absence.withdrawn", told)]


def test_the_head_enters_it_too_but_no_stranger(company):
    away(company, by=company.supplier_head)
    with pytest.raises(NotAllowed):
        away(company, by=company.stranger, first=NEXT, last=NEXT)

    assert Absence.objects.count() == 1


def test_the_same_day_twice_is_refused_by_field_and_by_the_database(company):
    away(company)
    with pytest.raises(WrongInput) as refused:
        away(company, first=MONDAY - timedelta(days=1))
    assert list(refused.value.errors) == ["first"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(person=company.agent, kind="leave", first=MONDAY, last=MONDAY, entered_by=company.agent)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "illness"}, "kind"),
        ({"last": MONDAY - timedelta(days=1)}, "last"),
        ({"last": MONDAY + timedelta(days=400)}, "last"),
        ({"first": date(1950, 1, 1)}, "first"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(company, wrong, field):
    with pytest.raises(WrongInput) as refused:
        away(company, **wrong)
    assert list(refused.value.errors) == [field]


def test_hours_hold_from_their_day_on_and_keep_what_was(company):
    values = {"by": company.supplier_head, "person": company.agent, "department": company.it}
    set_hours(**values, minutes=1200, since=MONDAY)
    set_hours(**values, minutes=600, since=NEXT)

    shown = {row.person.pk: (row.minutes, row.stated) for row in agents_with_hours(company.it, today=MONDAY)}
    assert shown[company.agent.pk] == (1200, True)
    assert shown[company.supplier_head.pk][1] is False
    assert Event.objects.filter(kind="hours.changed").latest("pk").data == {
        "person": company.agent.pk, "department": company.it.pk, "before": 1200, "after": 600, "from": "2026-11-09",
    }  # fmt: skip


def test_hours_are_for_the_head_to_say_and_of_people_who_work_there(company):
    with pytest.raises(NotAllowed):
        set_hours(by=company.agent, person=company.agent, department=company.it, minutes=60)
    with pytest.raises(WrongInput):
        set_hours(by=company.supplier_head, person=company.requester, department=company.it, minutes=60)

    assert ContractHours.objects.count() == 0


def test_the_time_of_departments_costs_the_same_number_of_queries_however_many_people(
    company, django_assert_max_num_queries
):
    with django_assert_max_num_queries(7):
        capacity_of([company.it.pk, company.facilities.pk], MONDAY, NEXT)
