"""Reports: the figures of the page and the API, as files, for their readers; and by mail on their days, each once."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from metrics.reports import services
from metrics.reports.models import ReportSubscription
from metrics.reports.selectors import report_on
from metrics.reports.states import Amount, Report, Table
from metrics.reports.writing import file_of, is_told
from metrics.rollups.services import recount_stale
from requests_app.events.services import deliver as deliver_events
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from requests_app.org.services import set_hats
from tests.factories import close, file_laptop

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(company):
    """Two requests of Sales with IT, one of them closed."""
    close(company, file_laptop(company))
    file_laptop(company)
    deliver_events("facts")
    recount_stale()
    return company


def subscribed(company, **more) -> ReportSubscription:
    usual = {"by": company.supplier_head, "department": company.it, "subject": "supplier", "form": "pdf",
             "rhythm": "weekly", "span": "30"}  # fmt: skip
    return services.subscribe(**usual | more)


def sheets(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_the_values_are_those_of_the_api(life, as_api):
    said = as_api(life.supplier_head).get("/api/v1/figures/departments/it/supplier/")
    expected = {one["key"]: (one["n"], one["value"]) for one in said.data["figures"]}
    expected |= {f"open_by_age:{one['age']}": (one["n"], one["overdue"]) for one in said.data["open_by_age"]}
    report = report_on(person=life.supplier_head, subject="supplier", slug="it")
    assert {value.key: (value.n, value.value) for value in report.values} == expected


@pytest.mark.parametrize("side", ["supplier", "customer"])
@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfkey,")])
def test_it_is_a_file_on_its_page_and_over_http(life, as_browser, as_api, side, form, begins):
    slug, reader = ("it", life.supplier_head) if side == "supplier" else ("sales", life.customer_head)
    page = as_browser(reader).get(f"/departments/{slug}/as-{side}/report/{form}/?period=7")
    answer = as_api(reader).get(f"/api/v1/figures/departments/{slug}/{side}/report/?form={form}")
    for one in (page, answer):
        assert (one.status_code, one.content[: len(begins)]) == (200, begins)
        assert one["Content-Disposition"].startswith(f'attachment; filename="{slug}-{side}-')
    menu = as_browser(reader).get(f"/departments/{slug}/as-{side}/?period=7").content.decode()
    assert f"/departments/{slug}/as-{side}/report/{form}/?period=7" in menu


def test_a_spreadsheet_holds_numbers_and_texts_and_no_formula(company):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x","y")', "打印"]
    rows = [[text, Amount(12_000.0, "seconds"), Amount(0.914, "share"), 7, None] for text in hostile]
    table = Table("A: [table]", ["Name", "Time", "Share", "n", "Target"], rows)
    report = Report("x", "IT", "Some days", timezone.now(), [table], [])
    found = sheets(file_of(report, "xlsx")[1])
    assert "<f>" not in found
    assert all(f"<v>{value}</v>" in found for value in (12_000 / 86400, 0.914, 7))
    assert file_of(report, "pdf")[1].startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (Table("A", ["Name"], [["x"]]), True), (Table("A", ["Name"], [], absent="Nothing yet"), True),
        (Table("A", ["Name"], []), False), (Table("A", ["Name"], [["x"]], long=True), False),
    ],
)  # fmt: skip
def test_a_heading_without_rows_or_a_word_is_not_printed(table, told):
    assert is_told(table) is told


def test_plain_values_cannot_become_formulas(life):
    with translation.override("en"):
        report = report_on(person=life.supplier_head, subject="supplier", slug="it")
    value = report.values[0]
    bad = Report("x", "IT", "", report.as_of, [], [type(value)(**vars(value) | {"name": "=1+1", "low": -3.5})])
    rows = list(csv.DictReader(io.StringIO(file_of(bad, "csv")[1].decode("utf-8-sig"))))
    assert (rows[0]["name"], rows[0]["low"], rows[0]["n"]) == ("'=1+1", "-3.5", str(value.n))


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_it_is_written_in_its_readers_language(life, language):
    with translation.override(language):
        report = report_on(person=life.supplier_head, subject="supplier", slug="it")
        assert file_of(report, "pdf")[1].startswith(b"%PDF-")
    assert report.title != "IT Services as supplier"


def test_days_that_cannot_be_and_forms_that_are_not_there_are_refused(life, as_browser, as_api):
    client, here = as_browser(life.supplier_head), "/departments/it/as-supplier/report"
    assert client.get(f"{here}/pdf/?from=2026-02-30").status_code == 400
    assert client.get(f"{here}/doc/").status_code == 404
    answer = as_api(life.supplier_head).get("/api/v1/figures/departments/it/supplier/report/?form=doc")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["form"])


def test_the_figures_of_a_department_are_no_report_for_others(life, as_browser, as_api):
    assert as_browser(life.stranger).get("/departments/it/as-supplier/report/pdf/").status_code == 403
    assert as_browser(life.stranger).get("/departments/it/as-supplier/reports/").status_code == 403
    assert as_api(life.stranger).get("/api/v1/figures/departments/it/supplier/report/").status_code == 403
    with pytest.raises(NotAllowed):
        subscribed(life, by=life.stranger)


def test_it_comes_by_mail_on_its_day_once_and_again_the_week_after(life):
    thursday = datetime(2026, 11, 26, 12, tzinfo=UTC)
    found = subscribed(life, now=thursday)
    monday = datetime(2026, 11, 30, 6, tzinfo=UTC)  # seven o'clock in Berlin
    assert found.due_at == monday

    assert services.queue_due_reports(monday - timedelta(seconds=1)) == 0
    assert [services.queue_due_reports(monday) for _beat in range(2)] == [1, 0]
    found.refresh_from_db()
    assert found.due_at == monday + timedelta(days=7)
    send_waiting()

    sent = mail.outbox[-1]
    assert (sent.to, sent.subject) == ([life.supplier_head.email], "Report: IT Services as supplier")
    ((name, content, kind),) = sent.attachments
    assert (name[:12], content[:5], kind) == ("it-supplier-", b"%PDF-", "application/pdf")


def test_what_another_scheduler_has_queued_is_not_queued_again(life):
    found = subscribed(life)
    assert services._queue(found.pk, found.due_at - timedelta(seconds=1)) is False


def test_after_an_outage_it_comes_once(life):
    found = subscribed(life, rhythm="daily", now=datetime(2026, 11, 2, 12, tzinfo=UTC))
    later = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert services.queue_due_reports(later) == 1
    found.refresh_from_db()
    assert found.due_at > later
    assert OutgoingMail.objects.filter(kind="report.due").count() == 1


def test_who_may_not_see_the_figures_any_more_gets_no_mail(life):
    found = subscribed(life)
    services.queue_due_reports(found.due_at)
    set_hats(by=life.admin, person=life.supplier_head, department=life.it, roles=set())
    send_waiting()
    assert mail.outbox == []
    assert OutgoingMail.objects.get(kind="report.due").state == "withheld"


def test_a_report_that_was_stopped_meanwhile_is_not_sent(life):
    found = subscribed(life)
    services.queue_due_reports(found.due_at)
    services.stop_subscription(by=life.supplier_head, pk=found.pk)
    send_waiting()
    assert mail.outbox == []


def test_asked_twice_it_comes_once_and_nobody_gets_too_many(life, monkeypatch):
    assert subscribed(life).pk == subscribed(life).pk
    monkeypatch.setattr(services, "MOST", 1)
    with pytest.raises(IllegalMove, match="1 reports already"):
        subscribed(life, form="csv")


@pytest.mark.parametrize("field", ["subject", "form", "rhythm", "span"])
def test_what_is_not_offered_is_refused_by_name(life, field):
    with pytest.raises(WrongInput) as refused:
        subscribed(life, **{field: "x"})
    assert list(refused.value.errors) == [field]


def test_one_asks_and_stops_on_the_page_and_over_http(life, as_browser, as_api):
    client, here = as_browser(life.supplier_head), "/departments/it/as-supplier/reports/"
    assert "Nothing yet" in client.get(here).content.decode()
    assert client.post(here, {"rhythm": "weekly", "span": "30", "form": "pdf"}).status_code == 302
    assert client.post(here, {"rhythm": "hourly", "span": "30", "form": "pdf"}).status_code == 400
    assert "on the first working day of the week" in client.get(here).content.decode()
    found = ReportSubscription.objects.get()
    assert as_browser(life.customer_head).post(f"/reports/{found.pk}/stop/").status_code == 404

    api = as_api(life.supplier_head)
    body = {"department": "it", "subject": "supplier", "form": "csv", "rhythm": "monthly", "span": "7"}
    made = api.post("/api/v1/reports/", body)
    assert (made.status_code, made.data["form"], made.data["department"]) == (201, "csv", "it")
    assert [row["form"] for row in api.get("/api/v1/reports/").data["results"]] == ["pdf", "csv"]
    assert api.post("/api/v1/reports/", body | {"department": "x"}).status_code == 400
    assert as_api(life.customer_head).delete(f"/api/v1/reports/{found.pk}/").status_code == 404
    assert api.delete(f"/api/v1/reports/{found.pk}/").status_code == 204
    assert client.post(f"/reports/{made.data['id']}/stop/").status_code == 302
    assert ReportSubscription.objects.count() == 0


def test_a_report_takes_the_same_queries_for_one_request_and_for_three(
    company, as_browser, django_assert_max_num_queries
):
    client, path = as_browser(company.supplier_head), "/departments/it/as-supplier/report/csv/"
    for _number in range(3):
        file_laptop(company)
        deliver_events("facts")
        recount_stale()
        with django_assert_max_num_queries(50):
            assert client.get(path).status_code == 200
