"""Who is offered which page."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from requests_app.desk.selectors.lists import queue_counts
from servicedesk.look import nav
from servicedesk.look.context import shell
from servicedesk.look.nav import Link, Section, Shell, shell_for

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.servicedesk.look.pages")]


def shown_to(person, path: str = "/") -> Shell:
    request = RequestFactory().get(path)
    request.user = type(person).objects.get(pk=person.pk)
    return shell_for(request)


def labels(section: Section) -> list[str]:
    return [link.label for link in section.links]


def all_links(person, path: str = "/") -> list[Link]:
    return [link for section in shown_to(person, path).sections for link in section.links]


@pytest.mark.urls("servicedesk.urls")
def test_no_link_leads_to_a_page_that_is_not_there(company):
    for person in company.by_context.values():
        for link in all_links(person):
            assert resolve(link.url.partition("#")[0])


def test_only_who_supplies_sees_the_queue_of_the_department(company):
    headings = {
        letter: [one.heading for one in shown_to(person).sections] for letter, person in company.by_context.items()
    }
    assert {letter for letter, names in headings.items() if "IT Services" in names} == {"SA", "AS", "SH"}
    assert {letter for letter, names in headings.items() if "Facilities" in names} == {"OA", "OH"}


def test_only_administrators_see_settings_and_health(company):
    seeing = {
        letter for letter, person in company.by_context.items() if "Health" in [one.label for one in all_links(person)]
    }
    assert seeing == {"AD"}


def test_the_figures_of_the_company_are_offered_to_whom_the_matrix_allows(company):
    seeing = {
        letter
        for letter, person in company.by_context.items()
        if "Overview" in [one.label for one in all_links(person)]
    }
    assert seeing == {"CH", "SA", "AS", "SH", "OA", "OH", "AU", "EX"}


@pytest.mark.parametrize(
    ("letter", "hat"),
    [("SH", "Leads IT Services"), ("SA", "IT Services"), ("RQ", "Sales"), ("AD", "ada.admin@example.test")],
)
def test_the_reader_is_introduced(company, letter, hat):
    assert shown_to(company.by_context[letter]).hat == hat


def test_a_position_goes_before_the_department(company):
    company.supplier_head.position = "Head of IT Services"
    company.supplier_head.save()
    assert shown_to(company.supplier_head).hat == "Head of IT Services"


def test_the_page_one_is_on_is_marked_once(company):
    queue = f"/departments/{company.it.slug}/queue/"
    assert [link.label for link in all_links(company.supplier_head, queue) if link.current] == ["Queue"]
    assert [link.label for link in all_links(company.supplier_head, "/") if link.current] == ["My desk"]
    assert [link.label for link in all_links(company.requester, "/services/laptop/new/") if link.current] == [
        "New request"
    ]


def test_the_phone_has_four_tabs_for_everybody(company):
    assert [tab.label for tab in shown_to(company.supplier_head).tabs] == ["Desk", "Services", "New", "Queue"]
    assert [tab.label for tab in shown_to(company.requester).tabs] == ["Desk", "Services", "New", "Requests"]


@pytest.mark.parametrize(("letter", "queries"), [("RQ", 2), ("SH", 4), ("AD", 2)])
def test_the_shell_costs_few_queries(company, letter, queries, django_assert_num_queries):
    person = company.by_context[letter]
    with django_assert_num_queries(
        queries
    ):  # the person, hats with their departments, a count per queue, proposals that wait for a head
        shown_to(person)


def test_the_queue_tells_how_much_is_open(company, new_request, closed_request):
    queue = next(link for link in all_links(company.agent) if link.label == "Queue")
    assert queue.count == str(queue_counts(company.agent, company.it.pk).open)


def test_a_long_queue_is_counted_to_99(company, new_request, monkeypatch):
    monkeypatch.setattr(nav, "MOST_COUNTED", 0)
    assert next(link for link in all_links(company.agent) if link.label == "Queue").count == "0+"


def test_a_part_that_never_asks_for_the_shell_costs_nothing(company, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = company.requester
    with django_assert_num_queries(0):
        context = shell(request)
    assert context["theme"] == ""


def test_an_unknown_theme_is_as_none(rf):
    request = rf.get("/", headers={"cookie": "theme=purple"})
    assert (shell(request)["shell"], shell(request)["theme"]) == (None, "")
