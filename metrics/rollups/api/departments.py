"""All figures of one department, from either side."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.rollups import policies, selectors
from metrics.rollups.ages import AGES, AgeGroup
from metrics.rollups.api.asked import DepartmentQuery, named, period_of, service_named
from metrics.rollups.api.shapes import FigureShape, figure_shape
from metrics.rollups.kinds import kinds_asked
from metrics.rollups.links import rows_link
from metrics.rollups.states import Scope, Side
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import below, get_department, slugs_below


class AgeShape(api.Shape):
    age = serializers.ChoiceField(list(AGES), help_text="Days since filing, from and up to.")
    n = serializers.IntegerField(help_text="How many are open, as the figure `backlog` counts them.")
    overdue = serializers.IntegerField(help_text="How many of them are past their time.")
    rows = serializers.URLField(required=False, help_text="The requests behind n.")


class FiledShape(api.Shape):
    key = serializers.ChoiceField(list(selectors.FILED))
    n = serializers.IntegerField(help_text="How many were filed and neither declined nor cancelled before.")
    open = serializers.IntegerField(help_text="How many of them are open still.")
    median = serializers.FloatField(allow_null=True, help_text="Seconds of working time; null while it is not reached.")
    p90 = serializers.FloatField(allow_null=True)


class DepartmentFigures(api.Shape):
    department = serializers.CharField()
    side = serializers.ChoiceField(Side.ALL)
    figures = FigureShape(many=True)
    open_by_age = AgeShape(many=True, help_text="What is open at the end of the period, or now while it lasts.")
    with_open_ones = FiledShape(
        many=True,
        help_text="Of what was filed, by Kaplan and Meier: open requests count as long as they have lasted. Told where "
        "more than 5 % are open, since figures of what has ended flatter there.",
    )
    as_of = serializers.DateTimeField(help_text="Everything that happened before is in the figures.")

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class OfDepartment(api.Address):
    """All figures of a department from one side."""

    query = DepartmentQuery
    side = Side.SUPPLIER

    def get(self, request: Request, slug: str) -> Response:
        department = get_department(person=request.user, slug=slug)
        sight = policies.require_sight(request.user, department)
        scope, narrowed = self._scope(request, department, sight)
        keys = policies.readable_figures(request.user, department)
        found = selectors.figures(scope, keys, targets=selectors.targets_for(department.pk), calendar=True)
        link = _row_links(request, department, scope, narrowed)
        return Response(
            {
                "department": department.slug,
                "side": self.side,
                "from": scope.period.start,
                "to": scope.period.end,
                "figures": [figure_shape(figure, link(key)) for key, figure in found.items()],
                "open_by_age": [_age_shape(group, link) for group in selectors.backlog_by_age(scope)],
                "with_open_ones": [vars(times) for times in selectors.told_with_open(scope)],
                "as_of": selectors.as_of(scope.now),
            }
        )

    def _scope(self, request: Request, department: Department, sight: policies.Sight) -> tuple[Scope, dict]:
        other_name = "customer" if self.side == Side.SUPPLIER else "supplier"
        if self.side in self.asked:
            raise WrongInput({self.side: [_("This is the department of the address. Leave it out.")]})
        other = named(self.asked, other_name, request)
        service = service_named(self.asked)
        priority = int(self.asked["priority"]) if "priority" in self.asked else None
        others = slugs_below(other) if other else {}
        other_ids = tuple(others) if other else None
        kinds = kinds_asked(self.asked)
        finer = service is not None or priority is not None or bool(kinds)
        policies.require_narrowing(request.user, sight, other_ids, finer=finer)
        zone = ZoneInfo(department.time_zone)
        scope = Scope(
            self.side, tuple(below(department)), period_of(self.asked, zone), timezone.now(), zone,
            other_ids=other_ids, service_id=service.pk if service else None, priority=priority,
            **kinds,
        )  # fmt: skip
        narrowed = {other_name: list(others.values()), "service": service and service.slug, "priority": priority}
        return scope, narrowed | kinds


def _row_links(request: Request, department: Department, scope: Scope, narrowed: dict) -> Callable[..., str | None]:
    opens = policies.may_open_rows(request.user, department)

    def link(key: str, **more: str) -> str | None:
        where = {"side": scope.side, "department": department.slug, "period": scope.period}
        return api.link(request, rows_link(figure=key, **where, **narrowed, **more)) if opens else None

    return link


def _age_shape(group: AgeGroup, link: Callable[..., str | None]) -> dict[str, Any]:
    shape = {"age": group.age.key, "n": group.n, "overdue": group.overdue}
    rows = link("backlog", age=group.age.key)
    return shape | ({"rows": rows} if rows else {})


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_supplier",
        summary="Figures of a department as supplier",
        parameters=[DepartmentQuery],
        responses={200: DepartmentFigures, **api.refusals(403, 404)},
    )
)
class AsSupplier(OfDepartment):
    side = Side.SUPPLIER


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_customer",
        summary="Figures of a department as customer",
        parameters=[DepartmentQuery],
        responses={200: DepartmentFigures, **api.refusals(403, 404)},
    )
)
class AsCustomer(OfDepartment):
    side = Side.CUSTOMER
