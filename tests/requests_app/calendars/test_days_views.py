"""Several days at once, as administrators and heads add them: shorter days, calendar files, and what was offered."""

from datetime import date

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import hours_of
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.calendars.states import OFFICE_HOURS, SpecialDay
from requests_app.org.services import save_department

pytestmark = pytest.mark.django_db
HOLIDAYS, HALF_DAYS, FILE, ADD, ICS = (
    f"/settings/calendars/office/{part}/" for part in ("holidays", "half-days", "file", "add-days", "ics")
)
EVE = {"row1-date": "2026-12-24", "row1-name": "Eve", "row1-windows": "9-12", "row1-years": "3"}
SILVESTER = {"row2-date": "2026-12-31", "row2-name": "Silvester", "row2-windows": "9-12", "row2-years": "1"}
BOTH = {"total": "2", "do": "preview"} | EVE | SILVESTER


@pytest.fixture
def office(company) -> Calendar:
    made = create_calendar(by=company.admin, name="Office", zone="Europe/Berlin", weekly=OFFICE_HOURS)
    save_department(by=company.admin, department=company.it, calendar_id=made.pk)
    return made


@pytest.fixture
def head(company, office, as_browser):
    return as_browser(company.supplier_head)


def days() -> dict[str, str]:
    return {day.date.isoformat(): str(day) for day in hours_of(now()).special_days}


def now():
    return Calendar.objects.select_related("current").get(slug="office").current


def ics(*events: str) -> dict:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    raw = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()
    return {"file": SimpleUploadedFile("days.ics", raw, content_type="text/calendar")}


# ── Shorter days ──


def test_shorter_days_of_several_dates_and_years_are_shown_and_then_saved_together(head):
    shown = head.post(HALF_DAYS, BOTH)
    assert (shown.status_code, shown.context["counts"]) == (200, {"added": 3, "changed": 0, "same": 0, "refused": 1})
    assert "Left out: Sunday is a day off anyway." in shown.content.decode()
    assert now().number == 1

    saved = head.post(ADD, {"offer": shown.context["offer"]})
    assert (saved.status_code, saved.url) == (302, "/settings/calendars/office/2026/")
    assert days() == {
        "2026-12-24": "Eve, 09:00-12:00",
        "2026-12-31": "Silvester, 09:00-12:00",
        "2027-12-24": "Eve, 09:00-12:00",
    }
    assert (now().number, now().reason) == (2, "Days with shorter hours")


def test_a_shorter_day_in_the_place_of_another_says_so(company, office, head):
    revise_calendar(by=company.admin, calendar=office, special_days=[SpecialDay(date(2026, 12, 24), "Holiday")])
    shown = head.post(HALF_DAYS, BOTH)
    assert shown.context["counts"] == {"added": 2, "changed": 1, "same": 0, "refused": 1}
    assert "instead of: Holiday, closed" in shown.content.decode()
    head.post(ADD, {"offer": shown.context["offer"]})
    assert days()["2026-12-24"] == "Eve, 09:00-12:00"
    again = head.post(HALF_DAYS, BOTH)
    assert "It is there already." in again.content.decode()
    assert "Nothing would change." in again.content.decode()


@pytest.mark.parametrize(
    ("button", "dates"),
    [("add", ["2026-12-24", "2026-12-31", ""]), ("remove-1", ["2026-12-31"])],
)
def test_dates_are_added_and_removed_without_a_script(button, dates, head):
    answer = head.post(HALF_DAYS, BOTH | {"do": button})
    assert answer.status_code == 200
    assert [raw.get("date", "") for raw in answer.context["rows"].raw] == dates


@pytest.mark.parametrize(
    ("changes", "row", "words"),
    [
        ({"row1-date": "2026-02-30"}, 0, "Give a day such as 2026-03-31."),
        ({"row1-name": ""}, 0, "Fill this in."),
        ({"row1-windows": ""}, 0, "Give the hours of that day, like 09:00-12:00."),
        ({"row1-windows": "closed"}, 0, "Give the hours of that day, like 09:00-12:00."),
        ({"row1-years": "11"}, 0, "Give 10 or less."),
        ({"row1-years": "0"}, 0, "Give 1 or more."),
        ({"row2-date": "2028-12-24"}, 1, "This date is there twice. Remove one of the two."),
    ],
)
def test_a_shorter_day_that_cannot_be_says_so_in_its_row(changes, row, words, head):
    answer = head.post(HALF_DAYS, BOTH | changes)
    assert answer.status_code == 400
    errors = answer.context["rows"].rows[row].errors
    assert [sentence for sentences in errors.values() for sentence in sentences] == [words]


def test_the_page_offers_the_two_eves_and_a_reload_of_the_result_leads_back(head):
    rows = head.get(HOLIDAYS).context["rows"]
    assert [raw["name"] for raw in rows.raw] == ["Christmas Eve", "New Year's Eve"]
    assert head.get(HALF_DAYS).url == HOLIDAYS


# ── Calendar files ──


def test_a_file_is_shown_line_by_line_and_saved_as_shown(company, office, head):
    revise_calendar(by=company.admin, calendar=office, special_days=[SpecialDay(date(2026, 12, 25), "Xmas")])
    shown = head.post(
        FILE,
        ics(
            "DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas",
            "DTSTART;VALUE=DATE:20261226\r\nSUMMARY:<b>Boxing</b>",
            "SUMMARY:Never",
            "DTSTART;VALUE=DATE:20261231",
        ),
    )
    page = shown.content.decode()
    assert (shown.status_code, shown.context["counts"]["added"], shown.context["counts"]["changed"]) == (200, 1, 1)
    assert [(place, row.name, row.refused) for place, row in shown.context["refused"]] == [
        (3, "Never", "It has no beginning (DTSTART)."),
        (4, "", "It has no name."),
    ]
    assert "&lt;b&gt;Boxing&lt;/b&gt;" in page
    assert "instead of: Xmas, closed" in page
    assert "Event 4" in page

    head.post(ADD, {"offer": shown.context["offer"]})
    assert days() == {"2026-12-25": "Christmas, closed", "2026-12-26": "<b>Boxing</b>, closed"}
    assert now().reason == "From the file days.ics"


def test_the_file_of_one_calendar_can_be_taken_into_another(company, office, head, as_browser):
    eve = SpecialDay(date(2026, 12, 24), "Eve; half, day", (("09:00", "12:00"), ("22:00", "02:00")))
    revise_calendar(by=company.admin, calendar=office, special_days=[eve, SpecialDay(date(2026, 12, 25), "Xmas")])
    sent = head.get(ICS)
    assert (sent["Content-Type"], sent["Content-Disposition"]) == (
        "text/calendar; charset=utf-8",
        'attachment; filename="office.ics"',
    )
    admin = as_browser(company.admin)
    upload = SimpleUploadedFile("office.ics", sent.content)
    shown = admin.post("/settings/calendars/standard/file/", {"file": upload})
    admin.post("/settings/calendars/standard/add-days/", {"offer": shown.context["offer"]})
    taken = Calendar.objects.select_related("current").get(slug="standard").current
    assert hours_of(taken).special_days == hours_of(now()).special_days


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("x.ics", b"")}, "This file is empty. Choose another one."),
        ({"file": SimpleUploadedFile("x.ics", b"GIF89a\xff")}, "This file is not text in UTF-8. Export it again as .ics."),
        ({"file": SimpleUploadedFile("x.ics", b"x" * 800_001)}, "This file is too large: at most 800 kB."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_plainly(sent, sentence, head):
    answer = head.post(FILE, sent)
    assert (answer.status_code, answer.context["form"].errors["file"]) == (400, [sentence])
    assert now().number == 1


def test_a_file_with_more_days_than_fit_is_shown_without_a_button(company, office, head):
    many = [SpecialDay(date.fromordinal(700_000 + n), f"Day {n}") for n in range(1000)]
    revise_calendar(by=company.admin, calendar=office, special_days=many)
    shown = head.post(FILE, ics("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas"))
    assert "more than it can hold" in shown.content.decode()
    assert "add-days" not in shown.content.decode()
    answer = head.post(ADD, {"offer": shown.context["offer"]}, follow=True)
    assert "Give a list of at most 1000 days." in answer.content.decode()
    assert now().number == 2


# ── What was offered ──


def test_an_offer_is_good_only_as_it_was_made_for_this_calendar_and_this_version(company, office, head):
    offer = head.post(HALF_DAYS, BOTH).context["offer"]
    for wrong in ("", "x", offer + "x", signing.dumps({"days": []}, salt="other")):
        answer = head.post(ADD, {"offer": wrong}, follow=True)
        assert "Look at the days once more before you add them." in answer.content.decode()
    other = create_calendar(by=company.admin, name="Other", zone="UTC", weekly=OFFICE_HOURS)
    save_department(by=company.admin, department=company.it, calendar_id=other.pk)
    head.post("/settings/calendars/other/add-days/", {"offer": offer})
    assert (other.versions.count(), now().number) == (1, 1)

    save_department(by=company.admin, department=company.it, calendar_id=office.pk)
    revise_calendar(by=company.admin, calendar=office, zone="UTC")
    stale = head.post(ADD, {"offer": offer}, follow=True)
    assert "Somebody else changed these hours in between" in stale.content.decode()
    assert (now().number, days()) == (2, {})


def test_an_offer_is_no_right_to_save_it(company, head, as_browser):
    offer = head.post(HALF_DAYS, BOTH).context["offer"]
    stranger = as_browser(company.stranger)
    assert [stranger.post(address, {"offer": offer}).status_code for address in (HALF_DAYS, FILE, ADD)] == [403] * 3
    assert [stranger.get(address).status_code for address in (FILE, ICS)] == [403] * 2
    assert head.get(ADD).status_code == 405
    assert now().number == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_is_shown_in_a_fixed_number_of_queries(count, head, django_assert_num_queries):
    events = [f"DTSTART;VALUE=DATE:2026122{n}\r\nSUMMARY:Day {n}" for n in range(count)]
    head.get(FILE)
    with django_assert_num_queries(7):
        head.post(FILE, ics(*events))
