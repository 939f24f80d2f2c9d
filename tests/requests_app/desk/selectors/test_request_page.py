"""Everything on the request page: for each reader their own, in a fixed number of queries."""

import pytest
from django.http import Http404

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.request_page import request_page
from requests_app.desk.services.assignment import assign_request, reprioritise_request
from requests_app.desk.services.conversation import add_watcher, post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.kernel import panels
from requests_app.org.models import Department
from tests.factories import file_laptop


def page(person, row):
    return request_page(person=person, number=row.number)


def facts(person, row):
    return {fact.name: (fact.value, fact.note) for fact in page(person, row).facts}


def test_people_and_facts(company, new_request):
    Department.objects.filter(pk=company.sales.pk).update(cost_centre="4410")
    assert facts(company.requester, new_request) == {
        "Requester": ("Rita Requester", ""),
        "For": ("Sales", "cost centre 4410"),
        "Agent": ("nobody yet", ""),
        "Priority": ("Planned", "Work goes on; One person"),
        "Agreement": ("The company's default, version 1", ""),
    }


def test_who_filed_for_somebody_and_what_was_stated_stay_visible(company):
    row = file_request(
        by=company.customer_head, service=company.badge, filing=Filing("A badge"), on_behalf_of=company.requester
    )
    assign_request(by=company.other_agent, service_request=row, assignee=company.other_agent)
    reprioritise_request(by=company.other_agent, service_request=row, urgency=1, impact=3, reason="The fair")

    found = facts(company.requester, row)
    assert found["Filed by"] == ("Hanna Head", "")
    assert found["Agent"] == ("Olaf Other", "")
    assert found["Priority"] == ("Medium", "Work has stopped; One person. Stated: Work goes on; One person")


def test_without_a_promise_no_agreement_is_named(company, new_request):
    ServiceRequest.objects.get(pk=new_request.pk).clocks.all().delete()
    shown = page(company.requester, new_request)
    assert (shown.faces, shown.why) == ([], "")
    assert "Agreement" not in facts(company.requester, new_request)


def test_the_clocks_stand_in_order_with_one_reason(company, delivered_request):
    shown = page(company.requester, delivered_request)
    assert [face.label for face in shown.faces] == ["First response", "Resolution", "Your acceptance"]
    assert [face.why for face in shown.faces] == ["", "", ""]
    assert shown.why.startswith("The company's default, version 1.")


@pytest.mark.parametrize(
    ("who", "may_reply", "may_note", "may_watch", "speaks_to"),
    [
        ("requester", True, False, True, "IT Services"),
        ("customer_head", True, False, True, "IT Services"),
        ("colleague", False, False, False, "IT Services"),
        ("agent", True, True, True, "Sales"),
        ("supplier_head", True, True, True, "Sales"),
        ("auditor", False, False, False, "IT Services"),
    ],
)
def test_who_may_write_what_to_whom(company, new_request, who, may_reply, may_note, may_watch, speaks_to):
    shown = page(getattr(company, who), new_request)
    assert (shown.may_reply, shown.may_note, shown.may_watch, shown.speaks_to) == (
        may_reply, may_note, may_watch, speaks_to,
    )  # fmt: skip


def test_who_asks_their_own_department_speaks_to_the_supplier(company):
    row = file_request(
        by=company.agent, service=company.laptop, filing=Filing("A laptop", answers={"model": "13 inch"})
    )
    assert page(company.agent, row).speaks_to == "IT Services"
    assert page(company.assigned, row).speaks_to == "IT Services"  # both sides are IT


def test_watchers_are_named_and_know_it(company, new_request):
    add_watcher(by=company.requester, service_request=new_request, person=company.watcher)

    shown = page(company.watcher, new_request)
    assert ([person.name for person in shown.watchers], shown.watching) == (["Wanda Watcher"], True)
    assert page(company.requester, new_request).watching is False


def test_notes_are_only_on_the_suppliers_page(company, new_request):
    post_message(by=company.agent, service_request=new_request, body="Secret", internal=True)
    assert len(page(company.agent, new_request).cards) == len(page(company.requester, new_request).cards) + 1


def test_an_open_offer_is_on_the_page(company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    shown = page(company.other_agent, accepted_request)
    assert shown.handoff == offer
    assert shown.sentence.act == "Facilities takes this over or gives it back"


def test_quality_criteria_and_the_end_are_told(company, closed_request):
    assert (page(company.requester, closed_request).criteria, page(company.requester, closed_request).ended) == (
        [],
        True,
    )


def test_upper_packages_may_add_panels(company, new_request, monkeypatch):
    monkeypatch.setattr(panels, "_providers", {})
    panels.provide("request", lambda person, service_request: panels.Panel("a.html", service_request.number))
    panels.provide("request", lambda person, service_request: None)
    assert page(company.requester, new_request).panels == [panels.Panel("a.html", new_request.number)]


def test_a_stranger_gets_no_page(company, new_request):
    with pytest.raises(Http404):
        page(company.stranger, new_request)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_twelve_queries(company, django_assert_num_queries, rows):
    row = file_laptop(company)
    move_request(by=company.assigned, service_request=row, action="accept")
    for number in range(rows):
        post_message(by=company.assigned, service_request=row, body=f"{number}?")
        post_message(by=company.requester, service_request=row, body=f"{number}!")
        move_request(by=company.assigned, service_request=row, action="hold", words=Words(hold_reason="customer"))
        move_request(by=company.assigned, service_request=row, action="resume")
    for person in [company.watcher, company.stranger, company.other_head][:rows]:
        add_watcher(by=company.requester, service_request=row, person=person)
    del company.assigned._standing
    page(company.assigned, row)  # calendars are kept

    del company.assigned._standing
    with django_assert_num_queries(12):
        page(company.assigned, row)
