"""Figure targets over HTTP: the page in the settings and the API."""

import re
from html import unescape

import pytest

from metrics.rollups.models import FigureTarget
from metrics.targets.selectors import own_targets
from metrics.targets.services import set_targets

pytestmark = pytest.mark.django_db
HERE = "/settings/figure-targets/"
API = "/api/v1/figures/targets/"


def shown(answer) -> str:
    return unescape(answer.content.decode())


def version_of(answer) -> str:
    return re.search(r'name="version" value="(\w+)"', shown(answer))[1]


def test_a_head_sets_the_targets_of_the_own_department(company, as_browser):
    client = as_browser(company.supplier_head)
    answer = client.post(f"{HERE}?department=it", {"resolution_kept": "95", "resolution_time": "1,5", "csat": ""})

    assert (answer.status_code, answer["Location"]) == (302, f"{HERE}?department=it")
    assert own_targets(company.it) == {"resolution_kept": 0.95, "resolution_time": 5400}
    page = shown(client.get(HERE))
    assert "Figure targets of IT Services" in page
    assert re.search(r'name="resolution_kept"[^>]*value="95"', page)
    assert re.search(r'name="resolution_time"[^>]*value="1.5"', page)


def test_the_administrator_begins_with_the_company(company, as_browser):
    client = as_browser(company.admin)
    client.post(HERE, {"csat": "80"})
    assert own_targets(None) == {"csat": 0.8}
    assert "Figure targets of the company" in shown(client.get(HERE))
    assert "80.0\u00a0%" in shown(client.get(f"{HERE}?department=sales"))


def test_what_is_wrong_is_said_beside_the_field_and_kept(company, as_browser):
    client = as_browser(company.admin)
    answer = client.post(HERE, {"resolution_kept": "950", "csat": "most", "effort": "4"})

    assert answer.status_code == 400
    assert "Give a value from 0 to 100 %." in shown(answer)
    assert "Give a number such as 2.5." in shown(answer)
    assert 'value="950"' in shown(answer)
    assert 'value="most"' in shown(answer)
    assert not FigureTarget.objects.exists()


def test_somebody_elses_save_in_between_is_told(company, as_browser):
    client = as_browser(company.supplier_head)
    version = version_of(client.get(HERE))
    set_targets(by=company.admin, department=company.it, targets={"csat": 0.7})
    answer = client.post(HERE, {"csat": "60", "version": version})

    assert answer.status_code == 400
    assert "Saved by somebody else in the meantime" in shown(answer)
    assert own_targets(company.it) == {"csat": 0.7}
    client.post(HERE, {"csat": "60", "version": version_of(answer)})
    assert own_targets(company.it) == {"csat": 0.6}


def test_it_is_for_heads_and_administrators(company, as_browser):
    assert [as_browser(person).get(HERE).status_code for person in (company.admin, company.customer_head)] == [200] * 2
    assert as_browser(company.customer_head).get(f"{HERE}?department=it").status_code == 403
    assert as_browser(company.agent).get(HERE).status_code == 403
    assert as_browser(company.admin).get(f"{HERE}?department=nowhere").status_code == 404


def test_the_page_asks_the_same_of_the_database_whatever_is_set(company, as_browser, django_assert_max_num_queries):
    client = as_browser(company.admin)
    client.get(f"{HERE}?department=it")
    set_targets(by=company.admin, department=company.it, targets={"csat": 0.7, "effort": 4, "resolution_kept": 0.9})
    with django_assert_max_num_queries(16):
        client.get(f"{HERE}?department=it")


def test_the_api_reads_and_sets_what_the_page_does(company, as_api):
    client = as_api(company.supplier_head)
    answer = client.put(API, {"department": "it", "targets": {"resolution_kept": 0.95}}, format="json")

    assert (answer.status_code, answer.data["department"]) == (200, "it")
    kept = next(one for one in answer.data["targets"] if one["figure"] == "resolution_kept")
    assert kept == {"figure": "resolution_kept", "unit": "share", "value": 0.95, "own": 0.95, "otherwise": 0.92}
    assert client.get(f"{API}?department=it").data == answer.data
    assert client.get(API).data["department"] is None


def test_the_api_refuses_by_name(company, as_api):
    client = as_api(company.supplier_head)

    def put(**body):
        return client.put(API, body, format="json")

    assert put(department="it", targets={"csat": 7}).data["errors"] == {
        "targets": ["csat: Give a value from 0 to 100 %."]
    }
    assert put(department="it", targets={"happiness": 1}).status_code == 400
    assert put(department="nowhere", targets={"csat": 0.5}).status_code == 400
    assert put(department="sales", targets={"csat": 0.5}).status_code == 403
    assert put(targets={"csat": 0.5}).status_code == 403
    assert not FigureTarget.objects.exists()


def test_the_api_saves_only_over_what_was_read(company, as_api):
    client, body = as_api(company.admin), {"department": "it", "targets": {"csat": 0.5}}
    tag = client.get(f"{API}?department=it")["ETag"]
    assert client.put(API, body, format="json", headers={"If-Match": tag}).status_code == 200
    assert client.put(API, body, format="json", headers={"If-Match": tag}).status_code == 412
