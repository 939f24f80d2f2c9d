"""Exports of facts over HTTP: the page, the file, the API."""

import gzip
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.utils import timezone

from metrics.exports.models import FactExport
from metrics.exports.services import ask, carry_out, carry_out_waiting
from metrics.rollups.services import recount_stale
from requests_app.events.services import deliver as deliver_events
from requests_app.org.models import Membership
from servicedesk.celery import app
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
HERE, API = "/exports/", "/api/v1/exports/"
TODAY = timezone.localdate()
FORM = {"department": "it", "side": "supplier", "first": str(TODAY - timedelta(days=3)), "last": str(TODAY)}
BODY = {"department": "it", "side": "supplier", "from": FORM["first"], "to": FORM["last"]}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def life(company):
    row = file_laptop(company)
    deliver_events("facts")
    recount_stale()
    return SimpleNamespace(**vars(company), row=row)


def written(company, person) -> FactExport:
    days = {"first": TODAY - timedelta(days=3), "last": TODAY + timedelta(days=1)}
    return carry_out(ask(by=person, department=company.it, side="supplier", **days))


def shown(answer) -> str:
    return unescape(answer.content.decode())


def test_an_export_is_asked_for_waited_for_and_downloaded(life, as_browser):
    client = as_browser(life.agent)
    assert client.post(HERE, FORM)["Location"] == HERE
    assert "0 of 1" in shown(client.get(HERE))
    carry_out_waiting()
    export = FactExport.objects.get()
    assert f"/exports/{export.pk}/content/" in shown(client.get(HERE))

    answer = client.get(f"/exports/{export.pk}/content/")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="it-supplier-{FORM["first"]}-{FORM["last"]}.csv.gz"'
    )
    text = gzip.decompress(b"".join(answer.streaming_content)).decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"{life.row.number},sales,it,it,laptop,")


def test_somebody_elses_export_is_not_there(life, as_browser, as_api):
    export = written(life, life.agent)
    assert as_browser(life.supplier_head).get(f"/exports/{export.pk}/content/").status_code == 404
    assert as_api(life.supplier_head).get(f"{API}{export.pk}/").status_code == 404
    assert "Nothing yet" in shown(as_browser(life.supplier_head).get(HERE))


def test_who_has_lost_the_right_since_does_not_download(life, as_browser):
    export = written(life, life.agent)
    Membership.objects.filter(person=life.agent).delete()
    assert as_browser(life.agent).get(f"/exports/{export.pk}/content/").status_code == 403


def test_a_file_that_is_not_there_yet_or_any_more_is_not_found(life, as_browser):
    client = as_browser(life.agent)
    client.post(HERE, FORM)
    waiting = FactExport.objects.get()
    assert client.get(f"/exports/{waiting.pk}/content/").status_code == 404
    export = written(life, life.agent)
    FactExport.objects.filter(pk=export.pk).update(expires_at=timezone.now())
    assert client.get(f"/exports/{export.pk}/content/").status_code == 404


def test_what_is_wrong_is_said_and_kept(life, as_browser):
    client = as_browser(life.agent)
    answer = client.post(HERE, FORM | {"first": "2026-05-02", "last": "2026-05-01"})
    assert answer.status_code == 400
    assert "The last day lies before the first" in shown(answer)
    assert 'value="2026-05-02"' in shown(answer)
    assert client.post(HERE, FORM | {"department": "sales"}).status_code == 400
    assert client.post(HERE, FORM | {"first": "soon"}).status_code == 400
    assert not FactExport.objects.exists()


def test_who_exports_nothing_is_told_whom_to_ask(life, as_browser):
    answer = as_browser(life.requester).get(HERE)
    assert answer.status_code == 403
    assert "Ask the head of your department." in shown(answer)


@pytest.mark.parametrize("n", [1, 3])
def test_more_exports_ask_no_more_of_the_database(life, as_browser, django_assert_max_num_queries, n):
    for _number in range(n):
        written(life, life.agent)
    client = as_browser(life.agent)
    client.get(HERE)
    with django_assert_max_num_queries(18):
        client.get(HERE)


def test_a_program_asks_looks_and_downloads(life, as_api):
    client = as_api(life.agent)
    answer = client.post(API, BODY, format="json")
    assert (answer.status_code, answer.data["finished"], answer.data["total"]) == (201, False, 1)
    here = answer.data["links"]["self"]
    assert "content" not in answer.data["links"]
    carry_out_waiting()

    found = client.get(here).data
    assert (found["finished"], found["done"], found["left_out"], found["department"]) == (True, 1, 0, "it")
    content = b"".join(client.get(found["links"]["content"]).streaming_content)
    assert len(content) == found["size"]
    assert [row["id"] for row in client.get(API).data["results"]] == [found["id"]]


def test_the_same_key_asks_once(life, as_api):
    client = as_api(life.agent)
    for _time in range(2):
        client.post(API, BODY, format="json", headers={"Idempotency-Key": "k"})
    assert FactExport.objects.count() == 1


def test_the_api_refuses_by_name(life, as_api):
    client = as_api(life.agent)
    assert client.post(API, BODY | {"department": "nowhere"}, format="json").data["errors"].keys() == {"department"}
    assert client.post(API, BODY | {"to": "2020-01-01"}, format="json").data["errors"].keys() == {"to"}
    assert client.post(API, BODY | {"department": "sales"}, format="json").status_code == 403


def test_the_scheduler_starts_the_writing_beside_the_figures():
    entry = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == "metrics.exports")
    assert entry["options"] == {"queue": "figures"}
