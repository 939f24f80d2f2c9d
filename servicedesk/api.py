"""Every address of the API, its OpenAPI description, and the page that shows it."""

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

from requests_app.agreements import api as agreements
from requests_app.calendars import api as calendars
from requests_app.catalogue import api as catalogue
from requests_app.desk import api as desk
from requests_app.kernel.api import Address, refusals
from requests_app.org import api as org
from servicedesk.api_docs import sections_of


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
        return SchemaGenerator().get_schema(request=None, public=True)


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
    *desk.urlpatterns,
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
