"""The description of the API is complete, valid and true: every operation answers in the shape it promises."""

from copy import deepcopy
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

from servicedesk.api import description
from tests.api_calls import CALLS
from tests.api_stage import read_to_the_end, stage

METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> dict[str, dict[str, Any]]:
    """operation id → its part of the description, with method and path."""
    return {
        item[method]["operationId"]: item[method] | {"method": method, "path": path}
        for path, item in description()["paths"].items()
        for method in METHODS
        if method in item
    }


OPERATIONS = operations()


def closed_components() -> dict[str, Any]:
    """The shapes with every field they do not name forbidden, so that nothing is answered that is not described."""
    components = deepcopy(description()["components"])
    for shape in components["schemas"].values():
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return components


COMPONENTS = closed_components()


def breaches(shape: dict[str, Any], value: Any) -> list[str]:
    """Where `value` is not what `shape` says."""
    validator = Draft202012Validator(shape | {"components": COMPONENTS}, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def test_the_description_is_generated_without_a_warning_and_is_valid_openapi():
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert (dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)) == ({}, {})
    validate_schema(description())


def test_every_operation_has_a_call_that_proves_it():
    assert sorted(OPERATIONS) == sorted(CALLS)


def test_every_operation_has_a_summary_a_tag_and_the_refusals_that_can_always_come():
    for name, operation in OPERATIONS.items():
        assert operation["summary"], name
        assert len(operation["tags"]) == 1, name
        assert {"400", "401", "503"} <= operation["responses"].keys(), name


# Hats and the rules of a chart are set as a whole; of a plan's action the history keeps every change; an anonymous answer or vote has no version that anybody could name.
UNVERSIONED = (
    "hats_set",
    "campaigns_answer",
    "awards_vote",
    "charts_choose_rules",
    "improvements_change_action",
    "meetings_minutes",
    "groups_meeting_minutes",
)  # minutes name what they began from


def test_every_post_can_be_sent_again_and_every_change_can_name_its_version():
    headers = {
        name: {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        for name, operation in OPERATIONS.items()
    }
    for name, operation in OPERATIONS.items():
        if operation["method"] == "post":
            assert "Idempotency-Key" in headers[name], name
        if operation["method"] in ("patch", "put") and name not in UNVERSIONED:
            assert "If-Match" in headers[name], name


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_answer_is_what_the_description_promises(name, company, as_api):
    call, operation = CALLS[name], OPERATIONS[name]
    scene = stage(company, call.prepare)

    answer = scene.make(as_api(scene.person(call)), call)

    good = next(code for code in operation["responses"] if code.startswith("2"))
    assert answer.status_code == int(good), getattr(answer, "data", "")
    content = operation["responses"][good].get("content", {})
    if "application/json" in content:
        assert breaches(content["application/json"]["schema"], answer.json()) == []
    read_to_the_end(answer)


@pytest.mark.django_db
def test_nobody_gets_in_without_a_token(company, as_api):
    scene = stage(company, "offer")
    for name, call in CALLS.items():
        answer = scene.make(as_api(), call)

        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), name
        assert breaches({"$ref": "#/components/schemas/ErrorShape"}, answer.json()) == []


@pytest.mark.parametrize("name", sorted(name for name, call in CALLS.items() if call.body))
def test_what_the_description_takes_as_a_body_is_what_the_call_sends(name):
    body = OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"]
    assert breaches(body, CALLS[name].body) == []
