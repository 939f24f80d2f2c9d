"""Coming to an agreement over HTTP: propose, counter, sign, withdraw, end."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.api import AgreementShape, TargetsBody, agreement_shape
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation import services
from requests_app.agreements.negotiation.printing import signed_text
from requests_app.agreements.negotiation.selectors import get_negotiated
from requests_app.agreements.terms import Terms
from requests_app.events.api import once
from requests_app.kernel import api


class NoteBody(api.StrictSerializer):
    note = api.Text(required=False, allow_blank=True, max_length=2000)


class RoundBody(api.StrictSerializer):
    round = api.WholeNumber(
        required=False, min_value=1, help_text="The round that was read; refused when the other side spoke since."
    )


class CounterBody(TargetsBody, RoundBody, NoteBody):
    """Other terms. What is not named stays as it was proposed."""

    def get_fields(self):
        fields = super().get_fields()
        fields["targets"].required = False
        return fields

    def validate_valid_from(self, value):
        return super().validate_valid_from(value) if value else None


class ReasonBody(api.StrictSerializer):
    reason = api.Text(max_length=2000)


class EndBody(ReasonBody):
    at = api.Moment(required=False, help_text="Not in the past; now, when it is left out.")

    def validate_at(self, value):
        if value < timezone.now():
            raise serializers.ValidationError(_("What is past was promised already. Give a time in the future."))
        return value


class NegotiationStep(api.Address):
    """A step of the negotiation; answers the agreement as it then stands."""

    def find(self, pk: int) -> Agreement:
        return get_negotiated(person=self.request.user, pk=pk)

    def answer(self, request: Request, agreement: Agreement) -> Response:
        found = get_negotiated(person=request.user, pk=agreement.pk)
        return Response(agreement_shape(request, found), headers={"ETag": api.tag(found.version)})


def _step(verb: str, summary: str, body: type[serializers.Serializer]):
    return extend_schema(
        tags=["Agreements"],
        operation_id=f"agreements_{verb}",
        summary=summary,
        parameters=[api.IDEMPOTENCY_KEY],
        request=body,
        responses={200: AgreementShape, **api.refusals(403, 404, 409, 412, 422)},
    )


class Propose(NegotiationStep):
    @_step("propose", "Put a draft on the table, signed by its side", NoteBody)
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(NoteBody)
        return self.answer(request, services.propose_agreement(by=request.user, agreement=self.found, **values))


class Counter(NegotiationStep):
    @_step("counter", "Answer a proposal with other terms, signed by this side", CounterBody)
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(CounterBody, context={"person": request.user})
        note, seen = values.pop("note", ""), values.pop("round", None)
        terms = Terms.of(self.found).changed(**values)
        return self.answer(
            request,
            services.counter_agreement(by=request.user, agreement=self.found, terms=terms, note=note, round_seen=seen),
        )


class Sign(NegotiationStep):
    @_step("sign", "Sign what the other side proposed; it holds from now or from its date on", RoundBody)
    @once
    def post(self, request: Request, **names) -> Response:
        seen = self.body(RoundBody).get("round")
        return self.answer(request, services.sign_agreement(by=request.user, agreement=self.found, round_seen=seen))


class Withdraw(NegotiationStep):
    @_step("withdraw", "Take a draft or proposal back, or refuse it, with a reason", ReasonBody)
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(ReasonBody)
        return self.answer(request, services.withdraw_agreement(by=request.user, agreement=self.found, **values))


class End(NegotiationStep):
    @_step("end", "End what is in force; what is less specific holds from then on", EndBody)
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(EndBody)
        return self.answer(request, services.end_agreement(by=request.user, agreement=self.found, **values))


@extend_schema(tags=["Agreements"])
@extend_schema_view(
    get=extend_schema(
        operation_id="agreements_pdf",
        summary="The signed text as PDF, in the language asked for",
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The text."),
            **api.refusals(404, 409),
        },
    )
)
class SignedText(api.Address):
    def get(self, request: Request, **names) -> HttpResponse:
        name, content = signed_text(person=request.user, pk=names["pk"])
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf", headers=disposition)


urlpatterns = [
    path(f"agreements/<row:pk>/{verb}/", view.as_view(), name=f"agreement_{verb}")
    for verb, view in [
        ("propose", Propose), ("counter", Counter), ("sign", Sign), ("withdraw", Withdraw), ("end", End),
        ("pdf", SignedText),
    ]
]  # fmt: skip
