"""Exports of facts: who asks, what the file holds, when it goes."""

import csv
import gzip
import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from metrics.exports import services
from metrics.exports.models import FactExport
from metrics.exports.selectors import path_of
from metrics.exports.services import ask, carry_out, carry_out_waiting, forget_expired
from metrics.exports.states import COLUMNS
from metrics.rollups.services import recount_stale
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.filing import Filing, file_request
from requests_app.events.services import deliver as deliver_events
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.org.models import Membership
from tests.factories import close, file_laptop

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAYS = {"first": TODAY - timedelta(days=2), "last": TODAY + timedelta(days=1)}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def life(company):
    """Sales asks IT twice, Facilities once; one of Sales is confidential."""
    closed, secret = close(company, file_laptop(company)), file_laptop(company)
    filing = Filing(title="For Facilities", answers={"model": "13 inch"})
    other = file_request(by=company.stranger, service=company.laptop, filing=filing)
    deliver_events("facts")
    recount_stale()
    ServiceRequest.objects.filter(pk=secret.pk).update(privacy="confidential")
    return SimpleNamespace(**vars(company), closed=closed, secret=secret, other=other)


def asked(company, person=None, department=None, side="supplier", **days) -> FactExport:
    return ask(by=person or company.agent, department=department or company.it, side=side, **(DAYS | days))


def rows_of(export: FactExport) -> list[dict[str, str]]:
    text = gzip.decompress(path_of(export).read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_those_of_the_view_for_analysis(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM figures.requests LIMIT 0")
        assert [column.name for column in cursor.description] == COLUMNS


def test_the_file_holds_a_line_for_each_request_that_the_asker_may_read(life):
    export = carry_out(asked(life))

    rows = rows_of(export)
    assert list(rows[0]) == COLUMNS
    assert [row["number"] for row in rows] == [life.closed.number, life.other.number]
    assert (export.total, export.done, export.left_out) == (3, 3, 1)
    first = rows[0]
    assert (first["customer"], first["supplier"], first["service"], first["outcome"]) == (
        "sales", "it", "laptop", "closed",
    )  # fmt: skip
    assert (first["accepted_first_time"], first["confidential"], first["data_quality"]) == ("true", "false", "")
    assert first["created_at"].endswith("Z")
    assert export.size == path_of(export).stat().st_size


def test_the_head_of_the_supplier_gets_confidential_ones_too(life):
    export = carry_out(asked(life, life.supplier_head))
    assert life.secret.number in [row["number"] for row in rows_of(export)]
    assert export.left_out == 0


def test_as_customer_it_holds_what_the_department_asked_for(life):
    export = carry_out(asked(life, life.customer_head, life.sales, "customer"))
    assert [row["number"] for row in rows_of(export)] == [life.closed.number]


def test_days_without_requests_make_a_file_with_its_head_only(life):
    export = carry_out(asked(life, first=date(2020, 1, 1), last=date(2020, 1, 31)))
    assert (rows_of(export), export.total) == ([], 0)


def test_texts_that_a_spreadsheet_takes_for_formulas_are_made_harmless(life):
    life.laptop.slug = "=1+1"
    life.laptop.save()
    assert {row["service"] for row in rows_of(carry_out(asked(life)))} == {"'=1+1"}


def test_agents_heads_and_auditors_ask_and_nobody_else(life):
    for person in (life.agent, life.supplier_head, life.auditor):
        assert asked(life, person).pk
    for person in (life.requester, life.stranger, life.other_head, life.customer_head, life.executive, life.admin):
        with pytest.raises(NotAllowed, match="exported by its agents and heads"):
            asked(life, person)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"first": date(2026, 2, 1), "last": date(2026, 1, 1)}, "to"),
        ({"first": date(2020, 1, 1), "last": date(2026, 1, 1)}, "from"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_name(life, days, field):
    with pytest.raises(WrongInput) as refusal:
        asked(life, **days)
    assert list(refusal.value.errors) == [field]


def test_a_side_that_is_none_is_refused_by_name(life):
    with pytest.raises(WrongInput, match="supplier, customer"):
        asked(life, side="both")


def test_too_many_requests_are_refused_with_their_number(life, monkeypatch):
    monkeypatch.setattr(services, "MOST_ROWS", 2)
    with pytest.raises(WrongInput, match="These are 3 requests; at most 2 go into a file"):
        asked(life)


def test_too_many_exports_a_day_are_refused(life, monkeypatch):
    monkeypatch.setattr(services, "MOST_A_DAY", 1)
    asked(life)
    with pytest.raises(IllegalMove, match="At most 1 exports a day"):
        asked(life)
    asked(life, life.supplier_head)  # of one person


def test_the_worker_writes_what_waits_once(life):
    export = asked(life)
    assert (carry_out_waiting(), carry_out_waiting()) == (1, 0)
    export.refresh_from_db()
    assert (export.waits, bool(export.storage_key)) == (False, True)


def test_who_has_lost_the_right_before_the_worker_came_gets_no_file(life):
    export = asked(life)
    Membership.objects.filter(person=life.agent).delete()

    assert carry_out_waiting() == 0
    export.refresh_from_db()
    assert (export.storage_key, export.waits) == ("", False)
    assert export.failed.startswith("The facts of a department are exported")


def test_written_twice_it_is_one_export_with_the_later_file(life):
    export = carry_out(asked(life))
    again = carry_out(FactExport.objects.get(pk=export.pk))
    assert [row["number"] for row in rows_of(again)] == [life.closed.number, life.other.number]


def test_after_its_week_file_and_row_are_gone(life):
    export = carry_out(asked(life))
    assert forget_expired() == 0
    FactExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    path = path_of(export)

    assert (path.exists(), forget_expired(), path.exists(), FactExport.objects.count()) == (True, 1, False, 0)
