"""The causes of corrective actions over HTTP: the tree, one more, a change; proposals and what becomes of them."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.actions import policies
from feedback.actions.causes import (
    Twig,
    add_cause,
    cause_tree,
    change_cause,
    get_cause,
    proposals_to,
    propose_cause,
    twig_of,
    values_of,
)
from feedback.actions.deciding import accept_cause, merge_cause, refuse_cause
from feedback.actions.models import Cause
from feedback.actions.states import LONGEST_CAUSE, LONGEST_REASON, CauseState
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Person


class CauseShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField(help_text="As it was named.")
    words = serializers.CharField(help_text="The name in the caller's language, for the causes it began with.")
    is_active = serializers.BooleanField(help_text="false: not chosen any more.")
    parent = serializers.IntegerField(allow_null=True)
    path = serializers.CharField(help_text="With the causes above it.")
    state = serializers.ChoiceField(CauseState.choices, help_text="accepted: in the tree.")
    merged_into = serializers.IntegerField(
        allow_null=True, help_text="The cause that a merged proposal is the same as."
    )
    reason = serializers.CharField(help_text="Why a proposal was not taken.")


class CauseListShape(api.Shape):
    results = CauseShape(many=True)


class ProposedCauseShape(CauseShape):
    proposed_by = serializers.EmailField()
    proposed_at = serializers.DateTimeField()
    action = serializers.IntegerField(allow_null=True, help_text="The corrective action for which it was proposed.")
    decided_at = serializers.DateTimeField(allow_null=True)


class ProposedCausesQuery(api.PageQuery):
    state = serializers.ChoiceField(CauseState.choices, required=False, help_text="Without one: all.")


class CauseDecisionBody(api.StrictSerializer):
    decision = serializers.ChoiceField([(name, name) for name in ("accept", "merge", "refuse")])
    name = api.Text(max_length=LONGEST_CAUSE, required=False, help_text="accept: what it is called in the tree.")
    into = api.WholeNumber(
        required=False, min_value=1, max_value=2**62, help_text="merge: the cause it is the same as."
    )
    reason = api.Text(max_length=LONGEST_REASON, required=False, help_text="refuse: why.")


class CauseBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_CAUSE)
    parent = api.WholeNumber(required=False, min_value=1, max_value=2**62)


class CauseChangeBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_CAUSE, required=False)
    is_active = api.YesOrNo(required=False, help_text="false closes it: it is not chosen any more.")


def cause_shape(twig: Twig) -> dict:
    cause = twig.cause
    return {"id": cause.pk, "name": cause.name, "words": cause.words, "is_active": cause.is_active,
            "parent": cause.parent_id, "path": twig.path, "state": cause.state, "merged_into": cause.merged_into_id,
            "reason": cause.reason}  # fmt: skip


def proposed_shape(cause: Cause) -> dict:
    who = cause.proposed_by.email if cause.proposed_by else ""
    return cause_shape(twig_of(cause)) | {
        "proposed_by": who, "proposed_at": cause.proposed_at, "action": cause.proposed_for_id,
        "decided_at": cause.decided_at,
    }  # fmt: skip


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="causes_list",
        summary="The tree of causes, each below the one it belongs to",
        responses={200: CauseListShape, **api.refusals()},
    ),
    post=extend_schema(
        operation_id="causes_add",
        summary="Add a cause (administrators), or propose one (whoever works on corrective actions)",
        description="`state` of the answer says which it was. For an action a cause is proposed with its step.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CauseBody,
        responses={201: CauseShape, **api.refusals(403, 422)},
    ),
)
class CauseList(api.Address):
    def get(self, request: Request) -> Response:
        return Response({"results": [cause_shape(twig) for twig in cause_tree()]})

    @once
    def post(self, request: Request) -> Response:
        policies.require_propose_causes(request.user)
        values, tree = self.body(CauseBody), Cause.objects.in_the_tree().filter(is_active=True)
        parent = tree.filter(pk=values["parent"]).first() if "parent" in values else None
        if "parent" in values and parent is None:
            raise WrongInput({"parent": [_("There is no such cause. Take one from the list.")]})
        add = add_cause if policies.can_edit_causes(request.user) else propose_cause
        return Response(cause_shape(twig_of(add(by=request.user, name=values["name"], parent=parent))), status=201)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="causes_read", summary="One cause", responses={200: CauseShape, **api.refusals(404)}
    ),
    patch=extend_schema(
        operation_id="causes_change",
        summary="Rename a cause, close it or open it again (administrators)",
        description="What was sorted under it keeps it.",
        parameters=[api.IF_MATCH],
        request=CauseChangeBody,
        responses={200: CauseShape, **api.refusals(403, 404, 412, 422)},
    ),
)
class CauseAddress(api.Address):
    def find(self, pk: int) -> Cause:
        return get_cause(pk, person=self.request.user)

    def get(self, request: Request, **names) -> Response:
        return self._answer(self.found.pk)

    def patch(self, request: Request, **names) -> Response:
        policies.require_edit_causes(request.user)
        values = self.body(CauseChangeBody, partial=True)
        api.require_match(request, fingerprint(values_of(self.found)))
        change_cause(by=request.user, cause=self.found, **values)
        return self._answer(self.found.pk)

    def _answer(self, pk: int) -> Response:
        cause = get_cause(pk, person=self.request.user)
        return Response(cause_shape(twig_of(cause)), headers={"ETag": api.tag(fingerprint(values_of(cause)))})


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="proposed_causes_list",
        summary="Causes that were proposed, the latest first, with what became of them",
        description="Administrators and auditors read all, others what they proposed and what is proposed for actions "
        "they read in full.",
        parameters=[ProposedCausesQuery],
        responses={200: api.page_of(ProposedCauseShape), **api.refusals()},
    )
)
class ProposedCauseList(api.Address):
    query = ProposedCausesQuery

    def get(self, request: Request) -> Response:
        rows = proposals_to(request.user, state=self.asked.get("state", ""))
        return self.page(rows, ("-proposed_at", "-pk"), proposed_shape)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    post=extend_schema(
        operation_id="proposed_causes_decide",
        summary="Accept, merge or refuse a proposed cause (administrators)",
        description="accept takes a name, if another is wanted; merge needs into, refuse a reason. The corrective "
        "action that stands under a merged one follows, and so does the recognition of what came back.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CauseDecisionBody,
        responses={200: ProposedCauseShape, **api.refusals(403, 404, 409, 422)},
    )
)
class CauseDecision(api.Address):
    def find(self, pk: int) -> Cause:
        return get_cause(pk, person=self.request.user)

    @once
    def post(self, request: Request, **names) -> Response:
        policies.require_edit_causes(request.user)
        values = self.body(CauseDecisionBody)
        _require_only(values)
        _decide(by=request.user, cause=self.found, values=values)
        return Response(proposed_shape(get_cause(self.found.pk, person=request.user)))


WORDS_OF = {"accept": "name", "merge": "into", "refuse": "reason"}


def _require_only(values: dict) -> None:
    """What belongs to another decision would be lost without a word."""
    strange = set(values) - {"decision", WORDS_OF[values["decision"]]}
    if strange:
        raise WrongInput({name: [_("This belongs to another decision. Leave it out.")] for name in sorted(strange)})


def _decide(*, by: Person, cause: Cause, values: dict) -> None:
    """The decision with its own words."""
    if values["decision"] == "accept":
        accept_cause(by=by, cause=cause, name=values.get("name"))
    elif values["decision"] == "merge":
        merge_cause(by=by, cause=cause, into=Cause.objects.filter(pk=values.get("into")).first())
    else:
        refuse_cause(by=by, cause=cause, reason=values.get("reason", ""))


urlpatterns = [
    path("causes/", CauseList.as_view(), name="causes"),
    path("causes/<row:pk>/", CauseAddress.as_view(), name="cause"),
    path("causes/<row:pk>/decision/", CauseDecision.as_view(), name="decide_cause"),
    path("proposed-causes/", ProposedCauseList.as_view(), name="proposed_causes"),
]
