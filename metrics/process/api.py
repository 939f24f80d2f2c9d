"""The observed process over HTTP."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.facts.states import Step
from metrics.process import policies
from metrics.process.comparing import Change, changes_of, cut_of, straight_changed
from metrics.process.selectors.asked import other_of, scope_of, service_of
from metrics.process.selectors.page import halves, whole
from metrics.process.states import (
    MOST_EDGES,
    Detour,
    Edge,
    Process,
)
from metrics.rollups.api.asked import PeriodQuery, period_of
from metrics.rollups.links import rows_link
from metrics.rollups.policies import Sight, may_open_rows
from metrics.rollups.selectors import as_of
from metrics.rollups.states import Side
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.selectors import get_department

STEPS = [step.name.lower() for step in Step]
TIMES = ("working", "calendar")


class ProcessQuery(PeriodQuery):
    side = serializers.ChoiceField(Side.ALL, required=False, help_text="supplier when it is left out")
    customer = serializers.CharField(required=False, max_length=80, help_text="Only what this department asked for.")
    supplier = serializers.CharField(required=False, max_length=80, help_text="Only what this department supplied.")
    service = serializers.CharField(required=False, max_length=80)
    time = serializers.ChoiceField(TIMES, required=False, help_text="Which seconds; working when it is left out.")
    split = api.Day(required=False, help_text="The first day after a change: adds `before`, `after` and `changes`.")


class StepField(serializers.CharField):
    """No enum: one set of words under three names would be three types in generated programs."""

    def __init__(self, **more: Any):
        super().__init__(help_text=f"One of {', '.join(STEPS)}.", **more)


class VariantShape(api.Shape):
    path = serializers.ListField(child=StepField())
    n = serializers.IntegerField()
    share = serializers.FloatField()
    median = serializers.FloatField(allow_null=True, help_text="Seconds from filing to the last step.")
    p90 = serializers.FloatField(allow_null=True)
    kept = serializers.FloatField(allow_null=True, help_text="Share within the agreed time of resolution.")
    judged = serializers.IntegerField(help_text="How many had such a time and were decided.")
    straight = serializers.BooleanField(help_text="Without a detour.")
    rows = serializers.URLField(allow_null=True, help_text="The requests behind it.")


class OtherPathsShape(api.Shape):
    n = serializers.IntegerField()
    paths = serializers.IntegerField()
    share = serializers.FloatField()


class PassageShape(api.Shape):
    """From one step to the next. Of fewer than five requests nothing more is told to readers of the outline."""

    n = serializers.IntegerField(allow_null=True, help_text="How often. null: fewer than five requests.")
    requests = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True, help_text="Seconds between the two steps, of all passages.")
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="95 % interval of the median; null for fewer than six.")
    high = serializers.FloatField(allow_null=True)
    bottleneck = serializers.BooleanField(help_text="Where most time goes before a delivery.")
    rows = serializers.URLField(allow_null=True)

    def get_fields(self):
        return {"from": StepField(), "to": StepField(), **super().get_fields()}


class DetourShape(api.Shape):
    detour = serializers.ChoiceField(Detour.values)
    n = serializers.IntegerField(allow_null=True, help_text="How often. null: fewer than five requests.")
    requests = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True, help_text="Seconds that went into it.")
    rows = serializers.URLField(allow_null=True)


class ObservedShape(api.Shape):
    n = serializers.IntegerField(help_text="Requests filed in these days that are delivered or ended.")
    straight = serializers.IntegerField(help_text="Of them without a detour.")
    variants = VariantShape(many=True, help_text="The twenty commonest.")
    other_paths = OtherPathsShape(allow_null=True)
    steps = PassageShape(many=True, help_text="The forty commonest passages.")
    needless = DetourShape(many=True)


class PassageChangeShape(api.Shape):
    time = serializers.ChoiceField(
        ["faster", "slower"], allow_null=True, help_text="null: no evidence; the intervals of the medians overlap."
    )
    often = serializers.ChoiceField(
        ["more", "less"], allow_null=True, help_text="Whether more of the requests go this way; null: no evidence."
    )
    before = PassageShape(allow_null=True)
    after = PassageShape(allow_null=True)

    def get_fields(self):
        return {"from": StepField(), "to": StepField(), **super().get_fields()}


class ProcessShape(ObservedShape):
    department = serializers.CharField()
    side = serializers.ChoiceField(Side.ALL)
    time = serializers.ChoiceField(TIMES)
    split = serializers.DateField(allow_null=True)
    before = ObservedShape(allow_null=True)
    after = ObservedShape(allow_null=True)
    straight_changed = serializers.CharField(allow_null=True, help_text="more, less; null: no evidence.")
    changes = PassageChangeShape(many=True, allow_null=True)
    as_of = serializers.DateTimeField(help_text="Everything that happened before is in the figures.")

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class OfDepartment(api.Address):
    query = ProcessQuery

    @extend_schema(
        tags=["Figures"],
        operation_id="figures_process",
        summary="The paths that requests of a department took",
        parameters=[ProcessQuery],
        responses={200: ProcessShape, **api.refusals(403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        department = get_department(person=request.user, slug=slug)
        side, time = self.asked.get("side", Side.SUPPLIER), self.asked.get("time", TIMES[0])
        if side in self.asked:
            raise WrongInput({side: [_("This is the department of the address. Leave it out.")]})
        other_name = "customer" if side == Side.SUPPLIER else "supplier"
        other = other_of(request.user, self.asked.get(other_name, ""), other_name)
        service = service_of(self.asked.get("service", ""))
        sight = policies.require_process(
            request.user, department, others=other and [other.pk], finer=service is not None
        )  # fmt: skip
        period = period_of(self.asked, ZoneInfo(department.time_zone))
        split = cut_of(self.asked["split"], period) if "split" in self.asked else None
        scope = scope_of(department, side, period, timezone.now(), service=service, other=other)
        narrowed = {other_name: other and other.slug, "service": service and service.slug}
        how = {"in_full": sight == Sight.FULL, "calendar": time == "calendar"}

        def link(part: str) -> str | None:
            if not may_open_rows(request.user, department):
                return None
            where = {"side": side, "department": department.slug, "period": period}
            return api.link(request, rows_link(figure="process", **where, part=part, **narrowed))

        head = {
            "department": department.slug, "side": side, "time": time, "from": period.start, "to": period.end,
            "split": split, "before": None, "after": None, "straight_changed": None, "changes": None,
            "as_of": as_of(scope.now),
        }  # fmt: skip
        if split:
            before, after = halves(scope, split, **how)
            head |= {
                "before": observed(before, _nowhere),
                "after": observed(after, _nowhere),
                "straight_changed": straight_changed(before, after) or None,
                "changes": [_change(change) for change in changes_of(before, after)[:MOST_EDGES]],
            }
        return Response(head | observed(whole(scope, **how), link))


Link = Callable[[str], str | None]


def _nowhere(part: str) -> None:
    """The lists are those of the whole period."""


def observed(process: Process, link: Link) -> dict[str, Any]:
    return {
        "n": process.n,
        "straight": process.straight,
        "variants": [
            vars(variant) | {"path": named(variant.path), "rows": link(f"path:{variant.code}")}
            for variant in process.variants
        ],
        "other_paths": vars(process.others) if process.others else None,
        "steps": [_passage(edge, link(f"step:{edge.code}")) for edge in process.edges[:MOST_EDGES]],
        "needless": [
            {
                "detour": one.kind.value,
                **({"n": None, "requests": None, "total": None} if one.few else
                   {"n": one.n, "requests": one.requests, "total": one.total}),
                "rows": None if one.few else link(f"detour:{one.kind.value}"),
            }
            for one in process.needless
        ],
    }  # fmt: skip


def named(path: Sequence[int]) -> list[str]:
    return [Step(step).name.lower() for step in path]


def _passage(edge: Edge, rows: str | None = None) -> dict[str, Any]:
    one, other = named(edge.pair)
    low, high = edge.interval or (None, None)
    return {
        "from": one, "to": other, "n": None if edge.few else edge.n, "requests": None if edge.few else edge.requests,
        "total": edge.total, "median": edge.median, "p90": edge.p90, "low": low, "high": high,
        "bottleneck": edge.bottleneck, "rows": None if edge.few else rows,
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    one, other = named(change.pair)
    sides = {name: edge and _passage(edge) for name, edge in (("before", change.before), ("after", change.after))}
    return {"from": one, "to": other, "time": change.time or None, "often": change.often or None, **sides}


urlpatterns = [path("figures/departments/<ascii:slug>/process/", OfDepartment.as_view(), name="figures-process")]
