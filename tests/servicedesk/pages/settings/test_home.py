"""The first page of the settings, and the way to it."""

import pytest

from tests.factories import file_laptop

pytestmark = pytest.mark.django_db


def titles(answer) -> list[str]:
    return [str(section["part"].title) for section in answer.context["sections"]]


def test_administrators_find_everything_with_how_much_there_is_of_it(company, as_browser):
    sections = as_browser(company.admin).get("/settings/").context["sections"]
    assert [(str(section["part"].title), section["size"]) for section in sections] == [
        ("Departments", "3 departments"),
        ("People", "13 people"),
        ("Services", "2 services"),
        ("Targets", "1 agreement"),
        ("Figure targets", ""),
        ("Priorities", ""),
        ("Calendars", "1 calendar"),
        ("Ratings", ""),
        ("Causes", ""),
        ("History of changes", ""),
    ]


def test_heads_find_what_they_may_set_and_only_what_is_theirs_is_counted(company, as_browser):
    sections = as_browser(company.supplier_head).get("/settings/").context["sections"]
    assert [(str(section["part"].title), section["size"]) for section in sections] == [
        ("Departments", "1 department"),
        ("Services", "1 service"),
        ("Targets", "0 agreements"),
        ("Figure targets", ""),
        ("Priorities", ""),
        ("Calendars", "0 calendars"),
        ("Causes", ""),
        ("History of changes", ""),
    ]


def test_auditors_find_the_history(company, as_browser):
    assert titles(as_browser(company.auditor).get("/settings/")) == ["History of changes"]


def test_the_sidebar_leads_to_the_settings_and_inside_them_to_every_part(company, as_browser):
    def sidebar(person, address: str) -> dict[str, list[str]]:
        shell = as_browser(person).get(address).context["shell"]
        return {section.heading: [link.label for link in section.links] for section in shell.sections}

    assert "Settings" in sidebar(company.supplier_head, "/me/")["Company"]
    assert "Settings" not in sidebar(company.supplier_head, "/me/")
    assert "Settings" not in sidebar(company.requester, "/me/").get("Company", [])
    assert sidebar(company.supplier_head, "/settings/services/")["Settings"] == [
        "Departments", "Services", "Targets", "Figure targets", "Priorities", "Calendars", "Causes", "History of changes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/settings/", "Settings"),
        ("/settings/new-service/", "Services"),
        ("/settings/services/laptop/form/", "Services"),
        ("/settings/targets/set/", "Targets"),
    ],
)
def test_exactly_one_link_says_where_one_is(address, current, company, as_browser):
    shell = as_browser(company.admin).get(address).context["shell"]
    assert [link.label for section in shell.sections for link in section.links if link.current] == [current]


def test_the_page_of_a_calendar_tells_how_many_open_requests_keep_their_promise(company, as_browser):
    browser = as_browser(company.admin)
    assert "No open request runs by this calendar" in browser.get("/settings/calendars/standard/").content.decode()
    file_laptop(company)
    assert "1 open request runs by this calendar" in browser.get("/settings/calendars/standard/").content.decode()
    file_laptop(company)
    assert "2 open requests run by this calendar" in browser.get("/settings/calendars/standard/").content.decode()
