"""What departments promise each other, over HTTP."""

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import agreements_for, get_agreement, latest_version, rule_of
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import HoldReason, Measure
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import services_for
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import IllegalMove
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for

PRIORITIES = {str(number): number for number in range(1, 6)}


class AgreementLinks(api.Shape):
    self = serializers.URLField()


class AgreementShape(api.Shape):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    customer = serializers.CharField(allow_null=True, help_text="null: every customer")
    supplier = serializers.CharField(allow_null=True, help_text="null: every supplier")
    service = serializers.CharField(allow_null=True, help_text="null: every service")
    rule = serializers.CharField(help_text="Which rule this is; the more specific one wins.")
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)
    pausing = serializers.ListField(
        child=serializers.ChoiceField(HoldReason.choices), help_text="The reasons for waiting that stop the clock."
    )
    acceptance_days = serializers.IntegerField(help_text="Working days after which a delivery counts as accepted.")
    targets = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="measure (response, resolution) → priority (1 to 5) → seconds of working time",
    )
    links = AgreementLinks()


def agreement_shape(request: Request, agreement: Agreement) -> dict:
    targets: dict[str, dict[str, int]] = {}
    for target in sorted(agreement.targets.all(), key=lambda target: (target.measure, target.priority)):
        targets.setdefault(target.measure, {})[str(target.priority)] = target.seconds
    return {
        "id": agreement.pk,
        "version": agreement.version,
        "customer": agreement.customer.slug if agreement.customer else None,
        "supplier": agreement.supplier.slug if agreement.supplier else None,
        "service": agreement.service.slug if agreement.service else None,
        "rule": rule_of(
            customer_id=agreement.customer_id, supplier_id=agreement.supplier_id, service_id=agreement.service_id
        ),
        "valid_from": agreement.valid_from,
        "valid_to": agreement.valid_to,
        "pausing": agreement.pausing,
        "acceptance_days": agreement.acceptance_days,
        "targets": targets,
        "links": {"self": api.link(request, f"/api/v1/agreements/{agreement.pk}/")},
    }


class AgreementQuery(api.PageQuery):
    customer = serializers.CharField(required=False, max_length=80)
    supplier = serializers.CharField(required=False, max_length=80)
    service = serializers.CharField(required=False, max_length=80)
    at = api.Moment(required=False, help_text="In force at this time; now, when it is left out.")


class TargetsBody(api.StrictSerializer):
    """All the targets as they shall be; requests filed before keep what they were promised."""

    targets = serializers.DictField(
        child=serializers.DictField(child=api.WholeNumber(min_value=1), allow_empty=False),
        allow_empty=False,
        help_text="measure (response, resolution) → priority (1 to 5) → seconds of working time",
    )
    pausing = serializers.ListField(child=serializers.ChoiceField(HoldReason.choices), required=False, max_length=4)
    acceptance_days = api.WholeNumber(required=False, min_value=1, max_value=60)
    valid_from = api.Moment(required=False, help_text="Not in the past; now, when it is left out.")

    def validate_targets(self, value: dict) -> dict[str, dict[int, int]]:
        for measure, by_priority in value.items():
            if measure not in Measure.values:
                known = ", ".join(Measure.values)
                raise serializers.ValidationError(_("Measures are: %(known)s.") % {"known": known})
            if by_priority.keys() - PRIORITIES.keys():
                raise serializers.ValidationError(_("Priorities are 1 to 5."))
        return {
            measure: {PRIORITIES[priority]: seconds for priority, seconds in by_priority.items()}
            for measure, by_priority in value.items()
        }

    def validate_pausing(self, value: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(reason) for reason in value))

    def validate_valid_from(self, value):
        if value < timezone.now():
            raise serializers.ValidationError(_("What is past was promised already. Give a time in the future."))
        return value


class AgreementBody(TargetsBody):
    customer = api.Slug(required=False, allow_null=True)
    supplier = api.Slug(required=False, allow_null=True)
    service = api.Slug(required=False, allow_null=True)

    def validate_customer(self, value: str | None) -> Department | None:
        return self._department(value)

    def validate_supplier(self, value: str | None) -> Department | None:
        return self._department(value)

    def validate_service(self, value: str | None) -> Service | None:
        if value is None:
            return None
        found = services_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such service."))
        return found

    def validate(self, attrs: dict) -> dict:
        service = attrs.get("service")
        if service and attrs.setdefault("supplier", service.department) != service.department:
            raise serializers.ValidationError({"supplier": _("This department does not offer that service.")})
        return attrs

    def _department(self, value: str | None) -> Department | None:
        if value is None:
            return None
        found = departments_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        return found


@extend_schema(tags=["Agreements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="agreements_list",
        summary="List the agreements in force",
        parameters=[AgreementQuery],
        responses={200: api.page_of(AgreementShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="agreements_create",
        summary="Set targets (administrators; heads for their department as supplier)",
        description="Ends what is in force between the same parties and begins the next version.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AgreementBody,
        responses={201: AgreementShape, **api.refusals(403, 409, 422)},
    ),
)
class AgreementList(api.Address):
    query = AgreementQuery

    def get(self, request: Request) -> Response:
        rows = agreements_for(request.user, at=self.asked.get("at") or timezone.now())
        if "customer" in self.asked:
            rows = rows.filter(customer__slug=self.asked["customer"])
        if "supplier" in self.asked:
            rows = rows.filter(supplier__slug=self.asked["supplier"])
        if "service" in self.asked:
            rows = rows.filter(service__slug=self.asked["service"])
        return self.page(rows, ("id",), lambda row: agreement_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        agreement = set_targets(by=request.user, **self.body(AgreementBody, context={"person": request.user}))
        response = _answer(request, agreement)
        response.status_code = status.HTTP_201_CREATED
        response["Location"] = response.data["links"]["self"]
        return response


@extend_schema(tags=["Agreements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="agreements_read",
        summary="Read a version of an agreement",
        responses={200: AgreementShape, **api.refusals(404)},
    ),
    put=extend_schema(
        operation_id="agreements_replace",
        summary="Set other targets between the same parties, as the next version",
        parameters=[api.IF_MATCH],
        request=TargetsBody,
        responses={200: AgreementShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class AgreementAddress(api.Address):
    def find(self, pk: int) -> Agreement:
        return get_agreement(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        return _answer(request, self.found)

    def put(self, request: Request, **names) -> Response:
        former, values = self.found, self.body(TargetsBody)
        parties = {party: getattr(former, party) for party in ("customer", "supplier", "service")}
        with api.unchanged(request, former, lambda row: latest_version(row).version):
            if latest_version(former).pk != former.pk:
                raise IllegalMove(_("A newer version has taken its place. Change that one."))
            return _answer(request, set_targets(by=request.user, **parties, **values))


def _answer(request: Request, agreement: Agreement) -> Response:
    return Response(agreement_shape(request, agreement), headers={"ETag": api.tag(agreement.version)})


urlpatterns = [
    path("agreements/", AgreementList.as_view(), name="agreements"),
    path("agreements/<row:pk>/", AgreementAddress.as_view(), name="agreement"),
]
