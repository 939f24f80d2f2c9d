"""My desk: what waits for this person and for nobody else, always in the same number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.my_desk import SHOWN, my_desk, offers_to, used_services
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from tests.factories import accept, close, deliver, file_laptop, make_person


def hold(company, row, question=""):
    accept(company, row)
    if question:
        post_message(by=company.assigned, service_request=row, body="Before that")
        post_message(by=company.assigned, service_request=row, body=question)
        post_message(by=company.assigned, service_request=row, body="A note", internal=True)
    move_request(by=company.assigned, service_request=row, action="hold", words=Words(hold_reason="customer"))


def test_deliveries_and_questions_wait_for_the_requester(company):
    hold(company, file_laptop(company, title="Asked"), question="Which floor?")
    deliver(company, file_laptop(company, title="Delivered"))
    accept(company, file_laptop(company, title="Worked on"))
    close(company, file_laptop(company, title="Closed"))
    desk = my_desk(company.requester)

    assert [(item.kind, item.service_request.title, item.question) for item in desk.waiting] == [
        ("delivery", "Delivered", ""), ("question", "Asked", "Which floor?"),
    ]  # fmt: skip
    assert [item.sentence.act for item in desk.waiting] == ["You accept the delivery", "You answer IT Services"]
    assert [item.service_request.title for item in desk.asked] == ["Worked on", "Delivered", "Asked"]
    assert (desk.waiting_count, desk.asked_count, desk.ended_count, desk.work_count) == (2, 3, 1, 0)


def test_nothing_of_it_waits_for_colleagues_or_the_head(company):
    deliver(company, file_laptop(company))
    for person in (company.colleague, company.customer_head, company.stranger):
        desk = my_desk(person)
        assert (desk.waiting, desk.asked, desk.work, desk.waiting_count) == ([], [], [], 0)


def test_what_was_filed_for_a_colleague_waits_for_both(company):
    row = file_request(
        by=company.customer_head, service=company.badge, filing=Filing("A badge"), on_behalf_of=company.requester
    )
    move_request(by=company.other_agent, service_request=row, action="accept")
    move_request(by=company.other_agent, service_request=row, action="deliver")
    assert [my_desk(person).waiting_count for person in (company.customer_head, company.requester)] == [1, 1]


def test_offers_wait_for_those_who_may_answer_them(company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    (item,) = my_desk(company.other_agent).waiting

    assert (item.kind, item.handoff, item.question) == ("handoff", offer, "Theirs")
    assert item.sentence.act == "Facilities takes this over or gives it back"
    assert offers_to(company.requester) == []
    (asked,) = my_desk(company.requester).asked
    assert (asked.offered, asked.sentence.act) == (
        True, "IT Services offered this to Facilities and keeps it until they accept",
    )  # fmt: skip


def test_work_is_listed_by_due_time_and_says_what_is_over(company):
    now = timezone.now()
    late = accept(company, file_laptop(company, title="Late"))
    accept(company, file_laptop(company, title="Later"))
    paused = file_laptop(company, title="Paused")
    hold(company, paused)
    clocks = late.clocks.get(measure="resolution")
    clocks.started_at, clocks.seconds = now - timedelta(hours=9), 8 * 3600
    clocks.save()
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=now - timedelta(hours=1))
    desk = my_desk(company.assigned)

    assert [(item.service_request.title, item.overdue) for item in desk.work] == [
        ("Late", True), ("Later", False), ("Paused", False),
    ]  # fmt: skip
    assert desk.work[0].sentence.act == "You deliver"
    assert (desk.work_count, desk.asked) == (3, [])


def test_long_lists_are_cut_and_counted(company):
    for _number in range(SHOWN + 2):
        accept(company, file_laptop(company))
    desk = my_desk(company.assigned)
    assert (len(desk.work), desk.work_count) == (SHOWN, SHOWN + 2)
    mine = my_desk(company.requester)
    assert (len(mine.asked), mine.asked_count) == (SHOWN, SHOWN + 2)


def test_the_services_used_most_come_first_with_their_promise(company):
    for _number in range(2):
        file_laptop(company)
    file_request(by=company.colleague, service=company.badge, filing=Filing("A badge"))

    used = used_services(company.customer_head)
    assert [(row.service.slug, row.times, row.promise) for row in used] == [
        ("laptop", 2, 24 * 3600), ("badge", 1, 24 * 3600),
    ]  # fmt: skip
    assert [row.service.slug for row in used_services(company.customer_head, most=1)] == ["laptop"]
    assert used_services(company.other_agent) == []
    assert used_services(make_person("Nora Nowhere")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_my_desk_takes_ten_queries(company, django_assert_num_queries, rows):
    for _row in range(rows):
        hold(company, file_laptop(company), question="Which?")
        deliver(company, file_laptop(company))
        row = accept(company, file_laptop(company))
        offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Theirs")
        ours = file_request(by=company.other_agent, service=company.laptop,
                            filing=Filing("A laptop", answers={"model": "13 inch"}))  # fmt: skip
        deliver(company, ours)
    my_desk(company.other_agent)  # calendars and hats are kept

    with django_assert_num_queries(10):
        desk = my_desk(company.other_agent)
    assert (desk.waiting_count, len(desk.asked)) == (2 * rows, rows)
