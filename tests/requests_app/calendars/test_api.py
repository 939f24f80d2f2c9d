"""Working calendars over HTTP."""

import pytest

from requests_app.calendars.models import CalendarVersion
from requests_app.org.models import Department

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/calendars/"
WEEK = [[["09:00", "12:30"], ["13:00", "17:00"]]] * 5 + [[], []]
BODY = {
    "name": "Shop",
    "zone": "Europe/Berlin",
    "weekly": WEEK,
    "special_days": [{"date": "2026-12-24", "name": "Christmas Eve"}],
}


def test_hours_are_no_secret_and_say_who_works_by_them(company, as_api):
    shown = as_api(company.stranger).get(f"{ADDRESS}standard/")
    assert (shown.data["version"], shown["ETag"], shown.data["is_default"]) == (1, '"1"', True)
    assert shown.data["departments"] == ["facilities", "it", "sales"]
    assert shown.data["weekly"] == [[["00:00", "24:00"]]] * 7


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_three_queries_at_most(company, as_api, rows, django_assert_num_queries):
    admin = as_api(company.admin)
    for place in range(1, rows):
        admin.post(ADDRESS, BODY | {"name": f"Shop {place}"})
    client = as_api(company.stranger)
    with django_assert_num_queries(3):
        assert len(client.get(ADDRESS).data["results"]) == rows


def test_administrators_make_them(company, as_api):
    made = as_api(company.admin).post(ADDRESS, BODY)
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{ADDRESS}shop/")
    assert made.data["special_days"] == [{"date": "2026-12-24", "name": "Christmas Eve", "windows": []}]
    assert made.data["departments"] == []
    assert as_api(company.supplier_head).post(ADDRESS, BODY | {"name": "Other"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Standard"}, "slug"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekly": WEEK[:6]}, "weekly"),
        ({"weekly": [[["09:00", "08:00"], ["08:30", "10:00"]], *WEEK[1:]]}, "monday"),
        ({"weekly": [[["9-17"]], *WEEK[1:]]}, "weekly.0.0"),
        ({"special_days": [{"date": "2026-02-30", "name": "x"}]}, "special_days"),
        ({"special_days": [{"date": "2026-12-24"}]}, "special_days.0.name"),
        ({"reason": "x"}, "reason"),
        ({"current": 1}, "current"),
        ({"day_rule": None}, "day_rule"),
        ({"day_rule": {"cut_off": "17:00"}}, "day_rule.cut_off"),
        ({"day_rule": {"cutoff": 17}}, "day_rule.cutoff"),
        ({"day_rule": {"cutoff": "17"}, "reason": None}, "reason"),
        ({"day_rule": {"cutoff": "25:00"}}, "cutoff"),
        ({"day_rule": {"restart": "18:00"}}, "restart"),
        ({"day_rule": {"workdays": [7]}}, "day_rule.workdays.0"),
        ({"day_rule": {"holidays_off": 1}}, "day_rule.holidays_off"),
    ],
)
def test_what_is_wrong_is_said_by_field(company, as_api, change, field):
    answer = as_api(company.admin).post(ADDRESS, BODY | change)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert CalendarVersion.objects.count() == 1


def test_other_hours_are_the_next_version_and_the_old_one_stays(company, as_api):
    client, here = as_api(company.admin), f"{ADDRESS}standard/"
    changed = client.put(here, {"weekly": WEEK, "reason": "Shorter days"})
    assert (changed.data["version"], changed.data["weekly"], changed["ETag"]) == (2, WEEK, '"2"')
    versions = client.get(f"{here}versions/").data["results"]
    assert [(row["version"], row["reason"], row["created_by"]) for row in versions] == [
        (2, "Shorter days", company.admin.email),
        (1, "", company.admin.email),
    ]


def test_no_difference_makes_no_version_and_a_name_is_no_hours(company, as_api):
    client, here = as_api(company.admin), f"{ADDRESS}standard/"
    assert client.put(here, {"zone": "Europe/Berlin"}).data["version"] == 1
    renamed = client.put(here, {"name": "Everybody"})
    assert (renamed.data["version"], renamed.data["name"], renamed.data["slug"]) == (1, "Everybody", "standard")


def test_a_change_names_the_version_that_was_read(company, as_api):
    client, here = as_api(company.admin), f"{ADDRESS}standard/"
    assert client.put(here, {"weekly": WEEK}, headers={"If-Match": '"1"'}).status_code == 200
    stale = client.put(here, {"zone": "Asia/Tokyo"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_heads_change_the_hours_of_a_calendar_that_their_department_chose(company, as_api):
    head = as_api(company.supplier_head)
    assert head.put(f"{ADDRESS}standard/", {"weekly": WEEK}).status_code == 403
    Department.objects.filter(slug="it").update(calendar_id=company.calendar.pk)
    assert head.put(f"{ADDRESS}standard/", {"weekly": WEEK}).status_code == 200
    assert head.put(f"{ADDRESS}standard/", {"is_default": False}).status_code == 403


USUAL = {"cutoff": "17:00", "restart": "08:30", "workdays": None, "holidays_off": True}
RULE = {"cutoff": "12:00", "restart": "07:00", "workdays": [0, 5], "holidays_off": False}


def test_the_rule_for_working_days_is_set_told_and_kept_where_it_is_left_out(company, as_api):
    client, here = as_api(company.admin), f"{ADDRESS}shop/"
    assert client.post(ADDRESS, BODY).data["day_rule"] == USUAL
    assert client.post(ADDRESS, BODY | {"name": "Saturdays", "day_rule": RULE}).data["day_rule"] == RULE

    assert client.put(here, {"day_rule": {"cutoff": "18:00"}}).data["day_rule"] == USUAL | {"cutoff": "18:00"}
    assert client.put(here, {"day_rule": RULE}).data["day_rule"] == RULE
    assert client.put(here, {"day_rule": {"workdays": None}}).data["day_rule"] == RULE | {"workdays": None}
    versions = client.get(f"{here}versions/").data["results"]
    assert [row["day_rule"]["cutoff"] for row in versions] == ["12:00", "12:00", "18:00", "17:00"]


def test_the_days_that_differ_are_a_calendar_file_for_everybody_whatever_is_accepted(company, as_api):
    as_api(company.admin).post(ADDRESS, BODY)
    client = as_api(company.stranger)
    link = client.get(f"{ADDRESS}shop/").data["links"]["ics"]
    assert link == f"http://testserver{ADDRESS}shop/ics/"
    for accept in ("text/calendar", "application/json", "*/*"):
        answer = client.get(link, headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert b"SUMMARY:Christmas Eve" in answer.content
    absent = client.get(f"{ADDRESS}atlantis/ics/", headers={"Accept": "text/calendar"})
    assert (absent.status_code, absent.json()["code"]) == (404, "not_found")
    assert as_api().get(link).status_code == 401
    assert client.get(link, {"surprise": 1}).status_code == 400
