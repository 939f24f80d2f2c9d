"""A whole import: what is made, what is refused, and that a second run changes nothing."""

import csv
from datetime import timedelta

import pytest
from django.db import connections

from requests_app.calendars.models import Calendar
from requests_app.catalogue.models import Service
from requests_app.desk.models import Clock, ServiceRequest
from requests_app.events.models import Event
from requests_app.imports import services
from requests_app.imports.readers import BadFile
from requests_app.imports.values import BadMapping
from requests_app.kernel.errors import DomainError
from requests_app.org.models import Department, Person
from tests.requests_app.imports.histories import EVENTS

pytestmark = pytest.mark.django_db

ROWS = (
    "c1,2024-01-05T08:00,offer,IT,Desk,pia,high,web",
    "c2,2024-01-05T08:30,accept,IT,Desk,tom,low,mail",
    "c1,2024-01-05T10:00,done,IT,Desk,pia,high,web",
    "c1,2024-01-05T09:00,accept,IT,Desk,pia,high,web",
)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ServiceRequest, Event, Department, Person, Service))


def test_a_history_becomes_departments_people_services_and_requests(job):
    summary = job(*ROWS).run()

    assert (summary.rows, summary.cases, summary.imported, summary.refused, summary.events) == (4, 2, 2, 0, 6)
    assert summary.made == {"departments": 3, "people": 3, "services": 1}
    first, second = ServiceRequest.objects.order_by("pk")
    assert (first.external_id, first.status, first.priority, first.supplier.name) == ("old:c1", "delivered", 2, "Desk")
    assert (second.external_id, second.status, second.answers) == ("old:c2", "accepted", {"origin": "mail"})
    assert first.supplier.parent.name == "IT"
    assert first.supplier.path == f"/{first.supplier.parent_id}/{first.supplier_id}/"
    assert (first.service.name, first.service.is_published, first.form.questions[0].label) == ("Help", False, "Origin")
    assert second.assignee.name == "tom"
    assert not Person.objects.filter(is_active=True).exists()


def test_rows_out_of_order_are_put_in_order(job):
    job(*ROWS).run()

    kinds = Event.objects.filter(subject_id=ServiceRequest.objects.get(external_id="old:c1").pk, subject_kind="request")
    assert list(kinds.order_by("pk").values_list("kind", "data__row")) == [
        ("request.filed", None), ("handoff.offered", 2), ("request.accepted", 5), ("request.delivered", 4),
    ]  # fmt: skip


def test_a_second_run_makes_nothing_twice(job):
    job(*ROWS).run()
    before = counts()
    summary = job(*ROWS).run()

    assert (summary.imported, summary.here_already) == (0, 2)
    assert counts() == (before[0], before[1] + 1, *before[2:])  # only the note that it ran


def test_what_is_here_under_the_same_name_is_used(job, company):
    department = Department.objects.create(slug="desk", name="Desk", parent=company.it)
    summary = job(
        f"c1,2024-01-05T08:00,accept,IT Services,Desk,{company.agent.email.upper()},high,web",
        mapping=EVENTS.replace('calendar = "24x7"', ""),
    ).run()

    assert summary.made == {"departments": 0, "people": 1, "services": 1}
    row = ServiceRequest.objects.get()
    assert (row.supplier, row.assignee, row.customer) == (department, company.agent, company.sales)


def test_two_names_that_look_alike_are_two_departments_with_a_short_name_each(job):
    job(
        "c1,2024-01-05T08:00,accept,IT,Desk 1,,,",
        "c2,2024-01-05T08:00,accept,IT,desk-1,,,",
        "c3,2024-01-05T08:00,accept,IT,仓库,,,",
    ).run()

    slugs = Department.objects.filter(parent__name="IT").order_by("pk").values_list("slug", flat=True)
    assert sorted(slugs) == ["desk-1", "desk-1-2", "unit"]


def test_what_is_refused_is_reported_with_line_case_and_reason(job, tmp_path):
    report = tmp_path / "report.csv"
    summary = job(
        *ROWS,
        "c3,never,accept,IT,Desk,,,",
        "=c4,2024-01-05T08:00,dance,IT,Desk,,,",
        "c5,2024-01-05T08:00,accept,IT,Desk,,",
    ).run(report=report)

    assert (summary.rows, summary.refused, summary.imported) == (4, 3, 2)
    with report.open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "case", "reason"],
            ["6", "c3", "“never” is not a time written like iso"],
            ["7", "'=c4", "unknown kind of event: no rule fits kind “dance”"],
            ["8", "", "7 cells, but the header has 8"],
        ]


def test_a_case_that_makes_no_request_is_refused_as_a_whole(job, tmp_path):
    mapping = EVENTS.replace('customer = "Sales"', 'customer = { column = "origin" }')
    summary = job("c1,2024-01-05T08:00,accept,IT,Desk,,,", ROWS[1], mapping=mapping).run(report=tmp_path / "r.csv")

    assert (summary.imported, summary.refused) == (1, 1)
    assert "2,c1,the whole case: no service or no customer" in (tmp_path / "r.csv").read_text()


def test_a_dry_run_counts_the_same_and_changes_nothing(job):
    before, importing = counts(), job(*ROWS)
    dry = importing.run(dry_run=True)

    assert counts() == before
    assert (dry.imported, dry.events, dry.made) == (2, 6, {"departments": 3, "people": 2, "services": 1})
    assert importing.run().resumed  # the real run does not read again


def test_an_interrupted_run_goes_on_without_reading_again(job, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 1)
    written = services.write_cases

    def dies_at_the_second(cases, **more):
        if ServiceRequest.objects.exists():
            raise KeyboardInterrupt
        return written(cases, **more)

    monkeypatch.setattr(services, "write_cases", dies_at_the_second)
    importing = job(*ROWS)
    with pytest.raises(KeyboardInterrupt):
        importing.run()
    assert ServiceRequest.objects.count() == 1
    monkeypatch.setattr(services, "write_cases", written)
    monkeypatch.setattr(services, "read_rows", None)  # the source is not needed any more
    summary = importing.run()

    assert (summary.resumed, summary.here_already, summary.imported) == (True, 1, 1)
    assert ServiceRequest.objects.count() == 2


def test_restart_reads_the_file_anew(job):
    importing = job(*ROWS)
    importing.run(dry_run=True)

    assert not importing.run(restart=True).resumed


def test_only_one_import_runs_at_a_time(job):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", services.LOCK)
        with pytest.raises(DomainError, match="Another import is running"):
            job(*ROWS).run()
    finally:
        other.close()


def test_the_lock_is_free_afterwards_even_after_a_failure(job):
    with pytest.raises(BadMapping):
        job(*ROWS, header="a,b,c,d,e,f,g,h").run()

    assert job(*ROWS).run().imported == 2


def test_what_is_told_on_the_way(job):
    told = []
    job(*ROWS, tell=lambda *what: told.append(what)).run()

    assert told == [("rows read", number, None) for number in (1, 2, 3, 4)] + [("cases imported", 2, 2)]


def test_that_an_import_ran_is_in_the_log(job):
    job(*ROWS).run()

    noted = Event.objects.get(kind="import.finished").data
    assert noted == {"file": "history.csv", "rows": 4, "refused": 0, "imported": 2, "here_already": 0, "events": 6}
    added = Event.objects.filter(kind="config.changed").values_list("subject_kind", flat=True)
    assert sorted(added) == ["department", "department", "department", "service"]


@pytest.mark.parametrize(("targets", "wanted"), [("none", []), ("open", ["c2"]), ("all", ["c1", "c2"])])
def test_promises_are_given_to_none_to_what_is_open_or_to_all(job, company, targets, wanted):
    mapping = EVENTS.replace("attributes =", f'targets = "{targets}"\nattributes =')
    job(*ROWS, mapping=mapping).run()

    found = Clock.objects.values_list("service_request__external_id", flat=True).distinct()
    assert sorted(found) == [f"old:{case}" for case in wanted]


def test_the_calendar_is_the_named_one_the_default_or_made_round_the_clock(job, company):
    job(ROWS[1], mapping=EVENTS.replace('calendar = "24x7"', "")).run()
    assert not Calendar.objects.filter(slug="24x7").exists()
    job(ROWS[0]).run()
    assert Calendar.objects.filter(slug="24x7").exists()
    with pytest.raises(BadMapping, match="there is no calendar “moon”"):
        job(ROWS[2], mapping=EVENTS.replace("24x7", "moon")).run()


def test_without_any_calendar_the_mapping_has_to_name_one(job):
    with pytest.raises(BadMapping, match="there is no calendar that is the default"):
        job(*ROWS, mapping=EVENTS.replace('calendar = "24x7"', "")).run()


def test_a_file_that_is_not_there_is_said_in_one_sentence(job, tmp_path):
    importing = job(*ROWS)
    importing.source.unlink()

    with pytest.raises(BadFile, match="cannot be read"):
        importing.run()


def test_a_history_may_not_come_from_the_future(job, now):
    late = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")

    assert job(f"c1,{late},accept,IT,Desk,,,").run().refused == 1


def test_rows_that_a_rule_ignores_are_counted_and_leave_nothing(job):
    summary = job(*ROWS, "c1,2024-01-05T09:30,noise,IT,Desk,pia,high,web").run()

    assert (summary.rows, summary.ignored, summary.refused, summary.events) == (4, 1, 0, 6)
