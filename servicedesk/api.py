"""Every address of the API, its OpenAPI description, and the page that shows it."""

from collections.abc import Iterator
from functools import cache

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from feedback.actions import api as actions
from feedback.asking import api as asking
from feedback.awards import api as awards
from feedback.chain import api as declared
from feedback.forum import api as forum
from feedback.groups import api as groups
from feedback.needs import api as needs
from feedback.ratings import api as ratings
from feedback.surveys import api as surveys
from feedback.talks import api as talks
from feedback.training import api as training
from feedback.voice import api as voice
from metrics.benchmark import api as benchmark
from metrics.capacity import api as load
from metrics.chain import api as chain
from metrics.charts import api as charts
from metrics.dashboards import api as dashboards
from metrics.exports import api as exports
from metrics.forecast import api as forecast
from metrics.improvement import api as improvement
from metrics.mending import api as mending
from metrics.passing import api as passing
from metrics.plans import api as plans
from metrics.process import api as process
from metrics.relations import api as relations
from metrics.reports import api as reports
from metrics.rollups import api as figures
from metrics.scorecard import api as scorecard
from metrics.targets import api as figure_targets
from metrics.themes import api as themes
from metrics.whatif import api as whatif
from requests_app.agreements import api as agreements
from requests_app.agreements.negotiation import api as negotiation
from requests_app.calendars import api as calendars
from requests_app.capacity import api as capacity
from requests_app.catalogue import api as catalogue
from requests_app.desk import api as desk
from requests_app.kernel.api import Address, Shape, StrictSerializer, refusals
from requests_app.org import api as org
from servicedesk.api_docs import sections_of

# What a shape says of itself when it has no words of its own.
INHERITED = {StrictSerializer.__doc__, Shape.__doc__}


class BearerScheme(OpenApiAuthenticationExtension):
    """Tells the description how programs sign in."""

    target_class = "requests_app.org.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token from tokens/ or manage.py create_token."}


@cache
def description() -> dict:
    """The OpenAPI description, made once a process, in English: names and codes are English too."""
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    for shape in shapes.values():
        if shape.get("description") in INHERITED:
            del shape["description"]
    for name in _sent(schema):
        shapes[name]["additionalProperties"] = False  # what is not named here is refused
    return schema


def _sent(schema: dict) -> Iterator[str]:
    """The names of the shapes that are sent, with those inside them."""
    bodies = [
        operation["requestBody"]
        for item in schema["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    waiting, seen = set(_references(bodies)), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        shape = schema["components"]["schemas"][name]
        if "properties" in shape:
            yield name
        waiting |= set(_references(shape)) - seen


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rsplit("/", 1)[-1]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)


@cache
def _rendered() -> bytes:
    return JSONRenderer().render(description())


class Schema(Address):
    @extend_schema(
        operation_id="schema",
        tags=["About"],
        summary="This description, as OpenAPI 3",
        responses={200: OpenApiTypes.OBJECT, **refusals()},
    )
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(_rendered(), content_type="application/json")


@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page: no script, no style from elsewhere."""
    return render(request, "api/docs.html", {"sections": sections_of(description())})


app_name = "api"
urlpatterns = [
    *org.urlpatterns,
    *calendars.urlpatterns,
    *catalogue.urlpatterns,
    *agreements.urlpatterns,
    *negotiation.urlpatterns,
    *desk.urlpatterns,
    *capacity.urlpatterns,
    *ratings.urlpatterns,
    *asking.urlpatterns,
    *actions.urlpatterns,
    *talks.urlpatterns,
    *voice.urlpatterns,
    *surveys.urlpatterns,
    *training.urlpatterns,
    *forum.urlpatterns,
    *groups.urlpatterns,
    *needs.urlpatterns,
    *awards.urlpatterns,
    *figures.urlpatterns,
    *process.urlpatterns,
    *forecast.urlpatterns,
    *themes.urlpatterns,
    *benchmark.urlpatterns,
    *mending.urlpatterns,
    *dashboards.urlpatterns,
    *passing.urlpatterns,
    *load.urlpatterns,
    *whatif.urlpatterns,
    *reports.urlpatterns,
    *scorecard.urlpatterns,
    *plans.urlpatterns,
    *declared.urlpatterns,
    *chain.urlpatterns,
    *charts.urlpatterns,
    *relations.urlpatterns,
    *figure_targets.urlpatterns,
    *exports.urlpatterns,
    *improvement.urlpatterns,
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
