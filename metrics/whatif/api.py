"""What-if over HTTP."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.whatif import selectors, services
from metrics.whatif.models import WhatIf
from metrics.whatif.policies import require_replay
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import get_negotiated
from requests_app.desk.states import number_of
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Person

MOST_FLIPS = 100
DAYS = {"first": "from", "last": "to"}


class PeriodBody(api.StrictSerializer):
    first = api.Day(help_text="The first day of filing.")
    last = api.Day(help_text="The last one, included.")
    compare_with = api.WholeNumber(
        required=False, min_value=1, help_text="Another agreement, draft or version whose terms are replayed as well."
    )

    def get_fields(self):
        return {DAYS.get(name, name): field for name, field in super().get_fields().items()}


class ShareShape(api.Shape):
    kept = serializers.IntegerField()
    missed = serializers.IntegerField()
    n = serializers.IntegerField(help_text="kept + missed; what is undecided or has no target is in neither.")
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="95 % interval after Wilson.")
    high = serializers.FloatField(allow_null=True)


class PairShape(ShareShape):
    was = ShareShape(help_text="As the figures have it.")


class OfServiceShape(PairShape):
    service = serializers.CharField(allow_null=True, help_text="Slug.")
    name = serializers.CharField(allow_null=True)


class OfMonthShape(PairShape):
    month = serializers.CharField(help_text="Of filing, such as 2026-03.")


class MeasureShape(PairShape):
    by_priority = serializers.DictField(child=PairShape())
    by_service = OfServiceShape(many=True)
    by_month = OfMonthShape(many=True)


class FlipShape(api.Shape):
    request = serializers.CharField()
    measure = serializers.CharField()
    would = serializers.BooleanField(help_text="true: it would be kept, and was missed.")


class SuggestionShape(api.Shape):
    n = serializers.IntegerField()
    targets = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        help_text="80, 90, 95 → seconds of working time that so many percent would have met; null: too many are open.",
    )


def _measures(**more: Any) -> serializers.DictField:
    return serializers.DictField(child=MeasureShape(), allow_null=True, **more)


class WhatIfShape(api.Shape):
    id = serializers.IntegerField()
    agreement = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    finished = serializers.BooleanField(help_text="false: a worker is at it; ask again.")
    failed = serializers.BooleanField(help_text="true: it could not be done, and is not tried again.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    without_target = serializers.IntegerField(allow_null=True)
    measures = _measures()
    flips = FlipShape(many=True, allow_null=True, help_text="The first 100; of confidential requests none.")
    flips_in_all = serializers.IntegerField(allow_null=True, help_text="Confidential ones are counted.")
    suggested = serializers.DictField(
        child=serializers.DictField(child=SuggestionShape()), allow_null=True, help_text="measure → priority → times"
    )
    compare_with = serializers.IntegerField(allow_null=True)
    compared = _measures(help_text="The measures by the other terms.")
    links = serializers.DictField(child=serializers.URLField())

    def get_fields(self):
        return {DAYS.get(name, name): field for name, field in super().get_fields().items()}


def whatif_shape(request: Request, run: WhatIf) -> dict[str, Any]:
    result = run.result or {}
    other = _compared(request.user, run)
    return {
        "id": run.pk,
        "agreement": run.agreement_id,
        "from": run.first,
        "to": run.last,
        "finished": run.finished_at is not None,
        "failed": bool(run.failed),
        "done": run.done,
        "total": run.total,
        "as_of": run.finished_at,
        "n": result.get("n"),
        "without_target": result.get("without_target"),
        "measures": _named(result),
        "flips": _flips(run) if result else None,
        "flips_in_all": result.get("flips_in_all"),
        "suggested": result.get("suggested"),
        "compare_with": other.pk if other else None,
        "compared": _named(run.compared) if other else None,
        "links": {"self": api.link(request, f"/api/v1/agreements/{run.agreement_id}/what-if/{run.pk}/")},
    }


def _compared(person: Person, run: WhatIf) -> Agreement | None:
    """The other terms, if this reader may read them: a draft of one side is nothing for the other."""
    return selectors.get_compared(person=person, pk=run.compare_with) if run.compare_with else None


def _flips(run: WhatIf) -> list[dict[str, Any]]:
    rows = selectors.flips_of(run).order_by("request_id", "measure")[:MOST_FLIPS]
    return [{"request": number_of(row.request_id), "measure": row.measure, "would": row.would} for row in rows]


def _named(result: dict[str, Any] | None) -> dict[str, Any] | None:
    """The measures with services by slug and name; one query."""
    if not result:
        return None
    ids = {int(key) for tally in result["measures"].values() for key in tally["by_service"]}
    services_by_id = selectors.services_named(list(ids))
    return {
        measure: tally
        | {
            "by_service": [
                dict(zip(("service", "name"), services_by_id.get(int(key), (None, None)), strict=True)) | pair
                for key, pair in tally["by_service"].items()
            ],
            "by_month": [{"month": key} | pair for key, pair in tally["by_month"].items()],
        }
        for measure, tally in result["measures"].items()
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
        run = services.ask(
            by=request.user,
            agreement=self.found,
            first=asked["from"],
            last=asked["to"],
            compare_with=asked.get("compare_with"),
        )
        code = status.HTTP_200_OK if run.finished_at else status.HTTP_202_ACCEPTED
        return Response(whatif_shape(request, run), status=code)


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
