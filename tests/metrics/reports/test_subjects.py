"""Any page of figures as a file: the numbers of the page, for its readers; and by mail on the reader's working days."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.utils import timezone

from metrics.dashboards.company import company_page
from metrics.reports import services
from metrics.reports.selectors import report_on
from metrics.reports.states import ABOUT, OF_COMPANY, Amount, Report, Table
from metrics.reports.subjects import SUBJECTS
from metrics.reports.writing import file_of
from metrics.scorecard.selectors import scorecard_of
from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import ROUND_THE_CLOCK
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from requests_app.org.models import Department
from requests_app.org.services import set_hats
from tests.factories.facts import count, decided, fact

pytestmark = pytest.mark.django_db
NAMES = {"relation": {"other": "sales"}, "chart": {"figure": "resolution_kept"}}
ADDRESSES = {
    "supplier": "/departments/it/as-supplier/", "customer": "/departments/it/as-customer/",
    "scorecard": "/departments/it/scorecard/", "company": "/company/", "benchmark": "/company/benchmark/",
    "passing": "/departments/it/passing/", "company-passing": "/company/passing/",
    "process": "/departments/it/process/", "outlook": "/departments/it/outlook/", "relation": "/relations/it/sales/",
    "chart": "/departments/it/charts/resolution_kept/", "plans": "/departments/it/plans/",
    "company-plans": "/company/plans/",
}  # fmt: skip


@pytest.fixture
def life(company):
    """IT keeps 95 of 100, Facilities 50 of 100, all asked by Sales ten days ago."""
    count([
        *decided(company, company.it, 95, 100, 1, ago=10),
        *decided(company, company.facilities, 50, 100, 3000, ago=10),
    ])  # fmt: skip
    return company


def about(person, subject, **more):
    slug = "" if subject in OF_COMPANY else "it"
    return report_on(person=person, subject=subject, slug=slug, more=NAMES.get(subject, {}) | more)


def cells(report: Report, heading: str) -> list[list]:
    table = next(table for table in report.tables if table.heading == heading)
    return [[cell.value if isinstance(cell, Amount) else cell for cell in row] for row in table.rows]


def test_answers_are_compared_as_counted_without_the_kinds_that_others_have(company):
    day = timezone.now().date()
    values = {"customer": company.sales.pk, "rated_day": day, "overall": 4}
    count([fact(place, day, supplier=company.it.pk, rated_supplier_id=company.it.pk, rater_id=place, **values)
           for place in range(1, 31)])  # fmt: skip
    table = about(company.executive, "benchmark", figure="rating_mean").tables[0]
    assert list(table.columns)[2:] == ["Pulled toward the company", "Interval (95 %)", "As counted", "n"]
    assert [len(row) for row in table.rows] == [6, 6]


def test_every_subject_has_its_entry():
    assert sorted(SUBJECTS) == sorted(ABOUT) == sorted(ADDRESSES)


@pytest.mark.parametrize("subject", ABOUT)
def test_every_page_of_figures_is_a_file_and_says_so(life, as_browser, as_api, subject):
    client, here = as_browser(life.executive), ADDRESSES[subject]
    page = client.get(here).content.decode()
    for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert f"{here}report/{form}/" in page
        answer = client.get(f"{here}report/{form}/")
        assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert f"{here}reports/" in page
    asked = NAMES.get(subject, {}) | {"subject": subject, "form": "csv"}
    asked |= {} if subject in OF_COMPANY else {"department": "it"}
    answer = as_api(life.executive).get("/api/v1/reports/file/", asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")


def test_the_matrix_on_paper_is_that_of_the_page(life):
    page = company_page(person=life.executive, figure="resolution_kept")
    report = about(life.executive, "company", figure="resolution_kept")
    expected = [
        [row.department.name, *(cell.figure.value if cell.figure else None for cell in (*row.cells, row.all))]
        for row in page.rows
    ]
    found = cells(report, str(page.definition.label))
    assert found[:-1] == expected
    assert sorted(value for row in expected for value in row[1:-1] if value is not None) == [0.5, 0.95]
    assert cells(report, "Pairs") == [
        ["Sales", "Facilities", 0.5, *_interval(page, "Facilities"), 100],
        ["Sales", "IT Services", 0.95, *_interval(page, "IT Services"), 100],
    ]
    ranks = {rank.department.name: (rank.share, rank.n) for rank in page.ranking}
    assert {row[0]: (row[1], row[3]) for row in cells(report, "How suppliers compare")} == ranks


def _interval(page, supplier):
    place = [department.name for department in page.departments].index(supplier)
    row = next(row for row in page.rows if row.department.slug == "sales")
    return [row.cells[place].figure.low, row.cells[place].figure.high]


def test_who_sees_only_some_pairs_gets_only_those(life):
    """In outline what people answered is told of one's own pairs, and walls of those alone."""
    agent, other = (about(person, "company", figure="created") for person in (life.agent, life.executive))
    assert "You see the pairs of your own departments." in next(t for t in agent.tables if t.heading == "Walls").absent
    assert "own departments" not in next(t for t in other.tables if t.heading == "Walls").absent


def test_answers_are_told_of_ones_own_pairs_alone(company):
    """Facilities is shown what Sales answered about it, and not what Sales answered about IT; the sums neither."""
    today = timezone.now().date()
    count(
        fact(1000 * number + place, today, customer=company.sales.pk, supplier=supplier.pk,
             rated_supplier_id=supplier.pk, rater_id=place, overall=4, rated_day=today)
        for number, supplier in enumerate([company.it, company.facilities])
        for place in range(1, 13)
    )  # fmt: skip
    for person, pairs, sums in (
        (company.other_agent, [("Sales", "Facilities", 4.0)], {None}),
        (company.executive, [("Sales", "Facilities", 4.0), ("Sales", "IT Services", 4.0)], {4.0, None}),
    ):
        report = about(person, "company", figure="rating_mean")
        assert [tuple(row[:3]) for row in cells(report, "Pairs")] == pairs
        assert {row[-1] for row in cells(report, "Satisfaction")} == sums


def test_the_scorecard_on_paper_is_that_of_the_page(life):
    page = scorecard_of(person=life.supplier_head, slug="it")
    report = about(life.supplier_head, "scorecard")
    row = next(row for row in cells(report, "What was agreed") if row[3] == 100 and row[1] == 0.95)
    assert row[-1] == 0.725
    assert {value.key: value.value for value in report.values} == {
        **{line.definition.key: line.figure.value if line.told else None for line in page.lines},
        **{rate.key: rate.value for rate in page.rates},
    }
    assert len(cells(report, "How it is counted")) == len(page.lines) + len(page.rates)


def test_what_cannot_be_asked_is_refused(life, as_browser, as_api):
    client, api = as_browser(life.executive), as_api(life.executive)
    assert client.get("/company/report/pdf/?figure=x").status_code == 400
    assert client.get("/company/report/doc/").status_code == 404
    assert client.get("/relations/it/it/report/pdf/").status_code == 404
    assert client.get("/relations/it/it/reports/").status_code == 404
    assert client.get("/departments/it/charts/x/reports/").status_code == 404
    answer = api.get("/api/v1/reports/file/?subject=chart&department=it")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["figure"])
    answer = api.get("/api/v1/reports/file/?subject=scorecard")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["department"])
    asked = {"by": life.executive, "form": "pdf", "rhythm": "weekly", "span": "30"}
    for wrong, field in (
        ({"subject": "company", "department": life.it}, "department"),
        ({"subject": "supplier"}, "department"),
        ({"subject": "company", "more": {"figure": "x"}}, "figure"),
    ):
        with pytest.raises(WrongInput) as refused:
            services.subscribe(**asked | wrong)
        assert list(refused.value.errors) == [field]


def test_who_may_not_see_a_page_gets_no_report_of_it(life, as_browser):
    client = as_browser(life.stranger)
    assert {
        client.get(f"{ADDRESSES[key]}{end}").status_code for key in ABOUT for end in ("report/csv/", "reports/")
    } == {403}
    with pytest.raises(NotAllowed):
        services.subscribe(by=life.stranger, subject="company", form="pdf", rhythm="weekly", span="30")


def test_the_matrix_comes_by_mail_as_it_was_narrowed_on_the_page(life, as_browser):
    client, here = as_browser(life.executive), "/company/reports/?figure=created"
    asked = {"rhythm": "weekly", "span": "30", "form": "xlsx"}
    assert client.post(here, asked).status_code == 302
    found = services.ReportSubscription.objects.get()
    assert (found.subject, found.department, found.more) == ("company", None, {"figure": "created"})
    assert client.post(here, asked).status_code == 302
    assert services.ReportSubscription.objects.count() == 1
    assert "Company: Requests" in client.get(here).content.decode()

    services.queue_due_reports(found.due_at)
    send_waiting()
    sent = mail.outbox[-1]
    ((name, content, _kind),) = sent.attachments
    assert (sent.to, name[:15]) == ([life.executive.email], "company-created")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert "<v>100</v>" in book.read("xl/worksheets/sheet1.xml").decode()
    assert "/company/?period=30&figure=created" in sent.body
    assert client.post(f"/reports/{found.pk}/stop/")["Location"] == "/company/reports/"


@pytest.mark.parametrize("subject", ["relation", "chart", "scorecard", "outlook"])
def test_any_page_comes_by_mail(life, as_browser, subject):
    client, here = as_browser(life.supplier_head), f"{ADDRESSES[subject]}reports/"
    asked = {"rhythm": "daily", "form": "csv"} | ({} if SUBJECTS[subject].timeless else {"span": "7"})
    assert client.post(here, asked).status_code == 302
    found = services.ReportSubscription.objects.get()
    assert found.more == NAMES.get(subject, {})
    services.queue_due_reports(found.due_at)
    send_waiting()
    assert ADDRESSES[subject] in mail.outbox[-1].body
    assert client.post(f"/reports/{found.pk}/stop/")["Location"] == here


def test_who_may_not_see_the_company_any_more_gets_no_mail(life):
    found = services.subscribe(by=life.supplier_head, subject="company", form="pdf", rhythm="daily", span="30")
    set_hats(by=life.admin, person=life.supplier_head, department=life.it, roles={"member"}, home=True)
    services.queue_due_reports(found.due_at)
    send_waiting()
    assert OutgoingMail.objects.get(kind="report.due").state == "withheld"


def test_it_comes_on_the_working_days_of_its_reader(life):
    """Sofia's own department rests on Thursday and Friday; that the report is of Facilities does not matter."""
    weekly = [*ROUND_THE_CLOCK[:3], [], [], [], []]
    calendar = create_calendar(by=life.admin, name="Short weeks", zone="Asia/Shanghai", weekly=weekly)
    Department.objects.filter(pk=life.it.pk).update(calendar_id=calendar.pk, time_zone="Asia/Shanghai")
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    asked = {"subject": "passing", "department": life.facilities, "form": "pdf", "rhythm": "daily", "span": "30",
             "now": wednesday}  # fmt: skip
    assert services.subscribe(by=life.supplier_head, **asked).due_at == datetime(2026, 11, 29, 23, tzinfo=UTC)
    # The executive has no department, so the report's calendar counts.
    assert services.subscribe(by=life.executive, **asked).due_at == datetime(2026, 11, 26, 6, tzinfo=UTC)
    assert CalendarVersion.objects.count() == 2


def test_what_is_wider_than_paper_goes_on_below(company):
    heads = ["Customer", *(f"Department {place}" for place in range(20))]
    rows = [["Sales", *(Amount(place / 20, "share", place % 6) for place in range(20))]]
    report = Report("x", "Wide", "Some days", timezone.now(), [Table("Matrix", heads, rows, "A note")])
    content = file_of(report, "pdf")[1]
    assert content.startswith(b"%PDF-")
    book = file_of(report, "xlsx")[1]
    with zipfile.ZipFile(io.BytesIO(book)) as files:
        assert re.findall(r"FFC8E6D6", files.read("xl/styles.xml").decode())
        assert files.read("xl/worksheets/sheet1.xml").decode().count("<v>") == 20 + 22
    lines = list(csv.reader(io.StringIO(file_of(report, "csv")[1].decode("utf-8-sig"))))
    assert lines[:2] == [
        ["table", "row", "column", "value", "unit"],
        ["Matrix", "Sales", "Department 0", "0.0", "share"],
    ]
    assert len(lines) == 21


def test_an_empty_report_says_why(company):
    report = about(company.executive, "company")
    assert report.tables[0].absent == "No requests in this period. Choose a longer one."
    assert file_of(report, "pdf")[1].startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(file_of(report, "xlsx")[1])) as files:
        assert "No requests in this period." in files.read("xl/sharedStrings.xml").decode()
