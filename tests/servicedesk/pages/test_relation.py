"""The page of two departments: one page for both, their figures both ways, what is open, what is agreed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.relations.selectors import relation_of
from metrics.rollups.services import recount_stale
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.moves import move_request
from requests_app.events.services import deliver as deliver_events
from requests_app.kernel.errors import NotAllowed
from tests.factories import close, file_laptop
from tests.factories.agreements import drafted, signed

pytestmark = pytest.mark.django_db
HERE = "/relations/it/sales/"


def catch_up() -> None:
    deliver_events("facts")
    recount_stale()


@pytest.fixture
def life(company):
    """Twelve requests of Sales with IT, eleven of them closed; one of Facilities, which is none of their business."""
    for _number in range(11):
        close(company, file_laptop(company))
    file_laptop(company, title="The twelfth laptop")
    filing = Filing(title="For Facilities", answers={"model": "13 inch"})
    file_request(by=company.stranger, service=company.laptop, filing=filing)
    catch_up()
    return company


def figures(company, person, key):
    relation = relation_of(person=person, one=company.it, other=company.sales)
    return [tile.figure for line in relation.lines if line.definition.key == key for tile in line.tiles]


def test_the_figures_are_those_of_the_api_both_ways(life, as_api):
    asked = "/api/v1/figures/departments/it/supplier/?customer=sales"
    said = {one["key"]: one for one in as_api(life.supplier_head).get(asked).data["figures"]}
    for key in ("created", "resolution_kept", "first_response_time", "backlog"):
        there, back = figures(life, life.supplier_head, key)
        assert (there.n, there.value) == (said[key]["n"], said[key]["value"])
        assert back.n == 0


def test_it_is_one_page_for_both_sides(life, as_browser):
    pages = [as_browser(person).get(HERE).content.decode() for person in (life.supplier_head, life.customer_head)]
    for page in pages:
        assert "IT Services supplies Sales" in page
        assert "Sales supplies IT Services" in page
        assert "The twelfth laptop" in page
        assert "For Facilities" not in page
    answer = as_browser(life.customer_head).get("/relations/sales/it/?period=7")
    assert (answer.status_code, answer.url) == (302, f"{HERE}?period=7")


def test_it_is_for_both_departments_executives_and_auditors(life, as_browser):
    readers = (life.agent, life.supplier_head, life.customer_head, life.executive, life.auditor)
    assert [as_browser(person).get(HERE).status_code for person in readers] == [200] * 5
    others = (life.requester, life.stranger, life.other_head, life.admin)
    assert [as_browser(person).get(HERE).status_code for person in others] == [403] * 4
    with pytest.raises(NotAllowed, match="between two departments"):
        relation_of(person=life.other_head, one=life.it, other=life.sales)


def test_a_department_alone_or_unknown_is_not_found(life, as_browser):
    client = as_browser(life.supplier_head)
    for address in ("/relations/it/it/", "/relations/it/nobody/"):
        assert client.get(address).status_code == 404
    assert client.get(f"{HERE}?period=decade").status_code == 400


def test_one_month_is_no_line(life):
    relation = relation_of(person=life.executive, one=life.it, other=life.sales)
    assert (relation.chart, relation.table) == (None, None)


def test_few_are_not_told(company):
    close(company, file_laptop(company))
    catch_up()
    there, _back = figures(company, company.supplier_head, "resolution_kept")
    assert (there.n, there.value, there.hidden) == (1, None, "few")


def test_the_number_behind_a_figure_is_the_length_of_its_list(life, as_browser):
    client = as_browser(life.supplier_head)
    relation = relation_of(person=life.supplier_head, one=life.it, other=life.sales)
    created = next(line for line in relation.lines if line.definition.key == "created").tiles[0]
    listed = client.get(created.url).content.decode()
    assert created.figure.n == 12
    assert "12 of 12 shown" in listed
    assert created.url in client.get(HERE).content.decode().replace("&amp;", "&")


def test_what_is_agreed_stands_beside_and_drafts_are_their_own_sides(life, as_browser):
    signed(life, service=life.laptop)
    drafted(life)
    ours = as_browser(life.supplier_head).get(HERE).content.decode()
    theirs = as_browser(life.customer_head).get(HERE).content.decode()
    assert ("In force" in ours, "Draft" in ours) == (True, True)
    assert ("In force" in theirs, "Draft" in theirs) == (True, False)
    assert "supplier=sales&amp;customer=it&amp;go=on" in ours
    assert "go=on" not in as_browser(life.agent).get(HERE).content.decode()


def test_the_months_that_can_be_told_are_drawn(life):
    before = timezone.now() - timedelta(days=40)
    for _number in range(10):
        row = file_laptop(life, at=before)
        for action in ("accept", "deliver"):
            move_request(by=life.assigned, service_request=row, action=action, at=before + timedelta(minutes=5))
    catch_up()
    relation = relation_of(person=life.executive, one=life.it, other=life.sales)
    assert [series["values"][-1] for series in relation.chart["series"]] == [100.0, None]
    assert sum(value == 100.0 for value in relation.chart["series"][0]["values"]) == 2
    assert len(relation.chart["x"]) == len(relation.table["rows"]) == 12
    assert relation.table["rows"][-1][1:] == ["100.0\u00a0% · n 11", "n 0"]


def test_the_dashboard_leads_to_it(life, as_browser):
    assert f'href="{HERE}"' in as_browser(life.supplier_head).get("/departments/it/as-supplier/").content.decode()


def test_it_takes_the_same_queries_for_one_request_and_for_three(company, as_browser, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    file_laptop(company)
    catch_up()
    client.get(HERE)
    counts = []
    for _number in range(3):
        with django_assert_max_num_queries(60) as captured:
            assert client.get(HERE).status_code == 200
        counts.append(len(captured))
        file_laptop(company)
        catch_up()
    assert counts[1:] == counts[:-1]
