"""The roof of the API: every address is ours, the description and the page that shows it."""

import pytest
from django.urls import URLPattern, resolve
from django.urls.resolvers import URLResolver

from requests_app.kernel.api import Address
from servicedesk import api
from servicedesk.api_docs import sections_of

pytestmark = pytest.mark.django_db


def addresses() -> list[URLPattern]:
    assert not [one for one in api.urlpatterns if isinstance(one, URLResolver)]
    return [one for one in api.urlpatterns if one.name != "docs"]


def test_every_address_stands_on_the_common_ground():
    """Strict queries, the look-up before the judgement and the limits of reading tokens come with `Address`."""
    others = [str(one.pattern) for one in addresses() if not issubclass(one.callback.view_class, Address)]
    assert others == []


def test_the_description_is_for_everybody_signed_in_and_the_same_bytes_each_time(company, as_api):
    client = as_api(company.stranger)
    first = client.get("/api/v1/schema/")
    assert (first.status_code, first["Content-Type"]) == (200, "application/json")
    assert first.json()["openapi"].startswith("3.1")
    assert client.get("/api/v1/schema/").content == first.content


def test_the_page_shows_every_operation_without_script_or_style_of_its_own(company, as_browser):
    page = as_browser(company.stranger).get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    for section in sections_of(api.description()):
        for operation in section.operations:
            assert f'id="{operation.id}"' in text
            assert operation.path in text
    assert " style=" not in text
    assert "<script>" not in text
    assert " onclick=" not in text


def test_the_page_asks_strangers_to_sign_in(as_browser):
    answer = as_browser().get("/api/v1/docs/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/api/v1/docs/")


def test_fields_are_shown_with_those_inside_them():
    operations = {
        operation.id: operation for section in sections_of(api.description()) for operation in section.operations
    }
    filing = operations["requests_file"]
    assert [(field.path, field.type, field.required) for field in filing.body] == [
        ("service", "string", True),
        ("title", "string", True),
        ("description", "string", False),
        ("urgency", "integer", False),
        ("impact", "integer", False),
        ("form", "object", False),
        ("on_behalf_of", "email or null", False),
        ("customer", "string or null", False),
    ]
    answer = {field.path: field.type for field in filing.answer}
    assert answer["promise.response_due"] == "date-time or null"
    assert answer["actions"].startswith("list of accept | start | hold")
    assert answer["handoff"] == "object or null"
    listed = {field.path for field in operations["requests_list"].answer}
    assert {"next", "previous", "results", "results[].number", "results[].links.self"} <= listed
    assert [(field.path, field.where) for field in filing.parameters] == [("Idempotency-Key", "header")]
    assert ("401", "No token, or one that is unknown, expired or withdrawn.") in filing.refusals


def test_links_to_pages_lead_to_pages(company, as_api, new_request):
    client = as_api(company.requester)
    html = [
        client.get(f"/api/v1/requests/{new_request.number}/").data["links"]["html"],
        client.get("/api/v1/services/laptop/").data["links"]["html"],
    ]
    names = [resolve(address.removeprefix("http://testserver")).view_name for address in html]
    assert names == ["desk:request", "catalogue:service"]


@pytest.mark.parametrize("path", ["/api/v1/nowhere/", "/api/nowhere", "/api/v1/requests/abc/"])
def test_where_nothing_is_the_answer_is_in_the_one_shape(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (
        404, {"code": "not_found", "detail": "Nothing is here.", "errors": {}}
    )  # fmt: skip


def test_our_own_faults_are_told_in_the_one_shape_without_their_cause(company, as_api, monkeypatch):
    client = as_api(company.requester)
    client.raise_request_exception = False
    monkeypatch.setattr("requests_app.desk.api.requests.requests_found", lambda *_args: 1 / 0)
    answer = client.get("/api/v1/requests/")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "division" not in answer.content.decode()


def test_a_wrong_host_is_refused_in_the_one_shape(client, settings):
    settings.ALLOWED_HOSTS = ["desk.example"]
    answer = client.get("/api/v1/requests/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
