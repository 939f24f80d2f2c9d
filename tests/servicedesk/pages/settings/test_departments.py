"""Departments as administrators and heads set them up."""

import pytest

from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS
from requests_app.org.models import Department, Membership
from requests_app.org.services import save_department
from tests.factories import make_person

pytestmark = pytest.mark.django_db
IT = "/settings/departments/it/"


@pytest.fixture
def typed(company, as_browser):
    """typed(person, …): what the page of the department shows, with changes, as it would be sent."""

    def form(person, **changes) -> dict:
        shown = as_browser(person).get(IT).context["form"]
        values = {bound.name: bound.value() for bound in shown}
        values = {name: value for name, value in values.items() if value not in (None, False)} | changes
        return {name: value for name, value in values.items() if value is not None}

    return form


def test_an_administrator_changes_everything_about_a_department(company, as_browser, typed):
    other = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    sent = typed(
        company.admin, name="Computers", slug="computers", parent="facilities", kind="partner", mission="They run.",
        calendar=str(other.pk), time_zone="Asia/Shanghai", language="ru", cost_centre="4410", is_active=None,
    )  # fmt: skip
    answer = as_browser(company.admin).post(IT, sent)

    assert (answer.status_code, answer.url) == (302, "/settings/departments/computers/")
    it = Department.objects.get(pk=company.it.pk)
    assert (it.name, it.slug, it.parent, it.kind, it.mission) == (
        "Computers", "computers", company.facilities, "partner", "They run.",
    )  # fmt: skip
    assert (it.calendar_id, it.time_zone, it.language) == (other.pk, "Asia/Shanghai", "ru")
    assert (it.cost_centre, it.is_active) == ("4410", False)


def test_a_head_sees_and_changes_only_what_is_not_the_structure(company, as_browser, typed):
    sent = typed(company.supplier_head, mission="Things that work.")
    assert not {"slug", "kind", "parent", "is_active"} & sent.keys()

    forged = sent | {"slug": "mine", "kind": "partner", "parent": "sales"}
    assert as_browser(company.supplier_head).post(IT, forged).status_code == 302

    it = Department.objects.get(pk=company.it.pk)
    assert (it.mission, it.slug, it.kind, it.parent, it.is_active) == (
        "Things that work.",
        "it",
        "internal",
        None,
        True,
    )


def test_a_new_department_gets_its_short_name_from_its_name(company, as_browser):
    sent = {"name": "Human Resources", "kind": "internal", "time_zone": "Europe/Berlin", "language": "en"}
    answer = as_browser(company.admin).post("/settings/new-department/", sent | {"is_active": "on"})

    assert (answer.status_code, answer.url) == (302, "/settings/departments/human-resources/")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "人事部", "slug": ""}, "slug", "Write a short name"),
        ({"name": "Sales again", "slug": "sales"}, "slug", "Another department has this short name"),
        ({"name": "X", "slug": "a b"}, "slug", "letters from a to z"),
        ({"name": "X", "time_zone": "Mars/Olympus"}, "time_zone", "is not offered here"),
        ({"name": "X", "calendar": "99999"}, "calendar", "not offered here"),
        ({"name": "X\x00"}, "name", "a character that cannot be kept"),
        ({"name": "X", "cost_centre": "4" * 41}, "cost_centre", "at most 40"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_is_kept(changes, field, words, company, as_browser):
    usual = {"kind": "internal", "time_zone": "Europe/Berlin", "language": "en", "mission": "Kept as typed"}
    answer = as_browser(company.admin).post("/settings/new-department/", usual | changes)

    assert answer.status_code == 400
    assert words in answer.context["form"].errors[field][0]
    assert "Kept as typed" in answer.content.decode()


def test_a_department_is_never_offered_what_lies_below_it_as_its_parent(company, as_browser):
    save_department(by=company.admin, slug="helpdesk", name="Helpdesk", parent=company.it)
    choices = as_browser(company.admin).get(IT).context["form"].fields["parent"].queryset

    assert [department.slug for department in choices] == ["facilities", "sales"]


def test_a_save_over_somebody_elses_is_refused_once_and_says_what_they_wrote(company, as_browser, typed):
    sent = typed(company.supplier_head, mission="Mine")
    save_department(by=company.admin, department=company.it, mission="Theirs", cost_centre="4410")

    refused = as_browser(company.supplier_head).post(IT, sent)
    assert refused.status_code == 400
    assert "Somebody else saved this in between" in refused.content.decode()
    assert [(one.label, one.words) for one in refused.context["form"].meanwhile] == [
        ("What it is there for", "Theirs"),
        ("Cost centre", "4410"),
    ]
    assert Department.objects.get(pk=company.it.pk).mission == "Theirs"

    again = sent | {"version": refused.context["form"]["version"].value()}
    assert as_browser(company.supplier_head).post(IT, again).status_code == 302
    assert Department.objects.get(pk=company.it.pk).mission == "Mine"


def test_a_head_makes_a_colleague_an_agent_and_takes_it_back(company, as_browser):
    head, sent = as_browser(company.supplier_head), {"email": company.stranger.email}

    assert head.post(f"{IT}agents/", sent | {"agent": "on"}).status_code == 302
    assert _roles(company.stranger, company.it) == {"agent"}
    assert head.post(f"{IT}agents/", sent).status_code == 302
    assert _roles(company.stranger, company.it) == set()


def test_becoming_an_agent_leaves_the_other_hats_as_they_are(company, as_browser):
    as_browser(company.admin).post(f"{IT}agents/", {"email": company.supplier_head.email, "agent": "on"})
    assert _roles(company.supplier_head, company.it) == {"head", "agent"}


@pytest.mark.parametrize("email", ["nobody@example.test", "no address", ""])
def test_an_agent_must_be_somebody(email, company, as_browser):
    answer = as_browser(company.supplier_head).post(f"{IT}agents/", {"email": email, "agent": "on"})
    assert answer.status_code == 400
    assert answer.context["agent_form"].errors["email"]
    assert answer.context["form"].errors == {}


def test_a_head_does_not_make_oneself_an_agent(company, as_browser):
    answer = as_browser(company.supplier_head).post(
        f"{IT}agents/", {"email": company.supplier_head.email, "agent": "on"}
    )
    assert answer.status_code == 403
    assert _roles(company.supplier_head, company.it) == {"head"}


def test_the_page_tells_who_belongs_to_the_department_and_what_was_changed(company, as_browser):
    save_department(by=company.admin, department=company.it, cost_centre="4410")
    page = as_browser(company.supplier_head).get(IT)

    assert [(hats.person.name, hats.roles) for hats in page.context["hats"]] == [
        ("Ansel Assigned", ("agent",)),
        ("Anton Agent", ("agent",)),
        ("Sofia Supplier", ("head",)),
    ]
    latest = page.context["changes"][0]
    assert (latest.by, [(line.label, line.before, line.after) for line in latest.lines]) == (
        "Ada Admin",
        [("Cost centre", "", "4410")],
    )


def test_the_list_is_the_tree_with_heads_people_and_calendars(company, as_browser):
    helpdesk = save_department(by=company.admin, slug="a-helpdesk", name="A helpdesk", parent=company.it)
    make_person("Dora Deputy", helpdesk, "deputy", "agent")
    rows = as_browser(company.admin).get("/settings/departments/").context["rows"]

    assert [
        (row["branch"].department.slug, row["branch"].depth, row["branch"].heads, row["branch"].people) for row in rows
    ] == [
        ("facilities", 0, ("Oda Other",), 4),
        ("it", 0, ("Sofia Supplier",), 3),
        ("a-helpdesk", 1, ("Dora Deputy",), 1),
        ("sales", 0, ("Hanna Head",), 3),
    ]
    assert {row["calendar"].name for row in rows} == {"Standard"}


def test_heads_find_their_own_departments_in_the_list_closed_ones_only_administrators(company, as_browser):
    save_department(by=company.admin, department=company.facilities, is_active=False)
    slugs = {
        person: [
            row["branch"].department.slug for row in as_browser(person).get("/settings/departments/").context["rows"]
        ]
        for person in (company.admin, company.supplier_head)
    }
    assert slugs == {company.admin: ["facilities", "it", "sales"], company.supplier_head: ["it"]}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n in range(rows):
        team = save_department(by=company.admin, slug=f"team-{n}", name=f"Team {n}", parent=company.it)
        make_person(f"Lead {n}", team, "head")
    browser = as_browser(company.admin)
    with django_assert_num_queries(7):
        browser.get("/settings/departments/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n in range(rows):
        make_person(f"Agent {n}", company.it, "agent")
        save_department(by=company.admin, department=company.it, cost_centre=str(n + 1))
    browser = as_browser(company.admin)
    with django_assert_num_queries(11):
        browser.get(IT)


def _roles(person, department) -> set[str]:
    rows = Membership.objects.filter(person=person, department=department)
    return set(rows.values_list("role", flat=True))
