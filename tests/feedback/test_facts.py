"""What a department does beside its requests, on its dashboard and between two: each number has a list of its length."""

import re
from html import unescape

import pytest

from feedback.awards.panels import between_the_two as awards_between
from feedback.forum.panels import among_the_facts as asked
from feedback.forum.panels import between_the_two as forum_between
from feedback.surveys.panels import among_the_facts as campaigns
from feedback.surveys.panels import between_the_two as surveys_between
from feedback.training.panels import among_the_facts as trained
from feedback.voice.panels import among_the_facts as said_by
from requests_app.kernel.panels import panels_for
from tests.factories.awards import announced
from tests.factories.forum import replied, topic_of
from tests.factories.groups import at_work
from tests.factories.needs import need_at, needed
from tests.factories.surveys import closed, opened, prepared
from tests.factories.training import certified, course_of
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="([^"]+)" data-count="(\d+)"')
ROW = re.compile(r"data-row|<tr><th scope=\"row\">")
CUSTOMER, RELATION = "/departments/sales/as-customer/", "/relations/it/sales/"


@pytest.fixture
def life(company):
    """Sales has said, needed, asked and learned something of each kind."""
    announced(company)
    said(company, "suggestion"), said(company, "praise"), said(company, "complaint"), answered(company)
    needed(company), need_at(company, "carried_out")
    at_work(company)
    topic_of(company), replied(company)
    opened(company), closed(company, opened(company))
    course_of(company, name="Not taken yet"), certified(company)
    return company


def facts_of(text: str) -> dict[str, int]:
    block = text.split("Beside the requests")[1].split("</section>")[0] if "Beside the requests" in text else ""
    return {unescape(url): int(n) for url, n in LINK.findall(block)}


@pytest.mark.parametrize("page", [CUSTOMER, RELATION])
def test_every_number_beside_the_requests_has_a_list_of_its_length(life, as_browser, page):
    for person in (life.customer_head, life.executive, life.requester):
        client = as_browser(person)
        found = facts_of(client.get(page).content.decode())
        shown = {url: len(ROW.findall(client.get(url).content.decode())) for url in found}
        assert shown == found
    assert facts_of(as_browser(life.customer_head).get(page).content.decode()) != {}


def test_the_customers_head_is_told_of_each_kind(life):
    found = panels_for("department facts", person=life.customer_head, department=life.sales, side="customer")
    told = {str(panel.content.label): [(fact.n, fact.words) for fact in panel.content.facts] for panel in found}
    assert told == {
        "What its people say": [(2, "complaints"), (1, "suggestion"), (1, "praise"), (2, "wait for an answer")],
        "Its needs": [(2, "are on boards"), (1, "carried out, to be judged")],
        "Joint groups": [(1, "at work")],
        "Its questions in the forum": [(2, "without an answer")],
        "Surveys": [(1, "open for answers"), (1, "closed")],
        "Training of its people": [(1, "course with a valid certificate"), (2, "courses on offer")],
    }


def test_the_suppliers_side_has_its_campaigns_and_nothing_of_its_own_blocks_twice(life):
    found = panels_for("department facts", person=life.supplier_head, department=life.it, side="supplier")
    assert [str(panel.content.label) for panel in found] == ["Surveys"]


def test_of_confidential_complaints_nobody_is_told_whose_department_they_come_from(company):
    said(company, "complaint", confidential=True)
    readers = (company.requester, company.supplier_head, company.auditor, company.stranger)
    assert [said_by(person=one, department=company.sales, side="customer") for one in readers] == [None] * 4


def test_complaints_are_counted_for_those_who_read_them_only(company):
    said(company, "complaint")
    readers = (company.customer_head, company.supplier_head, company.stranger)
    found = [said_by(person=one, department=company.sales, side="customer") for one in readers]
    assert [panel and panel.content.facts[0].n for panel in found] == [1, 1, None]


def test_campaigns_in_preparation_are_nobodys_news(company):
    prepared(company)
    assert campaigns(person=company.supplier_head, department=company.sales, side="customer") is None
    assert surveys_between(person=company.supplier_head, one=company.it, other=company.sales) is None


def test_between_two_each_way_is_told(life):
    both = {"person": life.customer_head, "one": life.it, "other": life.sales}
    asks = [(fact.n, fact.words) for fact in surveys_between(**both).content.facts]
    won = [(fact.n, fact.words) for fact in awards_between(**both).content.facts]
    topics = [(fact.n, fact.words) for fact in forum_between(**both).content.facts]
    assert won == [(1, "IT Services")]
    assert (asks, topics) == ([(2, "IT Services asks Sales")], [(2, "from Sales to IT Services")])


def test_of_few_people_no_training_is_told_but_to_their_head(company):
    course_of(company)
    few = {"department": company.facilities, "side": "customer"}
    assert trained(person=company.supplier_head, **few) is None
    assert trained(person=company.other_head, **few).content.facts[0].n == 1


def test_nothing_is_shown_where_there_is_nothing(company, as_browser):
    assert asked(person=company.customer_head, department=company.sales, side="customer") is None
    for page in (CUSTOMER, RELATION):
        assert "Beside the requests" not in as_browser(company.customer_head).get(page).content.decode()


def test_the_block_asks_one_query_for_each_line(life, django_assert_num_queries):
    panels_for("department facts", person=life.customer_head, department=life.sales, side="customer")
    with django_assert_num_queries(7):
        panels_for("department facts", person=life.customer_head, department=life.sales, side="customer")
    with django_assert_num_queries(3):
        panels_for("relation facts", person=life.customer_head, one=life.it, other=life.sales)


@pytest.mark.parametrize(
    ("address", "n"),
    [
        ("voices/?customer=sales&kind=complaint", 2),
        ("voices/?customer=sales&waiting=true", 2),
        ("voices/?customer=it", 0),
        ("voices/?department=it&customer=sales", 4),
        ("forum/?customer=sales", 2),
        ("forum/?customer=it", 0),
        ("campaigns/?department=sales&by=it", 2),
        ("campaigns/?by=it&state=open", 1),
        ("campaigns/?by=sales", 0),
        ("awards/?won_by=it", 1),
        ("awards/?won_by=sales", 0),
    ],
)
def test_the_api_narrows_its_lists_as_the_pages_do(life, as_api, address, n):
    assert len(as_api(life.customer_head).get(f"/api/v1/{address}").json()["results"]) == n


@pytest.mark.parametrize("address", ["voices/?customer=", "forum/?customer=", "campaigns/?by=", "awards/?won_by="])
def test_a_department_that_nobody_knows_is_not_here(life, as_api, address):
    assert as_api(life.customer_head).get(f"/api/v1/{address}nowhere").status_code == 404
