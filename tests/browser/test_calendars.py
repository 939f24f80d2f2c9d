"""An administrator builds a calendar for the night shift: hours over midnight, a region's holidays, a half day, a file."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import hours_of, worktime_of
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS
from tests.browser.screens import NARROW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3600
FILE = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270104
SUMMARY:Inventory
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270101
SUMMARY:First of January
END:VEVENT
BEGIN:VEVENT
SUMMARY:Someday
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260401
RRULE:FREQ=SECONDLY
SUMMARY:Always
END:VEVENT
END:VCALENDAR
"""


def night_shift(page: Page) -> None:
    """Made in the browser, up to the page of its days off."""
    page.goto("/settings/new-calendar/")
    page.get_by_label("Name", exact=True).fill("Night shift")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        page.get_by_role("textbox", name=day).fill("22-6")
    page.get_by_role("textbox", name="Friday").fill("")
    page.get_by_label("Counts for the next working day from").fill("24:00")
    page.get_by_role("button", name="Make the calendar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Public holidays for Night shift")


def bavaria(page: Page) -> None:
    page.get_by_label("Country").select_option("Germany")
    page.get_by_label("From year").fill("2026")
    page.get_by_label("To year").fill("2026")
    page.get_by_role("button", name="Show what would be added").click()
    page.get_by_label("Region").select_option("BY")
    page.get_by_role("button", name="Show what would be added").click()
    expect(page.get_by_role("complementary")).to_contain_text("Germany, Bayern")
    expect(page.get_by_role("complementary")).to_contain_text("6 Jan 2026 Heilige Drei Könige")
    page.get_by_role("button", name="Add 12 days").click()


def half_day(page: Page) -> None:
    page.get_by_role("link", name="Public holidays").click()
    page.get_by_role("button", name="Remove shorter day 2 New Year's Eve").click()
    eve = page.get_by_role("group", name="Shorter day 1")
    eve.get_by_label("Date").fill("2026-12-24")
    eve.get_by_label("Hours").fill("22-1")
    eve.get_by_label("Years").fill("3")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("complementary")).to_contain_text("Left out: Friday is a day off anyway.")
    page.get_by_role("button", name="Save 1 day").click()


@pytest.mark.parametrize("page", [{}, {"width": 360, "script": False}], indirect=True)
def test_a_night_shift_gets_its_holidays_and_a_half_day_and_the_year_is_right(page, company, sign_in):
    sign_in(page, company.admin.email)
    night_shift(page)
    bavaria(page)
    half_day(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Night shift in 2026")
    december = page.get_by_role("complementary").get_by_role("listitem").last
    # 19 nights from Monday to Thursday begin in December: 17 of 8 h, Christmas Eve's 3 h, 2 h of the last one; and
    # 6 h of the night before. The public holidays fall on Friday and Saturday.
    expect(december).to_contain_text("December19 days · 147 h")
    expect(december).to_contain_text("Thu 24 Christmas Eve, 22:00–01:00")
    expect(page.get_by_role("complementary").get_by_role("listitem").first).to_contain_text(
        "Tue 6 Heilige Drei Könige, closed"
    )

    version = Calendar.objects.select_related("current").get(slug="night-shift").current
    hours = hours_of(version)
    assert (version.number, hours.terms.cutoff, len(hours.special_days)) == (3, "24:00", 13)
    assert worktime_of(version.pk).is_open(timezone.datetime.fromisoformat("2026-12-25T00:30+01:00"))
    assert not worktime_of(version.pk).is_open(timezone.datetime.fromisoformat("2026-12-25T01:00+01:00"))


@pytest.mark.parametrize("page", [{}, {"width": 360, "script": False}], indirect=True)
def test_a_calendar_file_is_looked_at_line_by_line_before_it_is_saved(page, company, sign_in):
    sign_in(page, company.admin.email).goto("/settings/calendars/standard/file/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "days.ics", "mimeType": "text/calendar", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("region", name="What would change")).to_contain_text("4 Jan 2027 Inventory")
    expect(page.get_by_role("region", name="Refused")).to_contain_text("It has no beginning (DTSTART).")
    page.get_by_role("button", name="Save 2 days").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Standard in 2027")

    page.get_by_role("link", name="File", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as .ics").click()
    assert download.value.suggested_filename == "standard.ics"
    assert "SUMMARY:Inventory" in download.value.path().read_text()


def test_the_rule_for_working_days_is_told_while_it_is_typed(page, company, sign_in, axe):
    sign_in(page, company.admin.email).goto("/settings/calendars/standard/")
    told = page.get_by_role("complementary").get_by_role("region", name="Targets in working days")
    expect(told).to_contain_text("Working days: Monday – Sunday.")
    page.get_by_label("Then taken as received at").fill("9")
    page.get_by_role("checkbox", name="Sat").check()
    page.get_by_role("checkbox", name="Mon").check()
    expect(told).to_contain_text("Working days: Monday, Saturday.")
    expect(told).to_contain_text("on the next working day at 09:00.")
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Version 2 holds from now on.")).to_be_visible()
    assert Calendar.objects.get(slug="standard").current.day_rule["workdays"] == [0, 5]


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_every_state_of_the_pages_is_accessible_and_fits(
    width, scheme, company, open_page, sign_in, axe, fits, shoot, expected_errors
):
    expected_errors.append("400")
    create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    page = sign_in(open_page(width=width, scheme=scheme), company.admin.email)
    here = "/settings/calendars/office/"

    def look(name: str) -> None:
        page.wait_for_load_state()
        shoot(page, f"calendars-{name}-{width}-{scheme}")
        axe(page)
        fits(page)

    page.goto(here)
    look("rule")
    page.get_by_label("Then taken as received at").fill("18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("a whole working day is lost")
    look("rule-wrong")
    page.goto(f"{here}holidays/?country=DE&region=BY&first=2026&last=2026")
    look("holidays")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("region", name="What would change")).to_contain_text("Christmas Eve")
    look("half-days")
    page.get_by_role("group", name="Shorter day 1").get_by_label("Hours").fill("noon")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("group", name="Shorter day 1")).to_contain_text("is not an interval")
    look("half-days-wrong")
    page.goto(f"{here}file/")
    look("file")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "x.ics", "mimeType": "text/calendar", "buffer": b"\xff"}
    )
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("alert")).to_contain_text("not text in UTF-8")
    look("file-wrong")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "x.ics", "mimeType": "text/calendar", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Show what would change").click()
    look("file-shown")
