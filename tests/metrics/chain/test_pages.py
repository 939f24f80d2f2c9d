"""The map over HTTP: for whom, with what, and with differences in sentences."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from feedback.chain.selectors import disagreements
from metrics.chain.drawing import OUT
from metrics.chain.selectors import map_page
from tests.factories.chain import both, declared
from tests.factories.facts import count, fact

pytestmark = pytest.mark.django_db
PAGE, API = "/company/chain/", "/api/v1/chain/"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace("\u00a0", " ")


@pytest.fixture
def chain(company):
    """Sales and IT name each other and differ; Facilities asks IT twelve times unnamed; Sales never asks Facilities."""
    both(company)
    declared(company, other=company.facilities)
    declared(company, other=None, side="customer")
    day = timezone.localdate() - timedelta(days=5)
    pairs = [company.sales.pk] * 8 + [company.facilities.pk] * 12
    count(fact(n, day, customer=customer, supplier=company.it.pk) for n, customer in enumerate(pairs, 1))
    return company


def test_what_is_said_stands_beside_what_the_requests_show(chain, as_browser):
    answer = as_browser(chain.executive).get(PAGE)
    said = text_of(answer)
    assert answer.status_code == 200
    assert "Facilities filed 12 of 20 requests with IT Services in 91 days" in said
    assert "Sales names Facilities as its supplier and filed no request with it in 91 days." in said
    assert "IT Services and Sales describe differently what is required." in said
    assert ("60.0 %" in said, "n 20" in said) == (True, True)
    assert ("within 2 days" in said, "svg" in answer.content.decode()) == (False, True)


def test_one_department_can_be_looked_at_and_a_wrong_one_is_told(chain, as_browser):
    client = as_browser(chain.agent)
    assert "Suppliers and customers of Facilities" in text_of(client.get(PAGE, {"department": "facilities"}))
    for wrong in ({"department": "nowhere"}, {"period": "never"}, {"from": "x"}):
        assert client.get(PAGE, wrong).status_code == 400
    assert as_browser(chain.requester).get(PAGE).status_code == 403


def test_differences_stand_by_pair_those_of_the_readers_own_department_first(chain):
    others, own = ("IT Services", "Facilities"), [("IT Services", "Sales"), ("Facilities", "Sales")]
    for person, expected in (
        (chain.executive, [(*pair, False) for pair in (others, *own)]),
        (chain.customer_head, [*((*pair, True) for pair in own), (*others, False)]),
    ):
        pairs = map_page(person=person).pairs
        assert [(pair.one.name, pair.other.name, pair.is_mine) for pair in pairs] == expected
        assert sum(len(pair.points) for pair in pairs) == len(map_page(person=person).points)


def test_the_chain_is_drawn_to_the_customers_outside_as_soon_as_a_partner_asks(company):
    both(company)
    company.facilities.kind = "partner"
    company.facilities.save()
    day = timezone.localdate() - timedelta(days=5)
    count([fact(1, day, customer=company.facilities.pk, supplier=company.sales.pk)])
    assert OUT in {box.node for box in map_page(person=company.executive).picture.boxes}
    own = map_page(person=company.executive, department="facilities").picture
    assert own is None


def test_the_map_over_the_api(chain, as_api):
    found = as_api(chain.agent).get(API, {"department": "it"}).json()
    links = {
        (row["supplier"], row["customer"]): (row["match"], row["gap"], row["n"], row["whole"]) for row in found["links"]
    }
    assert links == {
        ("it", "facilities"): ("none", "undeclared", 12, 20), ("it", "sales"): ("different", "none", 8, 20),
    }  # fmt: skip
    assert [row["kind"] for row in found["differences"]] == ["undeclared", "demands"]
    assert as_api(chain.agent).get(API, {"department": "nowhere"}).status_code == 400
    assert as_api(chain.colleague).get(API).status_code == 403


def test_what_the_requests_show_is_among_what_two_should_talk_about(chain):
    assert [point.kind for point in disagreements((chain.it, chain.facilities))] == ["undeclared"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_costs_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    for place in range(rows):
        declared(
            company,
            other=[company.it, company.facilities, None][place],
            side=["supplier", "supplier", "customer"][place],
        )
    client = as_browser(company.executive)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
