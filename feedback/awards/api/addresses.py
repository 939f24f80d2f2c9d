"""The addresses of awards: programmes, awards, nominations, the secret vote, the steps of an award."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.awards import judging, keeping, policies, selectors, services
from feedback.awards.api.shapes import (
    AwardBody,
    AwardPageShape,
    AwardProgrammeBody,
    AwardProgrammeShape,
    AwardShape,
    AwardsQuery,
    AwardStepBody,
    BallotBody,
    NominationBody,
    award_shape,
    award_whole,
    programme_shape,
)
from feedback.awards.models import Award, Programme
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person
from requests_app.org.selectors import departments_by_slug, departments_for


def _jury(emails: list[str]) -> list[Person]:
    wanted = {email.strip().lower() for email in emails}
    found = list(Person.objects.filter(email__in=wanted, is_active=True))
    if len(found) != len(wanted):
        raise WrongInput({"jury": [_("Nobody has this address. Give the one they sign in with.")]})
    return found


def _values(body: dict[str, Any]) -> dict[str, Any]:
    """As keeping.save_programme takes them; a criterion that is named twice is refused."""
    weights = {one["criterion"]: one["weight"] for one in body["weights"]}
    if len(weights) != len(body["weights"]):
        raise WrongInput({"weights": [_("Name each criterion once.")]})
    if "given_to" in body:
        body["unit"] = body.pop("given_to")
    return body | {"weights": weights, "jury": _jury(body.get("jury", []))}


@extend_schema(tags=["Awards"])
@extend_schema_view(
    get=extend_schema(
        operation_id="award_programmes_list",
        summary="Programmes of awards, newest first; for administrators",
        parameters=[api.PageQuery],
        responses={200: api.page_of(AwardProgrammeShape), **api.refusals(403)},
    ),
    post=extend_schema(
        operation_id="award_programmes_create",
        summary="A new programme: criteria with weights, floors, what decides",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AwardProgrammeBody,
        responses={201: AwardProgrammeShape, **api.refusals(403, 409, 422)},
    ),
)
class ProgrammeList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        policies.require_keep(request.user)
        rows = Programme.objects.prefetch_related("jury", "weights")
        return self.page(rows, ("-pk",), programme_shape)

    @once
    def post(self, request: Request) -> Response:
        policies.require_keep(request.user)
        made = keeping.save_programme(by=request.user, **_values(self.body(AwardProgrammeBody)))
        return Response(programme_shape(made), status=201, headers={"ETag": api.tag(made.version)})


@extend_schema(tags=["Awards"])
@extend_schema_view(
    get=extend_schema(
        operation_id="award_programmes_read",
        summary="A programme; for administrators",
        responses={200: AwardProgrammeShape, **api.refusals(403, 404)},
    ),
    put=extend_schema(
        operation_id="award_programmes_replace",
        summary="Change a programme; awards that are open keep their rules",
        parameters=[api.IF_MATCH],
        request=AwardProgrammeBody,
        responses={200: AwardProgrammeShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class ProgrammeAddress(api.Address):
    def find(self, pk: int) -> Programme:
        return selectors.get_programme(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        return Response(programme_shape(self.found), headers={"ETag": api.tag(self.found.version)})

    def put(self, request: Request, **names) -> Response:
        made = keeping.save_programme(
            by=request.user, programme=self.found, expected_version=api.expected_version(request),
            **_values(self.body(AwardProgrammeBody)),
        )  # fmt: skip
        return Response(programme_shape(made), headers={"ETag": api.tag(made.version)})


@extend_schema(tags=["Awards"])
@extend_schema_view(
    get=extend_schema(
        operation_id="awards_list",
        summary="Awards, newest first; those announced are the hall of fame",
        parameters=[AwardsQuery],
        responses={200: api.page_of(AwardShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="awards_open",
        summary="Judge the units over some days and open an award; for administrators",
        parameters=[api.IDEMPOTENCY_KEY],
        request=AwardBody,
        responses={201: AwardPageShape, **api.refusals(403, 409, 422)},
    ),
)
class AwardList(api.Address):
    query = AwardsQuery

    def get(self, request: Request) -> Response:
        winner = departments_by_slug(request.user, self.asked, "won_by")["won_by"]
        rows = selectors.hall_of_fame(request.user, winner) if winner else selectors.awards_for(request.user)
        if state := self.asked.get("state"):
            rows = rows.filter(state=state)
        shape = lambda row: award_shape(row, result=policies.reads_result(request.user, row))  # noqa: E731
        return self.page(rows, ("-pk",), shape)

    @once
    def post(self, request: Request) -> Response:
        policies.require_keep(request.user)
        values = self.body(AwardBody)
        programme = Programme.objects.filter(pk=values.pop("programme")).first()
        if programme is None:
            raise WrongInput({"programme": [_("There is no such programme. Give the id of one.")]})
        made = judging.open_award(by=request.user, programme=programme, **values)
        return Response(award_whole(request, made.pk), status=201)


class OneAward(api.Address):
    def find(self, pk: int) -> Award:
        return selectors.get_award(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        return Response(award_whole(request, self.found.pk))


@extend_schema(tags=["Awards"])
@extend_schema_view(
    get=extend_schema(
        operation_id="awards_read",
        summary="An award with its nominees, and the scores as far as you may read them",
        responses={200: AwardPageShape, **api.refusals(404)},
    )
)
class AwardAddress(OneAward):
    def get(self, request: Request, **names) -> Response:
        return self.answer(request)


def _act(name: str, summary: str, body: type, *parameters: Any) -> Any:
    return extend_schema(
        operation_id=name, summary=summary, parameters=[*parameters], request=body,
        responses={200: AwardPageShape, **api.refusals(403, 404, 409, 422)},
    )  # fmt: skip


@extend_schema(tags=["Awards"])
@extend_schema_view(
    post=_act("awards_nominate", "Nominate a department or team, and say why", NominationBody, api.IDEMPOTENCY_KEY)
)
class AwardNominations(OneAward):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(NominationBody)
        department = departments_for(request.user).filter(slug=values["department"]).first()
        if department is None:
            raise WrongInput({"department": [_("There is none of this name. Give the short name, such as “it”.")]})
        services.nominate(by=request.user, award=self.found, department=department, reason=values["reason"])
        return self.answer(request)


@extend_schema(tags=["Awards"])
@extend_schema_view(
    put=_act("awards_vote", "Cast your one vote, in secret: it is kept nowhere whose it was", BallotBody)
)
class AwardVote(OneAward):
    """SECURITY: no POST, whose Idempotency-Key would keep a trace of what was sent. A second vote is refused."""

    def put(self, request: Request, **names) -> Response:
        services.cast_vote(by=request.user, award=self.found, nominee_id=self.body(BallotBody)["nominee"])
        return self.answer(request)


@extend_schema(tags=["Awards"])
@extend_schema_view(
    post=_act("awards_step", "Begin the vote, count, announce or cancel; for administrators", AwardStepBody,
              api.IDEMPOTENCY_KEY)
)  # fmt: skip
class AwardSteps(OneAward):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(AwardStepBody)
        services.take_step(by=request.user, award=self.found, name=values["step"], note=values.get("note", ""))
        return self.answer(request)


urlpatterns = [
    path("award-programmes/", ProgrammeList.as_view(), name="award_programmes"),
    path("award-programmes/<row:pk>/", ProgrammeAddress.as_view(), name="award_programme"),
    path("awards/", AwardList.as_view(), name="awards"),
    path("awards/<row:pk>/", AwardAddress.as_view(), name="award"),
    path("awards/<row:pk>/nominations/", AwardNominations.as_view(), name="award_nominations"),
    path("awards/<row:pk>/vote/", AwardVote.as_view(), name="award_vote"),
    path("awards/<row:pk>/steps/", AwardSteps.as_view(), name="award_steps"),
]
