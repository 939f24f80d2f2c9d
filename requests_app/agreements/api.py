"""What departments promise each other, over HTTP."""

from django.db.models import Q
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.services import draft_agreement, revise_draft
from requests_app.agreements.selectors import agreements_for, get_agreement, latest_version, rule_of, stage_of
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import (
    FROM_SIGNATURE,
    Days,
    Escalation,
    HoldReason,
    Life,
    Measure,
    Reopening,
    Side,
    Stage,
    Step,
    Targets,
)
from requests_app.agreements.terms import Terms
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import calendars_for
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import services_for
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import IllegalMove
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for

TARGETS_HELP = "measure → priority (1 to 5) → seconds of working time, or {days: n} for working days"
PRIORITIES = {str(number): number for number in range(1, 6)}


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "object", "properties": {"days": {"type": "integer"}}}]})
class TargetTime(serializers.Field):
    """Seconds of working time as a number, or working days as {"days": n}. Inside: seconds or `Days`."""

    def to_internal_value(self, data):
        days = data.get("days") if isinstance(data, dict) and set(data) == {"days"} else None
        number = api.WholeNumber(min_value=1).run_validation(data if days is None else days)
        return number if days is None else Days(number)

    def to_representation(self, value):
        return value


class AgreementLinks(api.Shape):
    self = serializers.URLField()


class EscalationShape(api.Shape):
    percent = serializers.IntegerField(help_text="Of the target of this measure.")
    measure = serializers.ChoiceField(Measure.choices)
    step = serializers.ChoiceField(Step.choices)


class SignatureShape(api.Shape):
    side = serializers.ChoiceField(Side.choices)
    person = serializers.CharField()
    at = serializers.DateTimeField()
    digest = serializers.CharField(help_text="SHA-256 of the text signed; both sides sign the same.")


class AgreementShape(api.Shape):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(Stage.choices)
    round = serializers.IntegerField(help_text="How many proposals have been made; 0 for what nobody negotiated.")
    proposed_by = serializers.ChoiceField(Side.choices, allow_null=True, help_text="The side that spoke last.")
    signatures = SignatureShape(many=True)
    customer = serializers.CharField(allow_null=True, help_text="null: every customer")
    supplier = serializers.CharField(allow_null=True, help_text="null: every supplier")
    service = serializers.CharField(allow_null=True, help_text="null: every service")
    rule = serializers.CharField(help_text="Which rule this is; the more specific one wins.")
    valid_from = serializers.DateTimeField(allow_null=True, help_text="null: from both signatures on")
    valid_to = serializers.DateTimeField(allow_null=True)
    pausing = serializers.ListField(
        child=serializers.ChoiceField(HoldReason.choices), help_text="The reasons for waiting that stop the clock."
    )
    acceptance_days = serializers.IntegerField(help_text="Working days after which a delivery counts as accepted.")
    reopen_days = serializers.IntegerField()
    reopening = serializers.ChoiceField(Reopening.choices)
    escalations = EscalationShape(many=True)
    calendar = serializers.CharField(allow_null=True, help_text="null: the supplier's own calendar")
    quality = serializers.CharField()
    price = serializers.CharField()
    remind_days = serializers.IntegerField()
    targets = serializers.DictField(child=serializers.DictField(child=TargetTime()), help_text=TARGETS_HELP)
    links = AgreementLinks()


def agreement_shape(request: Request, agreement: Agreement) -> dict:
    return {
        "id": agreement.pk,
        "version": agreement.version,
        "status": stage_of(agreement).value,
        "round": agreement.round,
        "proposed_by": agreement.proposed_by or None,
        "signatures": [
            {"side": row.side, "person": row.person.email, "at": row.at, "digest": row.digest}
            for row in agreement.signatures.all()
        ],
        "customer": agreement.customer.slug if agreement.customer else None,
        "supplier": agreement.supplier.slug if agreement.supplier else None,
        "service": agreement.service.slug if agreement.service else None,
        "rule": rule_of(
            customer_id=agreement.customer_id, supplier_id=agreement.supplier_id, service_id=agreement.service_id
        ),
        **Terms.of(agreement).as_json(),
        "valid_from": None if agreement.valid_from == FROM_SIGNATURE else agreement.valid_from,
        "valid_to": agreement.valid_to,
        "links": {"self": api.link(request, f"/api/v1/agreements/{agreement.pk}/")},
    }


# What is stored of each status that can be asked for; the dates of signed ones are read with the moment of now.
STATUS = {
    Stage.DRAFT: lambda now: Q(life=Life.DRAFT),
    Stage.PROPOSED: lambda now: Q(life=Life.PROPOSED, round__lte=1),
    Stage.COUNTERED: lambda now: Q(life=Life.PROPOSED, round__gt=1),
    Stage.WITHDRAWN: lambda now: Q(life=Life.WITHDRAWN),
    Stage.SIGNED: lambda now: Q(life=Life.SIGNED, valid_from__gt=now),
    Stage.IN_FORCE: lambda now: Q(Q(valid_to__gt=now) | Q(valid_to=None), life=Life.SIGNED, valid_from__lte=now),
    Stage.ENDED: lambda now: Q(life=Life.SIGNED, valid_to__lte=now),
}


class AgreementQuery(api.PageQuery):
    customer = serializers.CharField(required=False, max_length=80)
    supplier = serializers.CharField(required=False, max_length=80)
    service = serializers.CharField(required=False, max_length=80)
    status = serializers.ChoiceField(
        [stage.value for stage in STATUS], required=False, help_text="in_force, when neither this nor `at` is given."
    )
    at = api.Moment(required=False, help_text="In force at this time.")


class EscalationBody(api.StrictSerializer):
    percent = api.WholeNumber(min_value=1, max_value=500)
    measure = serializers.ChoiceField(Measure.choices)
    step = serializers.ChoiceField(Step.choices)


class TargetsBody(api.StrictSerializer):
    """All the targets as they shall be; requests filed before keep what they were promised."""

    targets = serializers.DictField(
        child=serializers.DictField(child=TargetTime(), allow_empty=False), allow_empty=False, help_text=TARGETS_HELP
    )
    pausing = serializers.ListField(child=serializers.ChoiceField(HoldReason.choices), required=False, max_length=4)
    acceptance_days = api.WholeNumber(required=False, min_value=1, max_value=60)
    reopen_days = api.WholeNumber(required=False, min_value=0, max_value=365)
    reopening = serializers.ChoiceField(Reopening.choices, required=False)
    escalations = EscalationBody(many=True, required=False)
    calendar = api.Slug(required=False, allow_null=True)
    quality = api.Text(required=False, allow_blank=True, max_length=20_000)
    price = api.Text(required=False, allow_blank=True, max_length=200)
    remind_days = api.WholeNumber(required=False, min_value=1, max_value=365)
    valid_from = api.Moment(required=False, help_text="Not in the past; now, when it is left out.")
    valid_to = api.Moment(required=False, allow_null=True)

    def validate_escalations(self, value: list[dict]) -> tuple[Escalation, ...]:
        return tuple(Escalation(**step) for step in value)

    def validate_calendar(self, value: str | None) -> Calendar | None:
        if value is None:
            return None
        found = calendars_for(self.context["person"]).filter(slug=value).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such calendar."))
        return found

    def validate_targets(self, value: dict) -> Targets:
        for measure, by_priority in value.items():
            if measure not in Measure.values:
                known = ", ".join(Measure.values)
                raise serializers.ValidationError(_("Measures are: %(known)s.") % {"known": known})
            if by_priority.keys() - PRIORITIES.keys():
                raise serializers.ValidationError(_("Priorities are 1 to 5."))
        return {
            measure: {PRIORITIES[priority]: time for priority, time in by_priority.items()}
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
        summary="Set targets (administrators; heads for their department as supplier), or draft an agreement",
        description=(
            "Ends what is in force between the same parties and begins the next version. Between two departments a "
            "head does not set but drafts: the answer has the status draft, and the other head signs what is proposed."
        ),
        parameters=[api.IDEMPOTENCY_KEY],
        request=AgreementBody,
        responses={201: AgreementShape, **api.refusals(403, 409, 422)},
    ),
)
class AgreementList(api.Address):
    query = AgreementQuery

    def get(self, request: Request) -> Response:
        now = timezone.now()
        rows = agreements_for(request.user, at=self.asked.get("at") or (None if "status" in self.asked else now))
        if "status" in self.asked:
            rows = rows.filter(STATUS[Stage(self.asked["status"])](now))
        if "customer" in self.asked:
            rows = rows.filter(customer__slug=self.asked["customer"])
        if "supplier" in self.asked:
            rows = rows.filter(supplier__slug=self.asked["supplier"])
        if "service" in self.asked:
            rows = rows.filter(service__slug=self.asked["service"])
        return self.page(rows, ("id",), lambda row: agreement_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(AgreementBody, context={"person": request.user})
        agreement = _drafted(request.user, values) or set_targets(by=request.user, **values)
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
        former, values = self.found, self.body(TargetsBody, context={"person": request.user})
        if former.life == Life.DRAFT:
            return _answer(request, revise_draft(by=request.user, agreement=former, terms=Terms(**values)))
        parties = {party: getattr(former, party) for party in ("customer", "supplier", "service")}
        with api.unchanged(request, former, lambda row: latest_version(row).version):
            if latest_version(former).pk != former.pk:
                raise IllegalMove(_("A newer version has taken its place. Change that one."))
            return _answer(request, set_targets(by=request.user, **parties, **values))


def _drafted(person: Person, values: dict) -> Agreement | None:
    """The draft, when a head asks for something between two departments; None when it is to be set outright."""
    customer, supplier = values.get("customer"), values.get("supplier")
    if customer is None or supplier is None or standing(person).is_admin:
        return None
    terms = {name: value for name, value in values.items() if name not in ("customer", "supplier", "service")}
    parties = {"customer": customer, "supplier": supplier, "service": values.get("service")}
    return draft_agreement(by=person, terms=Terms(**terms), **parties)


def _answer(request: Request, agreement: Agreement) -> Response:
    return Response(agreement_shape(request, agreement), headers={"ETag": api.tag(agreement.version)})


urlpatterns = [
    path("agreements/", AgreementList.as_view(), name="agreements"),
    path("agreements/<row:pk>/", AgreementAddress.as_view(), name="agreement"),
]
