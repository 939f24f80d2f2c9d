"""What departments say of each other, over pages and over the API."""

import pytest

from feedback.chain.models import Declaration
from tests.factories.chain import both, declared

pytestmark = pytest.mark.django_db
PAGE, API = "/departments/sales/chain/", "/api/v1/chain/declarations/"
TYPED = {"side": "supplier", "other": "it", "products": "laptops", "demands": "within 2 days"}


def test_the_head_names_a_supplier_and_it_stands_on_the_pages(company, as_browser):
    head = as_browser(company.customer_head)
    assert head.post(f"{PAGE}declare/", TYPED)["Location"] == PAGE
    assert "within 2 days" in head.get(PAGE).content.decode()
    pair = as_browser(company.supplier_head).get("/relations/it/sales/").content.decode()
    assert ("What both sides say" in pair, "within 2 days" in pair) == (True, True)
    assert "Sales names IT Services as its supplier" in as_browser(company.supplier_head).get("/").content.decode()
    assert f'href="{PAGE}"' in head.get("/departments/sales/as-customer/").content.decode()


def test_amending_begins_with_what_was_said_and_a_newer_version_is_not_overwritten(company, as_browser):
    declared(company)
    head = as_browser(company.customer_head)
    address = f"{PAGE}declare/?side=supplier&other=it"
    assert "within 2 days" in head.get(address).content.decode()
    declared(company, demands="within a day")
    late = TYPED | {"about": "supplier/it", "number": "1", "demands": "my long words"}
    answer = head.post(f"{PAGE}declare/", late)
    assert (answer.status_code, "my long words" in answer.content.decode()) == (400, True)
    assert head.post(f"{PAGE}declare/", late | {"number": "2", "gone": "on"}).status_code == 302
    said = head.get(PAGE).content.decode()
    assert ("2 earlier versions" in said, "No longer" in said) == (True, True)


def test_customers_outside_are_named_without_a_department(company, as_browser):
    typed = {"side": "customer", "other": "+", "products": "offers"}
    assert as_browser(company.customer_head).post(f"{PAGE}declare/", typed).status_code == 302
    assert Declaration.objects.get().other is None
    wrong = as_browser(company.customer_head).post(f"{PAGE}declare/", typed | {"side": "supplier"})
    assert (wrong.status_code, "Only customers can be outside" in wrong.content.decode()) == (400, True)


def test_the_pages_are_for_the_department_and_for_those_who_look_on(company, as_browser):
    assert as_browser(company.customer_head).get(f"{PAGE}declare/?other=nobody&side=x").status_code == 200
    assert as_browser(company.executive).get(PAGE).status_code == 200
    assert as_browser(company.supplier_head).get(PAGE).status_code == 403
    assert as_browser(company.admin).get(f"{PAGE}declare/").status_code == 403
    assert as_browser(company.executive).get("/departments/nowhere/chain/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    others = [company.it, company.facilities]
    for place in range(rows):
        declared(company, other=others[place % 2], side=["supplier", "supplier", "customer"][place])
    client = as_browser(company.customer_head)
    client.get(PAGE)
    with django_assert_max_num_queries(11):
        client.get(PAGE)


def test_over_the_api_it_is_said_listed_amended_and_refused(company, as_api):
    head = as_api(company.customer_head)
    body = {"department": "sales", **TYPED}
    made = head.post(API, body)
    assert (made.status_code, made["ETag"], made.json()["number"]) == (201, '"1"', 1)
    assert head.post(API, body | {"demands": "now"}, headers={"If-Match": '"7"'}).status_code == 412
    assert head.post(API, body | {"demands": "now"}, headers={"If-Match": '"1"'}).json()["number"] == 2
    assert [row["demands"] for row in as_api(company.agent).get(API, {"department": "it"}).json()["results"]] == ["now"]
    assert as_api(company.stranger).get(API).json()["results"] == []
    assert as_api(company.supplier_head).post(API, body).status_code == 403
    for more, field in (
        ({"other": "nowhere"}, "other"),
        ({"side": "friend"}, "side"),
        ({"department": "x"}, "department"),
    ):
        wrong = head.post(API, body | more)
        assert (wrong.status_code, list(wrong.json()["errors"])) == (400, [field])


def test_what_both_say_differently_is_listed_for_both(company, as_browser):
    both(company)
    words = "Sales requires of IT Services: “within 2 days”. IT Services takes it to be: “within 5 days”."
    assert words in as_browser(company.customer_head).get(PAGE).content.decode()
    assert words in as_browser(company.agent).get("/relations/it/sales/").content.decode()
