"""Calendars as administrators and heads set them: the week, the days of a year, public holidays."""

from datetime import date, time

import pytest

from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.calendars.states import OFFICE_HOURS, SpecialDay
from requests_app.org.services import save_department
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
OFFICE, YEAR, HOLIDAYS = (f"/settings/calendars/office/{part}" for part in ("", "2026/", "holidays/"))
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
SENT = WEEK | {"name": "Office", "zone": "Europe/Berlin", "saturday": "", "sunday": "", "do": "save"}


@pytest.fixture
def office(company) -> Calendar:
    """The calendar that IT has chosen, so that its head may change it."""
    made = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    save_department(by=company.admin, department=company.it, calendar_id=made.pk)
    company.laptop.refresh_from_db()
    return made


@pytest.fixture
def head(company, office, as_browser):
    return as_browser(company.supplier_head)


def now() -> Calendar:
    return Calendar.objects.select_related("current").get(slug="office")


def days() -> dict[str, str]:
    return {day.date.isoformat(): str(day) for day in hours_of(now().current).special_days}


def rows(*found: tuple[str, str, str], **more) -> dict:
    names = ("date", "name", "windows")
    sent = {
        f"row{place}-{name}": value
        for place, row in enumerate(found, start=1)
        for name, value in zip(names, row, strict=True)
    }
    return {"total": str(len(found)), "do": "save"} | sent | more


# ── The week ──


def test_a_head_changes_the_week_of_the_calendar_that_the_department_has_chosen(company, head):
    promised = file_laptop(company).clocks.get(measure="resolution")
    sent = SENT | {
        "friday": "9-12:30; 13.00–15",
        "name": "Office hours",
        "zone": "Asia/Shanghai",
        "reason": "Short Fridays",
    }
    answer = head.post(OFFICE, sent, follow=True)

    calendar = now()
    assert (calendar.name, calendar.current.zone, calendar.current.number) == ("Office hours", "Asia/Shanghai", 2)
    assert calendar.current.weekly[4] == [["09:00", "12:30"], ["13:00", "15:00"]]
    assert (calendar.current.reason, calendar.current.created_by) == ("Short Fridays", company.supplier_head)
    page = answer.content.decode()
    assert "Version 2 holds from now on. Open requests keep the hours they were promised under." in page
    assert "1 open request runs by this calendar and keeps its promise." in page
    promised.refresh_from_db()
    assert promised.calendar_version.number == 1


def test_other_words_alone_make_no_version(head):
    answer = head.post(OFFICE, SENT | {"name": "Renamed", "version": "1"}, follow=True)
    assert (now().name, now().current.number) == ("Renamed", 1)
    assert "The hours are as before, so there is no new version." in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "x" * 121}, "name", "at most 120"),
        ({"zone": "Mars/Olympus"}, "zone", "is not offered here"),
        ({"tuesday": "early"}, "tuesday", "“early” is not an interval. Write it like 09:00-17:00"),
        ({"tuesday": "09:00-12:00, 11:00-13:00"}, "tuesday", "overlap"),
        ({"tuesday": "9" * 201}, "tuesday", "at most 200"),
        ({"tuesday": "\x00"}, "tuesday", "a character that cannot be kept"),
        ({"reason": "x" * 501}, "reason", "at most 500"),
    ],
)
def test_what_is_no_week_is_said_beside_the_day_and_what_was_typed_is_kept(changes, field, words, head):
    answer = head.post(OFFICE, SENT | {"monday": "07:11-15:11"} | changes)
    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    assert "07:11-15:11" in answer.content.decode()
    assert now().current.number == 1


def test_the_preview_says_how_each_day_is_understood(head):
    sent = SENT | {"monday": "22-6", "tuesday": "nonsense", "wednesday": "0-24", "do": "preview"}
    answer = head.post(OFFICE, sent, headers={"HX-Request": "true"})
    week = answer.context["week"]
    assert [(day.windows, day.seconds) for day in week[:4]] == [
        ((("22:00", "06:00"),), 28_800),
        (None, 0),
        ((("00:00", "24:00"),), 86_400),
        ((("09:00", "17:00"),), 28_800),
    ]
    assert (answer.status_code, answer.context["seconds"]) == (200, 172_800)
    assert "cannot be read" in answer.content.decode()
    assert now().current.number == 1


def test_hours_that_somebody_else_saved_meanwhile_are_told_and_replaced_only_knowingly(company, office, head):
    sent = SENT | {"monday": "10:00-18:00", "version": "1"}
    revise_calendar(by=company.admin, calendar=office, weekly=((("08:00", "16:00"),),) * 5 + ((),) * 2)

    refused = head.post(OFFICE, sent)
    assert refused.status_code == 400
    assert ("Monday", "08:00-16:00") in [(one.label, one.words) for one in refused.context["form"].meanwhile]
    assert now().current.number == 2
    assert head.post(OFFICE, sent | {"version": refused.context["form"]["version"].value()}).status_code == 302
    assert now().current.weekly[0] == [["10:00", "18:00"]]


def test_only_administrators_make_a_calendar_the_company_s(company, head, as_browser):
    head.post(OFFICE, SENT | {"is_default": "on"})
    assert not now().is_default
    as_browser(company.admin).post(OFFICE, SENT | {"is_default": "on"})
    assert now().is_default
    assert "is_default" not in as_browser(company.admin).get(OFFICE).context["form"].fields


def test_an_administrator_makes_a_calendar_and_goes_on_with_its_days_off(company, as_browser):
    browser = as_browser(company.admin)
    assert browser.get("/settings/new-calendar/").context["form"]["zone"].value() == "Europe/Berlin"
    preview = browser.post("/settings/new-calendar/", SENT | {"do": "preview"}, headers={"HX-Request": "true"})
    assert (preview.status_code, Calendar.objects.count()) == (200, 1)
    answer = browser.post("/settings/new-calendar/", SENT)
    assert (answer.status_code, answer.url) == (302, HOLIDAYS)
    refused = browser.post("/settings/new-calendar/", SENT)
    assert "Another calendar has this short name" in refused.content.decode()


RULE = {"cutoff": "16", "restart": "8:00", "workdays": ["0", "5"]}


def test_the_rule_for_working_days_is_changed_with_the_week(head):
    page = head.post(OFFICE, SENT | RULE, follow=True)

    assert now().current.day_rule == {"cutoff": "16:00", "restart": "08:00", "workdays": [0, 5], "holidays_off": False}
    assert page.context["rule"] == [
        "Working days: Monday, Saturday.",
        "What comes at 16:00 or later counts as if it came on the next working day at 08:00.",
        "Days that are closed count like others.",
    ]


def test_a_body_without_the_rule_leaves_it(company, office, head):
    revise_calendar(by=company.admin, calendar=office, day_rule={"cutoff": "12:00"})
    head.post(OFFICE, SENT | {"friday": ""})
    assert (now().current.number, now().current.day_rule["cutoff"]) == (3, "12:00")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"cutoff": ""}, "cutoff", "Fill this in."),
        ({"cutoff": "soon"}, "cutoff", "Write a time like 17:00, or 24:00 for never."),
        ({"restart": "24:00"}, "restart", "Write a time like 08:30."),
        ({"restart": "16:00"}, "restart", "This must be earlier than 16:00, or a whole working day is lost."),
        ({"workdays": ["7"]}, "workdays", "“7” is not offered here. Choose from the list."),
    ],
)
def test_what_is_no_rule_is_said_beside_the_field(changes, field, words, head):
    answer = head.post(OFFICE, SENT | RULE | changes)
    assert (answer.status_code, answer.context["form"].errors[field]) == (400, [words])
    assert now().current.number == 1


def test_the_preview_says_the_rule_in_words_and_what_it_comes_to(head):
    sent = SENT | RULE | {"cutoff": "12:00", "workdays": [], "holidays_off": "on", "do": "preview"}
    shown = head.post(OFFICE, sent, headers={"HX-Request": "true"}).context
    assert shown["rule"] == [
        "Working days: Monday – Friday.",
        "What comes at 12:00 or later counts as if it came on the next working day at 08:00.",
        "Days that are closed do not count.",
    ]
    assert [(one.start.time(), one.due.time()) for one in shown["examples"]] == [
        (time(11, 59), time(11, 59)),
        (time(12), time(8)),
    ]
    unreadable = head.post(OFFICE, sent | {"cutoff": "soon"}, headers={"HX-Request": "true"})
    assert (unreadable.status_code, "rule" in unreadable.context) == (200, False)
    assert now().current.number == 1


# ── Days of a year ──


def test_the_days_of_a_year_are_saved_together_and_other_years_stay(company, office, head):
    revise_calendar(
        by=company.admin, calendar=office,
        special_days=[SpecialDay(date(2025, 12, 25), "Christmas"), SpecialDay(date(2026, 5, 1), "May Day")],
    )  # fmt: skip
    answer = head.post(
        YEAR, rows(("2026-12-24", "Christmas Eve", "9-12"), ("2026-12-28", "Inventory", ""), reason="Year's end")
    )
    assert (answer.status_code, answer.url) == (302, YEAR)
    assert days() == {
        "2025-12-25": "Christmas, closed",
        "2026-12-24": "Christmas Eve, 09:00-12:00",
        "2026-12-28": "Inventory, closed",
    }
    assert now().current.reason == "Year's end"


@pytest.mark.parametrize(
    ("button", "left"),
    [("add", ["2026-05-01", "2026-10-03", ""]), ("remove-1", ["2026-10-03"])],
)
def test_days_are_added_and_removed_without_a_script_and_nothing_is_saved(button, left, head):
    sent = rows(("2026-05-01", "May Day", ""), ("2026-10-03", "Unity", ""), do=button)
    answer = head.post(YEAR, sent)
    assert (answer.status_code, now().current.number) == (200, 1)
    assert [raw.get("date", "") for raw in answer.context["rows"].raw] == left


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Nothing", ""), "Choose a day."),
        (("2026-02-30", "Never", ""), "Give a day such as 2026-03-31."),
        (("30.02.2026", "Never", ""), "Give a day such as 2026-03-31."),
        (("2026-05-02", "", ""), "Fill this in."),
        (("2026-05-02", "x" * 121, ""), "at most 120"),
        (("2026-05-02", "Half", "morning"), "is not an interval"),
        (("2026-05-02", "Half", "\x00"), "a character that cannot be kept"),
    ],
)
def test_a_day_that_cannot_be_says_so_in_its_row(row, words, head):
    answer = head.post(YEAR, rows(("2026-05-01", "May Day", ""), row))
    shown = answer.context["rows"]
    assert answer.status_code == 400
    assert (shown.rows[0].errors, bool(shown.rows[1].errors)) == ({}, True)
    assert words in " ".join(error for errors in shown.rows[1].errors.values() for error in errors)
    assert "May Day" in answer.content.decode()


def test_a_date_given_twice_is_said_above_the_rows(head):
    answer = head.post(YEAR, rows(("2026-05-01", "May Day", ""), ("2026-05-01", "Again", "")))
    assert answer.status_code == 400
    assert answer.context["rows"].errors == ["2026-05-01: This date is there twice. Remove one of the two."]


def test_days_that_somebody_else_saved_meanwhile_are_replaced_only_knowingly(company, office, head):
    version = head.get(YEAR).context["rows"].version
    revise_calendar(by=company.admin, calendar=office, special_days=[SpecialDay(date(2026, 5, 1), "Theirs")])
    sent = rows(("2026-05-02", "Mine", ""), version=version)

    refused = head.post(YEAR, sent)
    assert refused.status_code == 400
    assert "Somebody else changed these hours in between" in refused.context["rows"].errors[0]
    assert days() == {"2026-05-01": "Theirs, closed"}
    assert head.post(YEAR, sent | {"version": refused.context["rows"].version}).status_code == 302
    assert days() == {"2026-05-02": "Mine, closed"}


def test_the_year_is_told_month_by_month(company, office, head):
    revise_calendar(
        by=company.admin, calendar=office,
        special_days=[
            SpecialDay(date(2026, 12, 24), "Eve", (("09:00", "12:00"),)), SpecialDay(date(2026, 12, 25), "Day"),
        ],
    )  # fmt: skip
    page = head.get(YEAR).context
    december = page["months"][11]
    assert (december.first, december.workdays, december.seconds) == (date(2026, 12, 1), 22, (21 * 8 + 3) * 3600)
    assert [day.name for day in december.special_days] == ["Eve", "Day"]
    assert (page["earlier"], page["later"], page["workdays"]) == (2025, 2027, 260)


def test_the_first_and_the_last_year_lead_no_further(head):
    first, last = (head.get(f"/settings/calendars/office/{year}/").context for year in (1901, 2198))
    assert (first["earlier"], first["later"], last["earlier"], last["later"]) == (None, 1902, 2197, None)


def test_a_year_with_more_days_than_a_page_takes_is_shown_and_left_to_the_api(company, office, head):
    many = [SpecialDay(date.fromordinal(date(2026, 1, 1).toordinal() + n), f"Day {n}") for n in range(121)]
    revise_calendar(by=company.admin, calendar=office, special_days=many)
    page = head.get(YEAR).content.decode()
    assert "change them over the API" in page
    assert "Day 120" in page
    assert 'name="row1-date"' not in page


# ── Public holidays ──


def test_holidays_are_looked_at_before_they_are_added_and_entered_days_stay(company, office, head):
    revise_calendar(
        by=company.admin, calendar=office, special_days=[SpecialDay(date(2026, 1, 1), "We work", (("09:00", "17:00"),))]
    )
    query = {"country": "DE", "region": "BE", "language": "en_US", "first": "2026", "last": "2026"}
    shown = head.get(HOLIDAYS, query).context
    assert (len(shown["proposals"]), shown["new"]) == (10, 9)
    assert [(one.day.date, one.known and one.known.name) for one in shown["proposals"]][:2] == [
        (date(2026, 1, 1), "We work"),
        (date(2026, 3, 8), None),
    ]
    assert now().current.number == 2

    answer = head.post(HOLIDAYS, query)
    assert (answer.status_code, answer.url) == (302, YEAR)
    assert (days()["2026-01-01"], days()["2026-05-01"]) == ("We work, 09:00-17:00", "Labor Day, closed")
    assert (now().country, now().region, now().current.reason) == ("DE", "BE", "Public holidays of DE-BE")
    again = head.get(HOLIDAYS).context
    assert (again["form"]["country"].value(), again["form"]["region"].value()) == ("DE", "BE")


def test_a_region_of_another_country_counts_as_none(head):
    shown = head.get(HOLIDAYS, {"country": "FR", "region": "BE", "language": "de", "first": "2026", "last": "2026"})
    assert shown.context["form"].cleaned_data | {"years": 0} == {
        "country": "FR", "region": "", "language": "", "first": 2026, "last": 2026, "years": 0,
    }  # fmt: skip
    assert len(shown.context["proposals"]) > 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"first": "1066"}, "first"),
        ({"first": "x"}, "first"),
        ({"last": "2025"}, "last"),
        ({"last": "2036"}, "last"),
        ({"last": ""}, "last"),
    ],
)
def test_holidays_of_nowhere_and_never_are_refused_when_shown_and_when_added(changes, field, head):
    query = {"country": "DE", "first": "2026", "last": "2026"} | changes
    for answer in (head.get(HOLIDAYS, query), head.post(HOLIDAYS, query)):
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert now().current.number == 1


def test_years_of_which_nothing_is_known_are_refused_plainly(head):
    answer = head.get(HOLIDAYS, {"country": "US", "first": "2150", "last": "2150"})
    assert answer.status_code in (200, 400)
    nothing = head.get(HOLIDAYS, {"country": "HK", "first": "1930", "last": "1930"})
    assert (nothing.status_code, list(nothing.context["form"].errors)) == (400, ["__all__"])


def test_without_a_country_nothing_is_proposed_and_nothing_is_wrong(head):
    page = head.get(HOLIDAYS)
    assert (page.status_code, page.context["proposals"], page.context["form"].errors) == (200, [], {})


# ── The list ──


def test_the_list_says_the_week_in_words_what_comes_next_and_who_uses_it(company, office, head, as_browser):
    revise_calendar(
        by=company.admin, calendar=office, weekly=((("09:00", "17:00"),),) * 4 + ((("09:00", "12:00"),),) + ((),) * 2,
        special_days=[SpecialDay(date(2020, 1, 1), "Long ago"), SpecialDay(date(2190, 1, 1), "Far off")],
    )  # fmt: skip
    own = head.get("/settings/calendars/").context["rows"]
    assert [(row["calendar"].slug, row["week"], str(row["next"]), row["uses"]) for row in own] == [
        ("office", ["Monday – Thursday 09:00–17:00", "Friday 09:00–12:00"], "Far off, closed", 1)
    ]
    every = as_browser(company.admin).get("/settings/calendars/").context["rows"]
    assert [(row["calendar"].slug, row["week"], row["next"], row["uses"]) for row in every][1] == (
        "standard", ["Monday – Sunday 00:00–24:00"], None, 2,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_a_fixed_number_of_queries(count, company, as_browser, django_assert_num_queries):
    for n in range(count):
        create_calendar(by=company.admin, name=f"Shift {n}", zone="UTC", weekly=OFFICE_HOURS)
    browser = as_browser(company.admin)
    with django_assert_num_queries(5):
        browser.get("/settings/calendars/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_is_read_in_a_fixed_number_of_queries(count, company, office, as_browser, django_assert_num_queries):
    for n in range(count):
        revise_calendar(by=company.admin, calendar=office, zone=["UTC", "Asia/Shanghai", "Asia/Tokyo"][n])
        save_department(by=company.admin, slug=f"team-{n}", name=f"Team {n}", calendar_id=office.pk)
    browser = as_browser(company.admin)
    with django_assert_num_queries(7):
        browser.get(OFFICE)
