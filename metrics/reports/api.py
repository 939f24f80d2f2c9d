"""Reports over HTTP: the file itself, and those that come by mail."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.dashboards.states import SPANS
from metrics.reports import selectors, services
from metrics.reports.models import ReportSubscription
from metrics.reports.states import ABOUT, CONTENT_TYPES, Form, Report, Rhythm
from metrics.reports.subjects import SUBJECTS, TAKEN
from metrics.reports.writing import file_of
from metrics.rollups.api.asked import PeriodQuery, company_zone, period_of
from metrics.rollups.states import Side
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for, get_department


class ReportQuery(PeriodQuery):
    form = serializers.ChoiceField(Form.values, required=False, help_text="pdf when it is left out")


class FileQuery(ReportQuery):
    """The days are those of the page without any: the last thirty, a quarter or a year."""

    subject = serializers.ChoiceField(ABOUT, help_text="Which page of figures.")
    department = serializers.CharField(required=False, max_length=80, help_text="Its slug; none for the company.")

    def get_fields(self):
        more = {name: serializers.CharField(required=False, max_length=80, help_text="As the page takes it.")
                for name in TAKEN}  # fmt: skip
        return super().get_fields() | more


class SubscriptionBody(api.StrictSerializer):
    subject = serializers.ChoiceField(ABOUT, help_text="Which page of figures.")
    department = serializers.CharField(required=False, max_length=80, help_text="Its slug; none for the company.")
    more = serializers.DictField(
        child=serializers.CharField(max_length=80),
        required=False,
        help_text="What else the page is asked for, by name.",
    )
    form = serializers.ChoiceField(Form.values, required=False, default=Form.PDF.value)
    rhythm = serializers.ChoiceField(Rhythm.values, required=False, default=Rhythm.WEEKLY.value)
    span = serializers.ChoiceField(sorted(SPANS), required=False, default="30", help_text="About the last days.")


class SubscriptionShape(api.Shape):
    id = serializers.IntegerField()
    subject = serializers.ChoiceField(ABOUT)
    department = serializers.CharField(allow_null=True)
    more = serializers.DictField(child=serializers.CharField())
    form = serializers.ChoiceField(Form.values)
    rhythm = serializers.ChoiceField(Rhythm.values)
    span = serializers.ChoiceField(sorted(SPANS))
    due_at = serializers.DateTimeField(help_text="When it is sent next.")


def subscription_shape(row: ReportSubscription) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("subject", "more", "form", "rhythm", "span", "due_at")}
    return {"id": row.pk, "department": row.department.slug if row.department else None, **plain}


def _sent(report: Report, asked: dict[str, Any]) -> HttpResponse:
    form = Form(asked.get("form", Form.PDF))
    name, content = file_of(report, form)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[form], headers=disposition)


class _File(api.Address):
    query = ReportQuery
    side = Side.SUPPLIER

    def find(self, slug: str) -> Department:
        return get_department(person=self.request.user, slug=slug)

    def get(self, request: Request, **names) -> HttpResponse:
        period = period_of(self.asked, ZoneInfo(self.found.time_zone))
        days = {"start": period.start.isoformat(), "end": period.last.isoformat()}
        report = selectors.report_on(person=request.user, subject=self.side, slug=self.found.slug, **days)
        return _sent(report, self.asked)


def _described(side: str):
    return extend_schema_view(
        get=extend_schema(
            tags=["Figures"],
            operation_id=f"reports_{side}",
            summary=f"The figures of a department as {side} as a file",
            parameters=[ReportQuery],
            responses={
                (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
                **api.refusals(403, 404, 409),
            },
        )
    )


@_described(Side.SUPPLIER)
class OfSupplier(_File):
    side = Side.SUPPLIER


@_described(Side.CUSTOMER)
class OfCustomer(_File):
    side = Side.CUSTOMER


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="reports_file",
        summary="Any page of figures as a file",
        parameters=[FileQuery],
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The file."),
            **api.refusals(403, 404, 409),
        },
    )
)
class AnyFile(api.Address):
    query = FileQuery

    def get(self, request: Request) -> HttpResponse:
        asked = self.asked
        subject = SUBJECTS[asked["subject"]]
        missing = [name for name in ("department",) if subject.of_department and name not in asked]
        missing += [name for name in subject.parts if name not in asked]
        if missing:
            raise WrongInput({name: [_("This report needs it.")] for name in missing})
        days = {}
        if not subject.timeless and ("from" in asked or "to" in asked):
            period = period_of(asked, company_zone())
            days = {"start": period.start.isoformat(), "end": period.last.isoformat()}
        report = selectors.report_on(
            person=request.user,
            subject=subject.key,
            slug=asked["department"] if subject.of_department else "",
            more={name: asked[name] for name in subject.takes if name in asked},
            **days,
        )
        return _sent(report, asked)


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="reports_list",
        summary="The reports that come to you by mail",
        parameters=[api.PageQuery],
        responses={200: api.page_of(SubscriptionShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="reports_subscribe",
        summary="Have a report sent by mail from now on",
        parameters=[api.IDEMPOTENCY_KEY],
        request=SubscriptionBody,
        responses={201: SubscriptionShape, **api.refusals(403, 409, 422)},
    ),
)
class Subscriptions(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        return self.page(selectors.subscriptions_of(request.user).order_by(), ("id",), subscription_shape)

    @once
    def post(self, request: Request) -> Response:
        body = self.body(SubscriptionBody)
        department = None
        if "department" in body:
            department = departments_for(request.user).filter(slug=body.pop("department")).first()
            if department is None:
                raise WrongInput({"department": [_("There is no such department. Give its slug.")]})
        made = services.subscribe(by=request.user, department=department, **body)
        return Response(subscription_shape(made), status=status.HTTP_201_CREATED)


@extend_schema(tags=["Figures"])
@extend_schema_view(
    delete=extend_schema(
        operation_id="reports_stop",
        summary="Stop a report",
        responses={204: None, **api.refusals(404)},
    )
)
class Subscription(api.Address):
    def find(self, pk: int) -> ReportSubscription:
        return selectors.get_subscription(person=self.request.user, pk=pk)

    def delete(self, request: Request, **names) -> Response:
        services.stop_subscription(by=request.user, pk=self.found.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("figures/departments/<slug:slug>/supplier/report/", OfSupplier.as_view(), name="report_supplier"),
    path("figures/departments/<slug:slug>/customer/report/", OfCustomer.as_view(), name="report_customer"),
    path("reports/file/", AnyFile.as_view(), name="report_file"),
    path("reports/", Subscriptions.as_view(), name="reports"),
    path("reports/<row:pk>/", Subscription.as_view(), name="report"),
]
