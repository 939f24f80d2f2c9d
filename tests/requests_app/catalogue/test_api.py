"""The catalogue over HTTP."""

import pytest

from requests_app.catalogue.models import Service
from requests_app.catalogue.services import change_service, create_service
from requests_app.org.services import save_department
from tests.factories import file_laptop, make_person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/services/"


def slugs(client, **query) -> list[str]:
    return [row["slug"] for row in client.get(ADDRESS, query).data["results"]]


def test_a_service_says_what_it_is_and_what_filing_asks_for(company, as_api):
    shown = as_api(company.stranger).get(f"{ADDRESS}laptop/").data
    assert (shown["slug"], shown["department"], shown["need_type"], shown["owner"]) == (
        "laptop", "it", "service", None
    )  # fmt: skip
    assert shown["form"]["version"] == 1
    assert [field["key"] for field in shown["form"]["fields"]] == ["model", "needed_by", "pieces", "why"]
    assert shown["form"]["fields"][0] == {
        "key": "model",
        "label": "Model",
        "type": "choice",
        "help": "",
        "required": True,
        "choices": ["13 inch", "15 inch"],
    }


def test_is_searched_by_words_department_and_kind(company, as_api):
    change_service(by=company.admin, service=company.laptop, keywords="notebook 打印机", need_type="resource")
    client = as_api(company.stranger)
    assert slugs(client) == ["badge", "laptop"]
    assert slugs(client, q="notebok") == ["laptop"]
    assert slugs(client, q="打印") == ["laptop"]
    assert slugs(client, department="facilities") == ["badge"]
    assert slugs(client, need_type="resource") == ["laptop"]
    assert client.get(ADDRESS, {"need_type": "magic"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_three_queries(company, as_api, rows, django_assert_num_queries):
    for place in range(rows):
        create_service(by=company.admin, department=company.it, name=f"Printer {place}", owner_id=company.agent.pk)
    client = as_api(company.stranger)
    with django_assert_num_queries(3):
        assert len(slugs(client, department="it")) == rows + 1


def test_partners_see_what_is_opened_to_them_and_drafts_are_seen_by_their_editors(company, as_api):
    acme = save_department(by=company.admin, slug="acme", name="Acme", kind="partner")
    partner = as_api(make_person("Paul Partner", acme))
    change_service(by=company.admin, service=company.badge, open_to_partners=True)
    assert slugs(partner) == ["badge"]
    change_service(by=company.admin, service=company.laptop, is_published=False)
    assert slugs(as_api(company.stranger)) == ["badge"]
    assert as_api(company.stranger).get(f"{ADDRESS}laptop/").status_code == 404
    assert slugs(as_api(company.supplier_head)) == ["badge", "laptop"]


class TestEditing:
    BODY = {
        "department": "it",
        "name": "Printer",
        "summary": "A printer near you",
        "quality": "Prints\nBoth sides",
        "owner": "anton.agent@example.test",
        "form": [{"key": "floor", "label": "Which floor", "type": "number", "required": True}],
    }

    def test_a_head_offers_a_service_of_the_own_department(self, company, as_api):
        made = as_api(company.supplier_head).post(ADDRESS, self.BODY)
        assert (made.status_code, made["Location"]) == (201, f"http://testserver{ADDRESS}printer/")
        assert made.data["form"]["fields"] == [
            {"key": "floor", "label": "Which floor", "type": "number", "help": "", "required": True, "choices": []}
        ]
        assert made.data["owner"] == company.agent.email

    @pytest.mark.parametrize("who", ["agent", "customer_head", "requester", "auditor"])
    def test_nobody_else_does(self, company, as_api, who):
        assert as_api(getattr(company, who)).post(ADDRESS, self.BODY).status_code == 403
        assert as_api(getattr(company, who)).patch(f"{ADDRESS}laptop/", {"summary": "x"}).status_code == 403

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"department": "none"}, "department"),
            ({"slug": "a b"}, "slug"),
            ({"owner": "nobody@example.test"}, "owner"),
            ({"privacy": "none"}, "privacy"),
            ({"form": [{"label": "x"}]}, "form.0.key"),
            ({"form": [{"key": "Big", "label": "x"}]}, "fields.1"),
            ({"form": [{"key": "a", "label": "x", "type": "choice", "choices": ["one"]}]}, "fields.1"),
            ({"form": [{"key": "a", "label": "x"}, {"key": "a", "label": "y"}]}, "fields.2"),
            ({"form": [{"key": "a", "label": "x", "script": "y"}]}, "form.0.script"),
            ({"owner_id": 1}, "owner_id"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, company, as_api, change, field):
        answer = as_api(company.supplier_head).post(ADDRESS, self.BODY | change)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
        assert Service.objects.count() == 2

    def test_another_form_is_the_next_version_and_old_requests_keep_theirs(self, company, as_api):
        old = file_laptop(company)
        form = [{"key": "model", "label": "Model"}]
        changed = as_api(company.supplier_head).patch(f"{ADDRESS}laptop/", {"form": form})
        assert changed.data["form"]["version"] == 2
        old.refresh_from_db()
        assert old.form.number == 1
        again = as_api(company.supplier_head).patch(f"{ADDRESS}laptop/", {"form": form, "summary": "x"})
        assert again.data["form"]["version"] == 2

    def test_a_change_leaves_the_rest_and_names_the_version_that_was_read(self, company, as_api):
        client, here = as_api(company.supplier_head), f"{ADDRESS}laptop/"
        read = client.get(here)["ETag"]
        changed = client.patch(here, {"summary": "Light", "owner": None}, headers={"If-Match": read})
        assert (changed.data["summary"], changed.data["name"], changed.data["owner"]) == ("Light", "Laptop", None)
        assert client.patch(here, {"summary": "x"}, headers={"If-Match": read}).status_code == 412
