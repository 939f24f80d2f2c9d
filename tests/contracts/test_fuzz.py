"""Calls made up from the description, good and bad ones: no answer of 500 and above, none that is not described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from requests_app.org.services import create_token
from servicedesk.wsgi import application
from tests.api_stage import stage

CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore")  # about what the tool could not make up, or makes up on purpose
@pytest.mark.parametrize(
    ("who", "examples"),
    [
        ("assigned", 2),
        pytest.param("assigned", 60, marks=pytest.mark.long),
        pytest.param("admin", 60, marks=pytest.mark.long),
        pytest.param("requester", 60, marks=pytest.mark.long),
    ],
)
def test_every_operation_stands_up_to_made_up_calls(company, who, examples):
    scene = stage(company, "offer")
    headers = {"Authorization": f"Bearer {create_token(person=getattr(scene.company, who))}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers=headers)
    calm = settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for result in schema.get_all_operations():
        operation = result.ok()

        @calm
        @given(case=operation.as_strategy(generation_mode=BAD))
        def stands_up(case):
            assert case.call(headers=headers).status_code < 500

        @calm
        @given(case=operation.as_strategy(generation_mode=GOOD))
        def answers_as_described(case):
            case.validate_response(case.call(headers=headers), checks=CHECKS)

        answers_as_described()
        if operation.label not in HARMLESS:
            stands_up()


# Nothing can be sent wrongly where nothing is taken.
HARMLESS = {"GET /api/v1/schema/", "GET /api/v1/people/me/", "GET /api/v1/figures/definitions/"}
