"""What is promised before anything is filed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.models import Agreement
from requests_app.agreements.services import set_matrix, set_targets
from requests_app.calendars.services import create_calendar
from requests_app.catalogue.services import create_service
from requests_app.desk.selectors.promises import promises_for, usual_promises
from requests_app.org.services import save_department

HOUR = 3600


def test_every_priority_has_its_promise_with_the_instants_it_leads_to(company):
    before = timezone.now()
    promises = promises_for(service=company.laptop, customer_id=company.sales.pk)
    low = promises.by_priority[4]

    assert [(row.words, row.response, row.resolution) for row in promises.rows] == [
        ("Critical", 1 * HOUR, 4 * HOUR), ("High", 2 * HOUR, 8 * HOUR), ("Medium", 4 * HOUR, 24 * HOUR),
        ("Low", 8 * HOUR, 40 * HOUR), ("Planned", 16 * HOUR, 80 * HOUR),
    ]  # fmt: skip
    assert timedelta(0) <= low.response_due - before - timedelta(hours=8) < timedelta(minutes=1)
    assert timedelta(0) <= low.resolution_due - before - timedelta(hours=40) < timedelta(minutes=1)
    assert (low.rule, low.version) == ("the company's default", 1)
    assert (promises.calendar, promises.zone) == ("Standard", "Europe/Berlin")


def test_the_choice_leads_to_a_priority_by_the_suppliers_matrix(company):
    usual = promises_for(service=company.laptop, customer_id=company.sales.pk)
    assert [usual.chosen(urgency, 2).priority for urgency in (1, 2, 3)] == [2, 3, 4]
    assert usual.grid[0] == ("Work has stopped", ["Critical", "High", "Medium"])
    assert usual.impacts == ["The whole company or a customer", "A department", "One person"]

    cells = {urgency: dict.fromkeys((1, 2, 3), urgency) for urgency in (1, 2, 3)}
    set_matrix(by=company.supplier_head, cells=cells, department=company.it)
    own = promises_for(service=company.laptop, customer_id=company.sales.pk)
    assert own.chosen(3, 1).priority == 3


def test_the_more_specific_agreement_wins_for_its_customer_only(company):
    set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"resolution": {3: 2 * HOUR}})
    agreed = promises_for(service=company.laptop, customer_id=company.sales.pk).by_priority[3]
    other = promises_for(service=company.laptop, customer_id=company.facilities.pk).by_priority[3]
    nobody = promises_for(service=company.laptop, customer_id=None).by_priority[3]

    assert (agreed.resolution, agreed.rule) == (2 * HOUR, "agreed between these two departments")
    assert (agreed.response, other.resolution, nobody.resolution) == (4 * HOUR, 24 * HOUR, 24 * HOUR)


def test_without_an_agreement_nothing_is_promised(company):
    Agreement.objects.all().delete()
    row = promises_for(service=company.laptop, customer_id=company.sales.pk).by_priority[3]
    assert (row.response, row.resolution, row.response_due, row.resolution_due, row.rule, row.version) == (
        None, None, None, None, "", None,
    )  # fmt: skip
    assert usual_promises([company.laptop], company.sales.pk) == {}


def test_a_calendar_that_never_opens_gives_no_instants(company):
    closed = create_calendar(by=company.admin, name="Closed", zone="Europe/Berlin", weekly=[[]] * 7)
    save_department(by=company.admin, department=company.it, calendar_id=closed.pk)
    company.laptop.department.refresh_from_db()
    row = promises_for(service=company.laptop, customer_id=company.sales.pk).by_priority[3]
    assert (row.resolution, row.resolution_due) == (24 * HOUR, None)


def test_usual_promises_of_many_services_take_one_query(company, django_assert_num_queries):
    extra = create_service(by=company.admin, department=company.it, name="Telephony")
    set_targets(by=company.admin, supplier=company.facilities, targets={"resolution": {3: HOUR}})
    set_targets(by=company.admin, supplier=company.it, service=extra, targets={"resolution": {3: 3 * HOUR}})

    with django_assert_num_queries(1):
        found = usual_promises([company.laptop, company.badge, extra], company.sales.pk)
    assert found == {company.laptop.pk: 24 * HOUR, company.badge.pk: HOUR, extra.pk: 3 * HOUR}
    with django_assert_num_queries(0):
        assert usual_promises([], company.sales.pk) == {}


@pytest.mark.parametrize("customers", [1, 3])
def test_the_promises_of_a_service_take_three_queries(company, django_assert_num_queries, customers):
    for customer in (company.sales, company.it, company.facilities)[:customers]:
        set_targets(by=company.admin, supplier=company.it, customer=customer, targets={"resolution": {3: HOUR}})
    promises_for(service=company.laptop, customer_id=company.sales.pk)  # the arithmetic of the calendar is kept
    with django_assert_num_queries(3):
        promises_for(service=company.laptop, customer_id=company.sales.pk)
