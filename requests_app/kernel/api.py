"""What every address of the API has in common: strict bodies, known queries, keyset pages, versions by ETag."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import register_converter
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.pagination import keyset_page

USUAL_PAGE = 50


class StrictSerializer(serializers.Serializer):
    """A body that may hold only what is named; everything else is an error under its own name."""

    def to_internal_value(self, data):
        unknown = sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []
        errors = {name: [self._not_known(name)] for name in unknown}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
            raise serializers.ValidationError(errors | detail) from None
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _not_known(self, name: str) -> str:
        return _("There is no field %(name)s here. Fields are: %(known)s.") % {
            "name": name[:60],
            "known": ", ".join(self.fields),
        }


class Shape(serializers.Serializer):
    """The fields of an answer, for the OpenAPI description. Answers are built as plain dicts, for speed."""


class Text(serializers.CharField):
    """A JSON string and nothing else: 5 is not "5"."""

    def __init__(self, **kwargs):
        shortest = {} if kwargs.get("allow_blank") else {"min_length": 1}
        super().__init__(**shortest, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(Text):
    """The short name of a department, service or calendar."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 80, **kwargs})


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction: 5 and 5.0 are, "5" and true are not."""

    def to_internal_value(self, data):
        if type(data) is float and data.is_integer():
            data = int(data)
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class YesOrNo(serializers.BooleanField):
    """true or false, not their likes."""

    def to_internal_value(self, data):
        if type(data) is not bool:
            self.fail("invalid", input=str(data)[:40])
        return data


@extend_schema_field(OpenApiTypes.BINARY)
class Upload(serializers.FileField):
    """A file of a multipart body."""


class Moment(serializers.DateTimeField):
    """An instant within the reach of calendars; the ends of time overflow as soon as somebody adds a day."""

    def to_internal_value(self, value):
        refusal = serializers.ValidationError(_("Give a time from 1900 to 2199."))
        try:
            found = super().to_internal_value(value)
        except OverflowError as error:
            raise refusal from error
        if not 1900 <= found.year < 2200:
            raise refusal
        return found


class Day(serializers.DateField):
    """A date within the reach of calendars."""

    def to_internal_value(self, value):
        found = super().to_internal_value(value)
        if not 1900 <= found.year < 2200:
            raise serializers.ValidationError(_("Give a date from 1900 to 2199."))
        return found


class Several(serializers.ListField):
    """A query parameter that may be given more than once; any of its values will do."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 50, **kwargs})


class Query(StrictSerializer):
    """The query parameters of an address. Those not named here are refused by name."""

    @classmethod
    def read(cls, given: QueryDict) -> dict[str, Any]:
        if not given and not cls._declared_fields:
            return {}
        fields = cls().fields
        flat: dict[str, Any] = {}
        for name, values in given.lists():
            if isinstance(fields.get(name), Several):
                flat[name] = values
            elif len(values) > 1:
                raise WrongInput({name[:60]: [_("Give this once.")]})
            else:
                flat[name] = values[0]
        query = cls(data=flat)
        query.is_valid(raise_exception=True)
        return query.validated_data

    def _not_known(self, name: str) -> str:
        known = ", ".join(self.fields)
        if not known:
            return _("This address takes no query parameters.")
        return _("There is no parameter %(name)s here. Parameters are: %(known)s.") % {
            "name": name[:60],
            "known": known,
        }


class PageQuery(Query):
    """What every list understands."""

    cursor = serializers.CharField(required=False, help_text="Where the page begins: from `next` or `previous`.")
    limit = serializers.RegexField(
        "^([1-9][0-9]?|100)$",
        required=False,
        help_text="Rows a page, 1 to 100.",
        error_messages={"invalid": "Give a whole number from 1 to 100."},
    )


class Description(AutoSchema):
    """What an operation says of itself is written at the operation; docstrings are for those who read the code."""

    def get_description(self) -> str:
        return ""


class Address(APIView):
    """One address. `query` names the parameters it takes; without one it takes none.

    What the path names is found before anything else is judged, so that what is hidden is absent whatever is sent.
    """

    query: type[Query] = Query
    changes_nothing = False  # a POST that only asks: tokens that may only read may ask too

    def find(self, **names: Any) -> Any:
        """What the path names, if this person may see it, or 404. It is `self.found` from then on."""

    def initial(self, request: Request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.found = self.find(**kwargs)
        asks = request.method in SAFE_METHODS or self.changes_nothing
        if getattr(request.auth, "read_only", False) and not asks:
            raise NotAllowed(_("This token may only read."), needed=_("Use one that may also write."))
        self.asked = (self.query if request.method in ("GET", "HEAD") else Query).read(request.query_params)

    def page(self, rows: QuerySet, order: Sequence[str], shape: Callable[[Any], dict]) -> Response:
        """One keyset page of `rows`, each as `shape` says. `order` is unique in combination and never null."""
        size = int(self.asked.get("limit", USUAL_PAGE))
        found = keyset_page(rows, order=order, cursor=self.asked.get("cursor", ""), size=size)
        results = [shape(row) for row in found.rows]
        return Response({"next": self._at(found.next), "previous": self._at(found.previous), "results": results})

    def _at(self, cursor: str) -> str | None:
        """This address at another page, with the same filters."""
        if not cursor:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return f"{link(self.request, self.request.path)}?{query.urlencode()}"

    def body(self, serializer: type[serializers.Serializer], *, partial: bool = False, **options) -> dict[str, Any]:
        """What was sent, checked; raises with an error for each field. `partial`: any field may be left out.

        Rows and objects inside are whole all the same; with the framework's own `partial` they would not be.
        """
        found = serializer(data=self.request.data, **options)
        if partial:
            for field in found.fields.values():
                field.required, field.default = False, empty
        found.is_valid(raise_exception=True)
        return found.validated_data


def link(request: HttpRequest, path: str) -> str:
    """The path as an address that can be followed from anywhere."""
    return f"{request.scheme}://{request.get_host()}{path}"


def tag(version: Any) -> str:
    """The ETag of a version."""
    return f'"{version}"'


_TAG = re.compile(r'\s*(?:W/)?"([\x21\x23-\x7e]*)"\s*')


def expected(request: Request) -> list[str] | None:
    """The versions that If-Match names; None when it is absent or takes any.

    A proxy that compresses answers weakens their tags, so W/"7" is read as "7".
    """
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    found = [_TAG.fullmatch(part) for part in header[:500].split(",")]
    if not all(found):
        raise WrongInput({"If-Match": [_('Send the ETag as it was received, like "7".')]})
    return [match[1] for match in found]


def expected_version(request: Request) -> int | None:
    """The one version number that If-Match names, for services that compare under a lock; 0 never matches."""
    versions = expected(request)
    if versions is None:
        return None
    return int(versions[0]) if len(versions) == 1 and re.fullmatch("[0-9]{1,9}", versions[0]) else 0


def require_match(request: Request, version: Any) -> None:
    """StaleVersion when If-Match names other versions than the one that is there now."""
    versions = expected(request)
    if versions is not None and str(version) not in versions:
        raise StaleVersion(_("Somebody changed this since you read it. Read it again, then decide."))


@contextmanager
def unchanged(request: Request, row: models.Model, version_of: Callable[[Any], Any]) -> Iterator[None]:
    """Inside, nobody else changes the row, and it is the one that If-Match names; else StaleVersion."""
    with transaction.atomic():
        if expected(request) is not None:
            locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
            require_match(request, version_of(locked))
        yield


class AsciiSlug:
    """Like Django's slug; a converter of ours so that every address uses the same, ASCII only."""

    regex = "[-a-zA-Z0-9_]{1,80}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class RowId:
    """A whole number that fits a row's id; ASCII digits only."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Number:
    """The number of a request as a part of a path: SR-000123."""

    regex = "SR-[0-9]{1,15}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class Mailbox:
    """An e-mail address as a part of a path: no slash, no blank, no control character."""

    regex = r"[^/\s\x00-\x1f\x7f]{1,254}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(AsciiSlug, "ascii")
register_converter(RowId, "row")
register_converter(Number, "sr")
register_converter(Mailbox, "mailbox")


class ErrorShape(Shape):
    """Every refusal looks like this."""

    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="One sentence for people.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Sentences by field; often empty."
    )


_REFUSALS = {
    400: "Something sent is not right; `errors` says what, by field.",
    401: "No token, or one that is unknown, expired or withdrawn.",
    403: "Visible, but not yours to do; `detail` says who could.",
    404: "Not there, or not yours to see.",
    409: "Its state does not allow this (any more); nothing was changed.",
    412: "Somebody changed it since you read it (If-Match); nothing was changed.",
    413: "Too large.",
    415: "Not a content type that is taken here.",
    422: "This Idempotency-Key was used for something else.",
    503: "Busy; nothing was changed. Try again after `Retry-After` seconds.",
}

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag read before; 412 when somebody saved in between."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    OpenApiParameter.HEADER,
    description="Up to 200 visible characters. The same key and body within 24 hours: done once, answered again.",
)


@cache
def page_of(shape: type[Shape]) -> type[serializers.Serializer]:
    """The shape of a keyset page of these."""
    name = shape.__name__.removesuffix("Shape") + "Page"
    return inline_serializer(
        name,
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


def refusals(*codes: int) -> dict[int, OpenApiResponse]:
    """The error answers of an operation, for the OpenAPI description."""
    return {code: OpenApiResponse(ErrorShape, description=_REFUSALS[code]) for code in (400, 401, *codes, 503)}
