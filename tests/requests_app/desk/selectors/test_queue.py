"""The queue of a department: tabs, groups, words at the foot, what its filters offer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.lists import Counted, Wanted
from requests_app.desk.selectors.queue import ListPage, list_offers, list_page, queue_offers, queue_page, tabs_of
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.kernel.pagination import Page
from requests_app.org.selectors import agents_by_name
from tests.factories import accept, deliver, file_laptop


def queue(person, department, *, offered=False, params=None, **wanted):
    return queue_page(
        person=person,
        department=department,
        agents=agents_by_name(department_id=department.pk),
        wanted=Wanted(**wanted),
        offered=offered,
        params=params or {},
    )


def test_open_requests_stand_in_groups_by_due_time(company):
    new, accepted = file_laptop(company, title="New"), accept(company, file_laptop(company, title="Accepted"))
    ServiceRequest.objects.update(due_at=timezone.now() + timedelta(days=2))
    page = queue(company.agent, company.it)

    (group,) = page.listed.groups
    assert (group.words, group.count) == ("Later", 2)
    assert {row.service_request.pk for row in group.rows} == {new.pk, accepted.pk}
    assert page.listed.words == "2 of 2 shown"
    assert ([person.name for person in page.agents], page.works_here) == (
        ["Ansel Assigned", "Anton Agent", "Sofia Supplier"], True,
    )  # fmt: skip


@pytest.mark.parametrize("wanted", [{"sort": "newest"}, {"status": ("delivered",)}, {"any_status": True}])
def test_other_lists_are_not_divided(company, delivered_request, wanted):
    accept(company, file_laptop(company))
    page = queue(company.agent, company.it, **wanted)
    assert [group.words for group in page.listed.groups] == [""]


def test_an_empty_queue_has_no_groups_and_no_words(company):
    page = queue(company.other_agent, company.facilities)
    assert (page.listed.groups, page.listed.words) == ([], "")


def test_the_tab_whose_filters_are_on_is_the_current_one(company, accepted_request):
    def current(**params):
        return [tab.words for tab in queue(company.agent, company.it, params=params).tabs if tab.current]

    assert current() == ["All open"]
    assert current(assignee=["me"], sort=["newest"], cursor=["x"], q=[""]) == ["Mine"]
    assert current(assignee=["me"], overdue=["1"]) == []
    tabs = {tab.words: (tab.query, tab.count) for tab in queue(company.agent, company.it).tabs}
    assert tabs["Due today"] == ("?due=today", 0)
    assert tabs["All open"] == ("", 1)


def test_tabs_without_counts(company):
    (tab,) = tabs_of([("all", "All", {})], {})
    assert (tab.words, tab.query, tab.count, tab.current) == ("All", "", None, True)


def test_offers_of_others_are_a_list_of_their_own(company, accepted_request):
    offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    page = queue(company.other_agent, company.facilities, offered=True)
    assert [row.service_request for group in page.listed.groups for row in group.rows] == [accepted_request]


def test_an_administrator_looks_on(company, accepted_request):
    page = queue(company.admin, company.it)
    assert (page.listed.counted.total, page.works_here) == (1, False)


def test_beyond_the_limit_the_words_say_so():
    listed = ListPage(page=Page([], "", ""), groups=[], counted=Counted(1000, more=True), shown=30)
    assert listed.words == "30 of more than 1,000 shown"


def test_what_the_filters_offer(company):
    offers = queue_offers(company.agent, company.it, agents_by_name(department_id=company.it.pk))
    assert offers["customer"] == [("facilities", "Facilities"), ("it", "IT Services"), ("sales", "Sales")]
    assert offers["service"] == [("laptop", "Laptop")]
    assert offers["assignee"][:3] == [
        ("me", "me"), ("nobody", "nobody"), ("ansel.assigned@example.test", "Ansel Assigned"),
    ]  # fmt: skip
    assert list_offers(company.agent) == {"customer": offers["customer"], "supplier": offers["customer"]}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_five_queries(company, django_assert_num_queries, rows):
    for _row in range(rows):
        deliver(company, accept(company, file_laptop(company)))
        accept(company, file_laptop(company))
    queue(company.agent, company.it)  # calendars and hats are kept

    with django_assert_num_queries(5):  # agents, tabs, offers, count, rows, clocks
        page = queue(company.agent, company.it)
    assert page.listed.counted.total == rows


def test_the_list_page_serves_any_rows(company, accepted_request):
    rows = ServiceRequest.objects.visible_to(company.requester)
    assert list_page(rows=rows, wanted=Wanted(sort="newest"), person=company.requester).shown == 1
