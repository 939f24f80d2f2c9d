"""What-if over HTTP."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.whatif import selectors, services
from metrics.whatif.models import WhatIf
from metrics.whatif.policies import require_replay
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import get_negotiated
from requests_app.agreements.terms import Terms
from requests_app.desk.states import number_of
from requests_app.events.api import once
from requests_app.kernel import api


class PeriodBody(api.StrictSerializer):
    first = api.Day(help_text="The first day of filing.")
    last = api.Day(help_text="The last one.")
    compare_with = api.WholeNumber(
        required=False, min_value=1, help_text="Another agreement, draft or version whose terms are replayed as well."
    )

    def get_fields(self):
        fields = super().get_fields()
        return {{"first": "from", "last": "to"}.get(name, name): field for name, field in fields.items()}


@extend_schema_field(OpenApiTypes.OBJECT)
class Tallies(serializers.JSONField):
    """measure → kept, missed, n, share, low, high, was, by_priority, by_service, by_month."""


class WhatIfShape(api.Shape):
    id = serializers.IntegerField()
    agreement = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    finished = serializers.BooleanField(help_text="false: a worker is at it; ask again.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    without_target = serializers.IntegerField(allow_null=True)
    measures = Tallies(allow_null=True)
    flips = Tallies(allow_null=True, help_text="[{request, measure, would}], the first 200")
    flips_in_all = serializers.IntegerField(allow_null=True)
    suggested = Tallies(allow_null=True, help_text="measure → priority → {n, targets: {80, 90, 95 → seconds or null}}")
    compared = Tallies(allow_null=True, help_text="The measures by the other terms.")
    links = serializers.DictField(child=serializers.URLField())

    def get_fields(self):
        fields = super().get_fields()
        return {{"first": "from", "last": "to"}.get(name, name): field for name, field in fields.items()}


def whatif_shape(request: Request, run: WhatIf, compared: dict | None = None) -> dict:
    result = run.result or {}
    flips = [
        {"request": number_of(flip["request_id"]), "measure": flip["measure"], "would": flip["would"]}
        for flip in result.get("flips", ())
    ]
    return {
        "id": run.pk,
        "agreement": run.agreement_id,
        "from": run.first,
        "to": run.last,
        "finished": run.finished_at is not None,
        "done": run.done,
        "total": run.total,
        "as_of": run.finished_at,
        "n": result.get("n"),
        "without_target": result.get("without_target"),
        "measures": result.get("measures"),
        "flips": flips if result else None,
        "flips_in_all": result.get("flips_in_all"),
        "suggested": result.get("suggested"),
        "compared": compared,
        "links": {"self": api.link(request, f"/api/v1/agreements/{run.agreement_id}/what-if/{run.pk}/")},
    }


class _OfAgreement(api.Address):
    def find(self, pk: int, **more) -> Agreement:
        agreement = get_negotiated(person=self.request.user, pk=pk)
        require_replay(self.request.user, agreement)
        return agreement


class Ask(_OfAgreement):
    @extend_schema(
        tags=["Agreements"],
        operation_id="agreements_what_if",
        summary="Replay the terms over past requests: what would have been kept",
        parameters=[api.IDEMPOTENCY_KEY],
        request=PeriodBody,
        responses={200: WhatIfShape, 202: WhatIfShape, **api.refusals(403, 404)},
    )
    @once
    def post(self, request: Request, **names) -> Response:
        asked = self.body(PeriodBody)
        first, last = asked["from"], asked["to"]
        other = asked.get("compare_with")
        run = services.ask(by=request.user, agreement=self.found, first=first, last=last, compare_with=other)
        compared = None
        code = status.HTTP_200_OK if run.finished_at else status.HTTP_202_ACCEPTED
        return Response(whatif_shape(request, run, compared), status=code)


class Read(_OfAgreement):
    @extend_schema(
        tags=["Agreements"],
        operation_id="agreements_what_if_read",
        summary="Read a replay, or how far it is",
        responses={200: WhatIfShape, **api.refusals(403, 404)},
    )
    def get(self, request: Request, **names) -> Response:
        run = selectors.get_run(agreement=self.found, pk=names["run"])
        return Response(whatif_shape(request, run))


urlpatterns = [
    path("agreements/<row:pk>/what-if/", Ask.as_view(), name="agreement_what_if"),
    path("agreements/<row:pk>/what-if/<row:run>/", Read.as_view(), name="agreement_what_if_run"),
]
