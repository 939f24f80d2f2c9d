"""Filters, order, groups and counts: what a list counts is what it shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.desk.models import Clock, ServiceRequest
from requests_app.desk.selectors.lists import (
    MOST_COUNTED,
    Counted,
    Wanted,
    counted,
    end_of_today,
    finished_rows,
    narrowed,
    offered_rows,
    page_of_rows,
    queue_counts,
    queue_rows,
)
from requests_app.desk.services.assignment import assign_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.desk.states import ACTIVE
from tests.factories import accept, close, deliver, file_laptop


def titles(rows):
    return sorted(row.title for row in rows)


@pytest.fixture
def several(company):
    """One request of each kind, named after it."""
    now = timezone.now()
    rows = {
        name: file_laptop(company, title=name, urgency=2, impact=3)
        for name in ("new", "mine", "held", "delivered", "closed", "overdue", "today", "urgent")
    }
    accept(company, rows["mine"])
    accept(company, rows["held"])
    move_request(by=company.assigned, service_request=rows["held"], action="hold", words=Words(hold_reason="customer"))
    deliver(company, rows["delivered"])
    close(company, rows["closed"])
    soon = min(now + timedelta(minutes=10), end_of_today() - timedelta(seconds=1))
    for name, due in (("overdue", now - timedelta(hours=1)), ("today", soon), ("new", now + timedelta(days=4)),
                      ("mine", now + timedelta(days=2)), ("urgent", now + timedelta(days=3))):  # fmt: skip
        ServiceRequest.objects.filter(pk=rows[name].pk).update(due_at=due)
        rows[name].due_at = due
    ServiceRequest.objects.filter(pk=rows["urgent"].pk).update(priority=1)
    badge = file_request(by=company.agent, service=company.badge, filing=Filing("elsewhere"))
    ServiceRequest.objects.filter(pk=badge.pk).update(due_at=now + timedelta(days=3))
    return rows | {"elsewhere": badge}


OPEN = ["held", "mine", "new", "overdue", "today", "urgent"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [*OPEN, "elsewhere"]),
        ({"status": ("delivered",)}, ["delivered"]),
        ({"status": ("delivered", "closed")}, ["closed", "delivered"]),
        ({"any_status": True}, [*OPEN, "closed", "delivered", "elsewhere"]),
        ({"priority": (1,)}, ["urgent"]),
        ({"priority": (1, 4), "overdue": True}, ["overdue"]),
        ({"nobody": True}, ["elsewhere", "new", "overdue", "today", "urgent"]),
        ({"overdue": True}, ["overdue"]),
        ({"due_today": True}, ["today"]),
        ({"waits": True}, ["held"]),
        ({"q": "urgent"}, ["urgent"]),
        ({"sort": "newest"}, [*OPEN, "elsewhere"]),
    ],
)
def test_each_filter_keeps_what_fits(company, several, wanted, found):
    rows = narrowed(ServiceRequest.objects.all(), Wanted(**wanted), company.agent)
    assert titles(rows) == sorted(found)


def test_filters_by_department_service_and_person(company, several):
    def found(**wanted):
        return titles(narrowed(ServiceRequest.objects.all(), Wanted(**wanted), company.agent))

    assert found(customer=(company.it.pk,)) == ["elsewhere"]
    assert found(supplier=(company.it.pk,)) == OPEN
    assert found(service=(company.laptop.pk, company.badge.pk)) == sorted([*OPEN, "elsewhere"])
    assert found(assignee=company.assigned.pk) == ["held", "mine"]
    assert found(asked_by=company.agent.pk) == ["elsewhere"]
    still = narrowed(ServiceRequest.objects.all(), Wanted(supplier=(company.it.pk,)), company.agent, still=ACTIVE)
    assert titles(still) == sorted([*OPEN, "delivered"])


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("due", ["overdue", "today", "mine", "urgent", "new", "held"]),
        ("newest", ["urgent", "today", "overdue", "held", "mine", "new"]),
        ("oldest", ["new", "mine", "held", "overdue", "today", "urgent"]),
        ("priority", ["urgent", "overdue", "today", "mine", "new", "held"]),
    ],
)
def test_every_order_is_kept_over_the_pages(company, several, monkeypatch, sort, order):
    monkeypatch.setattr("requests_app.desk.selectors.lists.PAGE_SIZE", 4)
    rows = narrowed(queue_rows(company.agent, company.it.pk), Wanted(), company.agent)

    first, shown = page_of_rows(rows, Wanted(sort=sort), company.agent)
    second, rest = page_of_rows(rows, Wanted(sort=sort, cursor=first.next), company.agent)
    back, again = page_of_rows(rows, Wanted(sort=sort, cursor=second.previous), company.agent)

    assert [row.service_request.title for row in [*shown, *rest]] == order
    assert [row.service_request for row in again] == [row.service_request for row in shown]
    assert (first.previous, second.next, back.previous) == ("", "", "")


def test_groups_and_their_counts_follow_the_due_times(company, several):
    rows = narrowed(queue_rows(company.agent, company.it.pk), Wanted(), company.agent)
    _page, shown = page_of_rows(rows, Wanted(), company.agent)

    assert {row.service_request.title: row.group for row in shown} == {
        "overdue": "overdue", "today": "today", "mine": "later", "urgent": "later", "new": "later", "held": "standing",
    }  # fmt: skip
    assert counted(rows, grouped=True) == Counted(6, groups={"overdue": 1, "today": 1, "later": 3, "standing": 1})


def test_long_lists_are_counted_up_to_a_limit(company, several, monkeypatch):
    rows = ServiceRequest.objects.all()
    assert counted(rows, grouped=False) == Counted(9)
    monkeypatch.setattr("requests_app.desk.selectors.lists.MOST_COUNTED", 4)
    assert counted(rows, grouped=False) == Counted(4, more=True)
    assert MOST_COUNTED == 1000


def test_a_row_says_what_presses(company):
    fresh = file_laptop(company, urgency=2, impact=3)
    accept(company, held := file_laptop(company, urgency=2, impact=3))
    move_request(by=company.assigned, service_request=held, action="hold", words=Words(hold_reason="customer"))
    deliver(company, done := file_laptop(company))
    bare = file_laptop(company)
    Clock.objects.filter(service_request=bare).delete()
    answered = file_laptop(company)
    Clock.objects.filter(service_request=answered, measure="resolution").delete()
    Clock.objects.filter(service_request=answered).update(stopped_at=timezone.now(), due_at=None)

    rows = [ServiceRequest.objects.get(pk=row.pk) for row in (fresh, held, done, bare, answered)]
    shown = finished_rows(rows, company.assigned)

    assert [(row.state, row.left and round(row.left / 3600)) for row in shown] == [
        ("running", 8), ("paused", 40), ("kept", None), ("none", None), ("kept", None),
    ]  # fmt: skip
    assert [row.status_words for row in shown] == ["New", "Waits for customer", "Delivered", "New", "New"]
    assert [row.mine for row in shown] == [False, True, True, False, False]
    assert (shown[0].url, shown[0].requester) == (f"/requests/{fresh.number}/", "R. Requester")
    assert 0 < shown[0].age < 60


def test_people_of_one_name_keep_it(company, new_request):
    new_request.requester.name = "陈伟"
    assert finished_rows([new_request], company.agent)[0].requester == "陈伟"


def test_the_tabs_count_what_their_lists_show(company, several):
    due = several["today"].due_at  # which assigning works out anew, late in the day to after midnight
    assign_request(by=company.agent, service_request=several["today"], assignee=company.agent)
    ServiceRequest.objects.filter(pk=several["today"].pk).update(due_at=due)
    counts = queue_counts(company.agent, company.it.pk)

    def listed(**wanted):
        return narrowed(queue_rows(company.agent, company.it.pk), Wanted(**wanted), company.agent).count()

    assert vars(counts) == {
        "mine": listed(assignee=company.agent.pk), "nobody": listed(nobody=True), "open": listed(),
        "today": listed(due_today=True), "overdue": listed(overdue=True), "waits": listed(waits=True),
        "delivered": listed(status=("delivered",)), "offered": 0,
        "standing": queue_rows(company.agent, company.it.pk).filter(status__in=ACTIVE - {"delivered"}, due_at=None).count(),
    }  # fmt: skip
    assert vars(counts) == {
        "mine": 1, "nobody": 3, "open": 6, "today": 1, "overdue": 1, "waits": 1, "delivered": 1, "offered": 0,
        "standing": 1,
    }  # fmt: skip


def test_offers_are_listed_where_they_are_to_be_answered(company, accepted_request):
    offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")

    assert list(offered_rows(company.other_agent, company.facilities.pk)) == [accepted_request]
    assert list(offered_rows(company.assigned, company.it.pk)) == []
    assert queue_counts(company.other_agent, company.facilities.pk).offered == 1


def test_searching_a_queue_reads_notes_of_its_own_department_only(company, new_request):
    post_message(by=company.agent, service_request=new_request, body="The margin is thin", internal=True)
    post_message(by=company.agent, service_request=new_request, body="Ready on Friday")

    def found(person, q):
        return list(narrowed(ServiceRequest.objects.visible_to(person), Wanted(q=q), person))

    assert found(company.agent, "margin") == [new_request]
    assert found(company.requester, "margin") == []
    assert found(company.requester, "friday") == [new_request]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_rows_takes_two_queries(company, django_assert_num_queries, rows):
    for _row in range(rows):
        accept(company, file_laptop(company))
    found = narrowed(queue_rows(company.agent, company.it.pk), Wanted(), company.agent)
    finished_rows(list(found), company.agent)  # calendars are kept

    with django_assert_num_queries(2):
        _page, shown = page_of_rows(found, Wanted(), company.agent)
        names = {(row.service_request.customer.name, row.service_request.assignee.name) for row in shown}
    assert (len(shown), names) == (rows, {("Sales", "Ansel Assigned")})


@pytest.mark.parametrize(
    "who", ["supplier_head", "agent", "assigned", "admin", "auditor", "requester", "other_head", "stranger"]
)
def test_a_queue_shows_of_a_supplier_what_is_visible_and_nothing_else(company, several, who):
    person = getattr(company, who)
    ServiceRequest.objects.filter(title__in=["new", "overdue"]).update(privacy="confidential")
    offer_handoff(
        by=company.supplier_head,
        service_request=accept(company, file_laptop(company)),
        to=company.facilities,
        reason="Yours",
    )

    everything = ServiceRequest.objects
    assert set(everything.supplied_by(person, company.it.pk)) == set(
        everything.visible_to(person).filter(supplier=company.it)
    )
    offered = everything.visible_to(person).filter(handoffs__receiver=company.facilities, handoffs__state="offered")
    assert set(everything.offered_to(person, company.facilities.pk)) == set(offered)


def test_the_tabs_know_the_groups_of_the_whole_list(company, several):
    person = company.supplier_head
    rows = narrowed(queue_rows(person, company.it.pk), Wanted(), person)

    known, found = queue_counts(person, company.it.pk).counted, counted(rows, grouped=True)
    assert (known.total, {name: n for name, n in known.groups.items() if n}) == (found.total, found.groups)


@pytest.mark.parametrize(
    ("wanted", "everything"),
    [
        (Wanted(), True),
        (Wanted(cursor="x"), True),
        (Wanted(q="x"), False),
        (Wanted(sort="newest"), False),
        (Wanted(nobody=True), False),
    ],
)
def test_only_an_unfiltered_list_is_everything(wanted, everything):
    assert wanted.is_everything is everything
