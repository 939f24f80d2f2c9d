"""Corrective actions over HTTP: list, open, read, take a step."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.actions import selectors
from feedback.actions.api.proof import ProofShape, proof_shape
from feedback.actions.effect import Effect, Verdict
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.requests import source_of
from feedback.actions.services import open_action, take_step
from feedback.actions.states import (
    LONGEST_CAUSE,
    LONGEST_CHECK,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WHY,
    MOST_WHYS,
    MOVES,
    Metric,
    Proposal,
    SourceKind,
    State,
    Words,
)
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import services_for
from requests_app.desk.selectors.requests import get_service_request
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person
from requests_app.org.selectors import agents_of, departments_for, get_department

STEPS = [(name, name) for name in MOVES]
SIDES = [("supplier", "supplier"), ("customer", "customer")]


class CorrectiveActionShape(api.Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    supplier = serializers.CharField(help_text="The department that puts it right.")
    customer = serializers.CharField(help_text="The department that says whether it worked.")
    service = serializers.CharField(allow_null=True)
    source_kind = serializers.ChoiceField(SourceKind.choices)
    next = serializers.CharField(help_text="Who must do what, in the caller's language.")
    opened_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True, help_text="The day of the plan.")
    next_due_on = serializers.DateField(allow_null=True, help_text="Until when the next step is to be taken.")
    late = serializers.BooleanField(help_text="Whether that day has passed.")
    check_on = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    recurrences = serializers.IntegerField(help_text="How often the same problem came back.")
    version = serializers.IntegerField()


class CountedShape(api.Shape):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    count = serializers.IntegerField()
    of = serializers.IntegerField(
        help_text="Among how many: requests (of complaints), deliveries (of rejected), ratings (of low_ratings), days."
    )


class BeforeAfterShape(api.Shape):
    metric = serializers.ChoiceField(Metric.choices)
    target_percent = serializers.IntegerField(help_text="By how many percent the rate is to fall.")
    before = CountedShape(allow_null=True, help_text="As long as the window after it; null where it may not be told.")
    after = CountedShape(allow_null=True)
    over = serializers.BooleanField(help_text="Whether the window after it has passed.")
    p = serializers.FloatField(allow_null=True, help_text="Of no change, exact and two-sided; null for 0 against 0.")
    ratio = serializers.FloatField(allow_null=True, help_text="The rate after as a multiple of the rate before.")
    verdict = serializers.ChoiceField([(one.value, one.value) for one in Verdict])
    bears_out = serializers.BooleanField(help_text="false: whoever closes it gives a reason, in note.")


class CorrectiveActionPageShape(CorrectiveActionShape):
    request = serializers.CharField(allow_null=True, help_text="The request it came of, if you may see that.")
    full = serializers.BooleanField(help_text="false: a summary; the parts below are left empty.")
    problem = serializers.CharField()
    containment = serializers.CharField()
    whys = serializers.ListField(child=serializers.CharField())
    cause = serializers.IntegerField(allow_null=True)
    cause_is_proposed = serializers.BooleanField(help_text="true: nobody decided yet whether the tree takes it.")
    plan = serializers.CharField()
    owner = serializers.EmailField(allow_null=True)
    metric = serializers.CharField(help_text="What it is measured by; empty until it is planned.")
    target_percent = serializers.IntegerField()
    effect = BeforeAfterShape(allow_null=True, help_text="null until it is done.")
    proof = serializers.CharField()
    files = ProofShape(many=True, help_text="What shows it.")
    verified_at = serializers.DateTimeField(allow_null=True)
    continues = serializers.IntegerField(allow_null=True, help_text="The earlier action that was opened again instead.")
    steps = serializers.ListField(child=serializers.ChoiceField(STEPS), help_text="What you could do now.")


def brief(action: CorrectiveAction) -> dict:
    line = selectors.lines_of([action])[0]
    return {
        "id": action.pk, "title": action.title, "state": action.state, "supplier": action.supplier.slug,
        "customer": action.customer.slug, "service": action.service.slug if action.service else None,
        "source_kind": action.source_kind, "next": line.next, "opened_at": action.opened_at, "due_on": action.due_on,
        "next_due_on": action.next_due_on, "late": line.late, "check_on": action.check_on,
        "ended_at": action.ended_at, "recurrences": action.recurrences,
        "version": action.version,
    }  # fmt: skip


def effect_shape(effect: Effect) -> dict:
    return effect.kept() | {"ratio": effect.ratio, "bears_out": effect.bears_out}


def whole(person: Person, pk: int) -> dict:
    page = selectors.action_page(person=person, pk=pk)
    action, full = page.action, page.full
    return brief(action) | {
        "request": page.source_number or None,
        "full": full,
        "problem": action.problem if full else "",
        "containment": action.containment if full else "",
        "whys": list(action.whys) if full else [],
        "cause": action.cause_id if full else None,
        "cause_is_proposed": bool(full and action.cause and action.cause.is_proposed),
        "plan": action.plan if full else "",
        "owner": action.owner.email if full and action.owner else None,
        "metric": action.metric if full else "",
        "target_percent": action.target_percent,
        "effect": page.effect and effect_shape(page.effect),
        "proof": action.proof if full else "",
        "files": [proof_shape(row) for row in page.files],
        "verified_at": action.verified_at,
        "continues": action.continues_id if full else None,
        "steps": [move.name for move in page.moves],
    }


class ActionsQuery(api.PageQuery):
    side = serializers.ChoiceField(SIDES, required=False, help_text="Owed by, or owed to, the department.")
    department = api.Slug(required=False, help_text="Without one: your departments.")
    ended = serializers.ChoiceField([("yes", "yes")], required=False, help_text="yes: also what has ended.")
    late = serializers.ChoiceField([("yes", "yes")], required=False, help_text="yes: only what is overdue.")


class OpenBody(api.StrictSerializer):
    title = api.Text(max_length=LONGEST_TITLE)
    problem = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    request = api.Text(max_length=20, required=False, help_text="Number of the request it is about; it says the rest.")
    supplier = api.Slug(required=False)
    customer = api.Slug(required=False)
    service = api.Slug(required=False)


class ActionStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    note = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    whys = serializers.ListField(child=api.Text(max_length=LONGEST_WHY), required=False, max_length=MOST_WHYS)
    cause = api.WholeNumber(required=False, min_value=1, max_value=2**62, help_text="From causes/.")
    proposed_cause = api.Text(
        max_length=LONGEST_CAUSE, required=False, help_text="Instead of a cause: one that is missing in the tree."
    )
    proposed_below = api.WholeNumber(required=False, min_value=1, max_value=2**62, help_text="Where it belongs.")
    owner = serializers.EmailField(required=False)
    due_on = api.Day(required=False)
    check_days = api.WholeNumber(required=False, min_value=1, max_value=LONGEST_CHECK)
    service = api.Slug(required=False, help_text="Of the supplier; with analyse.")
    metric = serializers.ChoiceField(Metric.choices, required=False, help_text="With plan.")
    target_percent = api.WholeNumber(required=False, min_value=1, max_value=100, help_text="With plan.")


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="corrective_actions_list",
        summary="Corrective actions you may read, newest first",
        parameters=[ActionsQuery],
        responses={200: api.page_of(CorrectiveActionShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="corrective_actions_open",
        summary="Open a corrective action (the head of the supplier)",
        description="One for each request: asked for again, the one that is there is answered.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=OpenBody,
        responses={201: CorrectiveActionPageShape, **api.refusals(403, 404, 422)},
    ),
)
class ActionList(api.Address):
    query = ActionsQuery

    def get(self, request: Request) -> Response:
        slug = self.asked.get("department")
        department = get_department(person=request.user, slug=slug) if slug else None
        rows = selectors.actions_for(
            request.user, side=self.asked.get("side", ""), department=department, ended="ended" in self.asked,
            late="late" in self.asked,
        )  # fmt: skip
        return self.page(rows, ("-pk",), brief)

    @once
    def post(self, request: Request) -> Response:
        values = self.body(OpenBody)
        words = {name: values[name] for name in ("title", "problem") if name in values}
        parties = _of_request(request.user, values) if "request" in values else _parties(request.user, values)
        action = open_action(by=request.user, **words, **parties)
        return Response(whole(request.user, action.pk), status=201, headers={"ETag": api.tag(action.version)})


def _of_request(person: Person, values: dict) -> dict:
    named = sorted({"supplier", "customer", "service"} & values.keys())
    if named:
        raise WrongInput({name: [_("The request says this already. Leave it out.")] for name in named})
    row = get_service_request(person=person, number=values["request"])
    return source_of(person, row)


def _parties(person: Person, values: dict) -> dict:
    found = {}
    for name, rows in (
        ("supplier", departments_for(person)), ("customer", departments_for(person)), ("service", services_for(person)),
    ):  # fmt: skip
        found[name] = rows.filter(slug=values[name]).first() if name in values else None
        if found[name] is None and (name in values or name == "supplier"):
            raise WrongInput({name: [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


class OneAction(api.Address):
    def find(self, pk: int) -> CorrectiveAction:
        return selectors.get_action(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = whole(request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    get=extend_schema(
        operation_id="corrective_actions_read",
        summary="One corrective action",
        responses={200: CorrectiveActionPageShape, **api.refusals(404)},
    )
)
class ActionAddress(OneAction):
    def get(self, request: Request, **names) -> Response:
        return self.answer(request)


@extend_schema(tags=["Corrective actions"])
@extend_schema_view(
    post=extend_schema(
        operation_id="corrective_actions_step",
        summary="Take a step: contain, analyse, plan, finish, verify, send_back, close, recur, cancel",
        description="`steps` of the action names what the caller could do now. Each step needs its own words: note "
        "(all but analyse and verify; close only where the figure does not bear out that it worked), whys and cause "
        "(analyse; or proposed_cause and proposed_below, where no cause of the tree fits), owner and due_on (plan).",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=ActionStepBody,
        responses={200: CorrectiveActionPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class StepList(OneAction):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(ActionStepBody)
        step, cause, owner = values.pop("step"), values.pop("cause", None), values.pop("owner", None)
        proposed, below = values.pop("proposed_cause", ""), values.pop("proposed_below", None)
        service = self._service(values.pop("service", ""))
        words = Words(
            cause=_cause(cause),
            proposal=Proposal(proposed, Cause.objects.filter(pk=below).first() if below else None)
            if proposed
            else None,
            owner=agents_of(self.found.supplier_id).filter(email__iexact=owner).first() if owner else None,
            whys=tuple(values.pop("whys", ())),
            service=service,
            **values,
        )
        take_step(
            by=request.user, action=self.found, name=step, words=words, expected_version=api.expected_version(request)
        )
        return self.answer(request)

    def _service(self, slug: str) -> Service | None:
        if not slug:
            return None
        found = Service.objects.filter(slug=slug, department=self.found.supplier_id).first()
        if found is None:
            raise WrongInput({"service": [_("This department does not offer that. Choose one of its services.")]})
        return found


def _cause(pk: int | None) -> Cause | None:
    return Cause.objects.filter(pk=pk).first() if pk else None


urlpatterns = [
    path("corrective-actions/", ActionList.as_view(), name="corrective_actions"),
    path("corrective-actions/<row:pk>/", ActionAddress.as_view(), name="corrective_action"),
    path("corrective-actions/<row:pk>/steps/", StepList.as_view(), name="corrective_action_steps"),
]
