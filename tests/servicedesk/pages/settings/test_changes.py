"""The history of changes: in words, and only for whom it is."""

from datetime import date

import pytest

from requests_app.agreements.services import drop_matrix, end_targets, set_matrix, set_targets
from requests_app.agreements.states import DEFAULT_MATRIX
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.calendars.states import OFFICE_HOURS, SpecialDay
from requests_app.catalogue.services import change_service
from requests_app.catalogue.states import FormField
from requests_app.events.models import Event
from requests_app.org.services import create_token, save_department, save_person, set_hats, withdraw_token
from servicedesk.pages.settings.changes import change_page, changes_for, changes_of

pytestmark = pytest.mark.django_db

TARGETS = {"response": {1: 3600}, "resolution": {1: 5400, 2: 7200}}


def latest(person) -> tuple:
    """kind, subject, address, lines of the last change that the person may read."""
    change = change_page(changes_for(person))[0][0]
    return change.kind, change.subject, change.url, [(line.label, line.before, line.after) for line in change.lines]


def test_ids_of_departments_and_calendars_are_told_by_name(company):
    office = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    save_department(
        by=company.admin, department=company.it, parent=company.sales, calendar_id=office.pk, kind="partner"
    )
    assert latest(company.admin) == (
        "Department",
        "IT Services",
        "/settings/departments/it/",
        [
            ("Kind", "Department", "Partner organisation"),
            ("Working calendar", "", "Office"),
            ("Belongs to", "", "Sales"),
        ],
    )


def test_roles_and_flags_of_a_person_are_told_in_words(company):
    save_person(by=company.admin, person=company.requester, is_auditor=True, language="ru")
    assert latest(company.admin) == (
        "Person",
        "Rita Requester",
        f"/settings/people/{company.requester.pk}/",
        [("Language", "", "Русский"), ("Auditor", "no", "yes")],
    )
    set_hats(by=company.admin, person=company.requester, department=company.it, roles={"agent", "head"})
    assert latest(company.admin)[3] == [("IT Services", "", "Agent, Head")]


def test_a_service_is_told_with_its_responsible_person_and_the_version_of_its_form(company):
    change_service(
        by=company.admin, service=company.laptop, fields=[FormField("a", "A")], owner_id=company.agent.pk,
        description="x" * 500,
    )  # fmt: skip
    kind, subject, url, lines = latest(company.admin)
    assert (kind, subject, url) == ("Service", "Laptop", "/settings/services/laptop/")
    assert lines == [
        ("Description", "", "x" * 160 + " …"),
        ("Responsible", "", "Anton Agent"),
        ("Form", "version 1", "version 2"),
    ]


def test_targets_are_told_in_working_time_against_the_version_before(company):
    parties = {"supplier": company.it, "customer": company.sales, "service": company.laptop}
    set_targets(by=company.admin, targets=TARGETS, **parties)
    assert latest(company.admin)[:3] == ("Targets", "IT Services for Sales: Laptop", "")
    set_targets(
        by=company.admin, targets={"response": {1: 1800}, "resolution": {1: 5400}}, pausing=("customer", "part"),
        acceptance_days=3, **parties,
    )  # fmt: skip
    assert latest(company.admin)[3] == [
        ("First response, Critical", "1\u00a0h", "30\u00a0min"),
        ("Resolution, High", "2\u00a0h", ""),
        (
            "When the clock stands still",
            "Waiting for the customer",
            "Waiting for the customer, Waiting for a part or material",
        ),
        ("Accepted without an answer after", "5\u00a0days", "3\u00a0days"),
    ]
    end_targets(by=company.admin, **parties)
    assert latest(company.admin)[3] == [("In force", "yes", "no, what is less specific holds again")]


def test_parties_are_named_as_far_as_they_are_named(company):
    set_targets(by=company.admin, targets=TARGETS, supplier=company.it)
    assert latest(company.admin)[1] == "IT Services"
    set_targets(by=company.admin, targets=TARGETS, supplier=company.it, service=company.laptop)
    assert latest(company.admin)[1] == "IT Services: Laptop"
    set_targets(by=company.admin, targets=TARGETS, customer=company.sales)
    assert latest(company.admin)[1] == "every department for Sales"
    set_targets(by=company.admin, targets=TARGETS)
    assert latest(company.admin)[1] == "The company's default"


def test_priorities_are_told_cell_by_cell_also_when_they_are_gone(company):
    cells = {urgency: dict(row) for urgency, row in DEFAULT_MATRIX.items()}
    cells[3][3] = 4
    set_matrix(by=company.admin, cells=DEFAULT_MATRIX, department=company.it)
    set_matrix(by=company.admin, cells=cells, department=company.it)
    assert latest(company.supplier_head) == (
        "Priorities", "IT Services", "", [("Work goes on × One person", "Planned", "Low")],
    )  # fmt: skip
    drop_matrix(by=company.admin, department=company.it)
    kind, subject, _url, lines = latest(company.supplier_head)
    assert (kind, subject, len(lines), lines[0]) == (
        "Priorities", "IT Services", 9, ("Work has stopped × The whole company or a customer", "Critical", ""),
    )  # fmt: skip
    set_matrix(by=company.admin, cells=DEFAULT_MATRIX)
    assert latest(company.admin)[1] == "The company"


def test_hours_are_told_day_by_day_with_the_reason(company):
    revise_calendar(
        by=company.admin, calendar=company.calendar, weekly=OFFICE_HOURS, reason="Summer",
        special_days=[SpecialDay(date(2026, 12, 24), "Christmas Eve")],
    )  # fmt: skip
    change = changes_of("calendar", company.calendar.pk)[0]
    assert change.reason == "Summer"
    assert [(line.label, line.after) for line in change.lines][:3] == [
        ("Version", "2"),
        ("Monday", "09:00-17:00"),
        ("Tuesday", "09:00-17:00"),
    ]
    assert (change.lines[-1].label, change.lines[-1].after) == ("2026-12-24", "Christmas Eve, closed")


def test_the_rule_for_working_days_is_told_term_by_term(company):
    rule = {"cutoff": "24:00", "restart": "09:00", "workdays": [0, 5], "holidays_off": False}
    revise_calendar(by=company.admin, calendar=company.calendar, day_rule=rule)
    change = changes_of("calendar", company.calendar.pk)[0]
    assert [(line.label, line.before, line.after) for line in change.lines] == [
        ("Version", "1", "2"),
        ("Counts for the next working day from", "17:00", "never"),
        ("Then taken as received at", "08:30", "09:00"),
        ("Working days", "the weekdays with hours", "Monday, Saturday"),
        ("Days that are closed do not count", "yes", "no"),
    ]


def test_a_long_change_is_cut_and_says_how_much_more_there_is(company):
    days = [{"date": f"2026-03-{day:02}", "name": "Away"} for day in range(1, 21)]
    revise_calendar(by=company.admin, calendar=company.calendar, special_days=days)
    change = changes_of("calendar", company.calendar.pk)[0]
    assert (len(change.lines), change.more) == (12, 9)


def test_a_token_is_told_by_its_name_also_when_it_is_withdrawn(company):
    create_token(person=company.requester, name="Nightly")
    assert latest(company.admin)[:2] == ("API token", "Nightly")
    withdraw_token(by=company.admin, token=company.requester.api_tokens.get())
    kind, subject, url, lines = latest(company.admin)
    assert (kind, subject, url) == ("API token", "Nightly", "")
    assert lines[:2] == [("Name", "Nightly", ""), ("Whose", "Rita Requester", "")]


def test_what_is_new_is_told_apart_from_what_was_changed(company):
    newest = changes_of("department", company.it.pk)[0]
    assert newest.made
    save_department(by=company.admin, department=company.it, mission="New words")
    assert not changes_of("department", company.it.pk)[0].made


def test_what_the_installation_did_is_told_so(company):
    change = change_page(changes_for(company.admin).filter(subject_kind="agreement"))[0][0]
    assert (change.by, change.made) == ("The installation", True)


def test_values_that_nobody_has_words_for_are_shown_as_they_are(company):
    Event.objects.create(
        subject_kind="service", subject_id=company.laptop.pk, kind="config.changed", at=company.admin.joined_at,
        data={"before": {"owner_id": 999999, "colour": "red"}, "after": {"owner_id": None, "colour": "blue"}},
    )  # fmt: skip
    change = changes_of("service", company.laptop.pk, size=50)[-1]
    assert [(line.label, line.before, line.after) for line in change.lines] == [
        ("Responsible", "999999", ""),
        ("colour", "red", "blue"),
    ]


def test_heads_read_what_is_their_departments_and_nothing_else(company):
    office = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    save_department(by=company.admin, department=company.it, calendar_id=office.pk)
    for department in (company.it, company.sales):
        set_targets(by=company.admin, targets=TARGETS, supplier=department)
        set_matrix(by=company.admin, cells=DEFAULT_MATRIX, department=department)
        set_hats(by=company.admin, person=company.stranger, department=department, roles={"member"})
    save_person(by=company.admin, person=company.stranger, is_auditor=True)
    create_token(person=company.agent, name="Secret plan")

    rows = change_page(changes_for(company.supplier_head), size=100)[0]
    assert {(change.kind, change.subject) for change in rows} == {
        ("Department", "IT Services"),
        ("Service", "Laptop"),
        ("Targets", "IT Services"),
        ("Priorities", "IT Services"),
        ("Calendar", "Office"),
        ("Person", "Stan Stranger"),
        ("Person", "Anton Agent"),
        ("Person", "Ansel Assigned"),
        ("Person", "Sofia Supplier"),
    }
    assert {line.label for change in rows if change.kind == "Person" for line in change.lines} == {"IT Services"}


def test_a_department_whose_short_name_is_that_of_a_field_opens_no_window_on_people(company):
    email = save_department(by=company.admin, slug="email", name="Mail room")
    set_hats(by=company.admin, person=company.stranger, department=email, roles={"head"})
    save_person(by=company.admin, person=company.requester, email="rita@example.test")
    assert {change.kind for change in change_page(changes_for(company.stranger))[0]} == {"Department"}


def test_the_page_narrows_to_one_kind_and_to_one_thing(company, as_browser):
    browser = as_browser(company.admin)
    departments = browser.get("/settings/history/?what=department").context["changes"]
    assert {change.subject for change in departments} == {"IT Services", "Sales", "Facilities"}
    one = browser.get(f"/settings/history/?what=department&id={company.it.pk}").context["changes"]
    assert {change.subject for change in one} == {"IT Services"}
    assert browser.get("/settings/history/?what=department&id=999999").context["changes"] == []


def test_the_history_goes_on_on_the_next_page(company, as_browser):
    for n in range(35):
        save_department(by=company.admin, department=company.it, cost_centre=str(n))
    first = as_browser(company.admin).get("/settings/history/?what=department")
    second = as_browser(company.admin).get(f"/settings/history/?what=department&cursor={first.context['page'].next}")
    assert [change.lines[0].after for change in first.context["changes"]] == [str(n) for n in range(34, 4, -1)]
    assert [change.lines[0].after for change in second.context["changes"]][:5] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n in range(rows):
        save_department(by=company.admin, department=company.it, cost_centre=str(n + 1), parent=company.sales)
        change_service(by=company.admin, service=company.laptop, owner_id=company.agent.pk, summary=str(n))
        set_targets(by=company.admin, targets=TARGETS, supplier=company.it)
        set_hats(
            by=company.admin,
            person=company.stranger,
            department=company.it,
            roles={"member", "agent"} if n % 2 else {"agent"},
        )
    browser = as_browser(company.admin)
    with django_assert_num_queries(11):
        browser.get("/settings/history/")
