"""Talks over HTTP: the series and their talks, a talk with its agenda, its steps, lines, minutes and tasks."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.talks import selectors, services, writing
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.policies import require_lead
from feedback.talks.states import (
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_REASON,
    MOST_WEEKS,
    STEPS,
    Kind,
    Point,
    State,
)
from requests_app.agreements.states import Side
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for

LINES = [(str(kind), str(kind)) for kind in (Point.OWN, Point.DECISION, Point.TASK, Point.CORRECTION)]


class TalkSeriesShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    supplier = serializers.CharField()
    customer = serializers.CharField()
    every_weeks = serializers.IntegerField(help_text="0: at will.")
    weekday = serializers.IntegerField(allow_null=True, help_text="0 is Monday.")
    at_time = serializers.CharField(allow_null=True, help_text="Wall time in the zone, such as 10:00.")
    zone = serializers.CharField()
    minutes = serializers.IntegerField()
    place = serializers.CharField()
    is_active = serializers.BooleanField()
    next = serializers.IntegerField(allow_null=True, help_text="The talk that is planned or under way.")


class MeetingShape(api.Shape):
    id = serializers.IntegerField()
    series = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    supplier = serializers.CharField()
    customer = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    starts_at = serializers.DateTimeField()
    begun_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    version = serializers.IntegerField()


class MeetingPointShape(api.Shape):
    kind = serializers.ChoiceField(Point.choices)
    text = serializers.CharField()
    more = serializers.CharField()
    url = serializers.CharField(help_text="The page it leads to; empty: none.")


class MeetingLineShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(LINES)
    text = serializers.CharField()
    owner = serializers.EmailField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    corrective_action = serializers.IntegerField(allow_null=True)


class MeetingNotesShape(api.Shape):
    side = serializers.ChoiceField(Side.choices)
    text = serializers.CharField()
    based_on = serializers.CharField(help_text="Send it back with the minutes, so that nobody's words are lost.")


class MeetingPageShape(MeetingShape):
    agenda = MeetingPointShape(many=True, help_text="Without what you may not see.")
    lines = MeetingLineShape(many=True)
    minutes = MeetingNotesShape(many=True)
    invited = serializers.ListField(child=serializers.EmailField())
    present = serializers.ListField(child=serializers.EmailField())


def series_of(line: selectors.SeriesLine) -> dict:
    row = line.series
    return {
        "id": row.pk, "kind": row.kind, "supplier": row.supplier.slug, "customer": row.customer.slug,
        "every_weeks": row.every_weeks, "weekday": row.weekday, "at_time": f"{row.at_time:%H:%M}" if row.at_time else None, "zone": row.zone,
        "minutes": row.minutes, "place": row.place, "is_active": row.is_active,
        "next": line.next.pk if line.next else None,
    }  # fmt: skip


def brief(talk: Talk) -> dict:
    series = talk.series
    return {
        "id": talk.pk, "series": series.pk, "kind": series.kind, "supplier": series.supplier.slug,
        "customer": series.customer.slug, "state": talk.state, "starts_at": talk.starts_at, "begun_at": talk.begun_at,
        "ended_at": talk.ended_at, "reason": talk.reason, "version": talk.version,
    }  # fmt: skip


def line_of(item: TalkItem) -> dict:
    return {
        "id": item.pk, "kind": item.kind, "text": item.text, "owner": item.owner.email if item.owner else None,
        "due_on": item.due_on, "done_at": item.done_at, "corrective_action": item.corrective_action_id,
    }  # fmt: skip


def whole(person: Person, pk: int) -> dict:
    page = selectors.talk_page(person=person, pk=pk)
    notes = [selectors.notes_values(page.talk, side) for side in Side.values]
    return brief(page.talk) | {
        "agenda": [{"kind": one.kind, "text": one.text, "more": one.more, "url": one.url} for one in page.agenda],
        "lines": [line_of(item) for item in page.outcomes],
        "minutes": [one | {"based_on": fingerprint(one)} for one in notes],
        "invited": [one.email for one in page.invited],
        "present": [one.email for one in page.present],
    }


class MeetingsQuery(api.PageQuery):
    state = serializers.ChoiceField(State.choices, required=False)
    series = serializers.RegexField(
        "^[1-9][0-9]{0,17}$", required=False, error_messages={"invalid": "Give the number of a series."}
    )


class ArrangeTalksBody(api.StrictSerializer):
    kind = serializers.ChoiceField(Kind.choices)
    supplier = api.Slug()
    customer = api.Slug()
    every_weeks = api.WholeNumber(min_value=0, max_value=MOST_WEEKS, required=False)
    weekday = api.WholeNumber(min_value=0, max_value=6, required=False)
    at_time = serializers.TimeField(required=False, help_text="Such as 10:00.")
    zone = api.Text(max_length=60, required=False)
    minutes = api.WholeNumber(min_value=1, max_value=LONGEST_MINUTES, required=False)
    place = api.Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class PlanTalkBody(api.StrictSerializer):
    starts_at = api.Moment()


class MeetingStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    starts_at = api.Moment(required=False, help_text="shift: the new time; end, cancel: when the next talk is.")
    reason = api.Text(max_length=LONGEST_REASON, required=False, help_text="Needed to cancel.")
    present = serializers.ListField(child=serializers.EmailField(), required=False, max_length=200)


class MeetingLineBody(api.StrictSerializer):
    kind = serializers.ChoiceField(LINES)
    text = api.Text(max_length=LONGEST_LINE)
    owner = serializers.EmailField(required=False, help_text="Of a task.")
    due_on = api.Day(required=False, help_text="Of a task.")


class MeetingNotesBody(api.StrictSerializer):
    side = serializers.ChoiceField(Side.choices)
    text = api.Text(max_length=LONGEST_NOTES, allow_blank=True)
    based_on = api.Text(max_length=64, required=False)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    get=extend_schema(
        operation_id="meetings_series_list",
        summary="Series of talks you may read",
        parameters=[api.PageQuery],
        responses={200: api.page_of(TalkSeriesShape)},
    ),
    post=extend_schema(
        operation_id="meetings_arrange",
        summary="Arrange talks of two departments (the head of either)",
        description="With a rhythm the first talk is planned at once.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ArrangeTalksBody,
        responses={201: TalkSeriesShape, **api.refusals(403, 409, 422)},
    ),
)
class SeriesList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        rows = selectors.series_for(request.user)
        return self.page(rows, ("-is_active", "-pk"), lambda row: series_of(selectors.series_lines([row])[0]))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(ArrangeTalksBody)
        parties = {name: _department(request.user, name, values.pop(name)) for name in ("supplier", "customer")}
        made = services.arrange(by=request.user, **parties, **values)
        return Response(series_of(selectors.series_lines([made])[0]), status=201)


def _department(person: Person, field: str, slug: str) -> Department:
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongInput({field: [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


@extend_schema(tags=["Talks"])
@extend_schema_view(
    get=extend_schema(
        operation_id="meetings_list",
        summary="Talks you may read, the latest first",
        parameters=[MeetingsQuery],
        responses={200: api.page_of(MeetingShape)},
    ),
)
class MeetingList(api.Address):
    query = MeetingsQuery

    def get(self, request: Request) -> Response:
        rows = selectors.talks_for(request.user, state=self.asked.get("state", ""))
        if "series" in self.asked:
            rows = rows.filter(series_id=int(self.asked["series"]))
        return self.page(rows, ("-starts_at", "-pk"), brief)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    post=extend_schema(
        operation_id="meetings_plan",
        summary="Plan the next talk of a series (the head of either department)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=PlanTalkBody,
        responses={201: MeetingPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class SeriesTalks(api.Address):
    def find(self, pk: int) -> TalkSeries:
        return selectors.get_series(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names: Any) -> Response:
        require_lead(request.user, self.found)
        made = services.plan_talk(by=request.user, series=self.found, **self.body(PlanTalkBody))
        return Response(whole(request.user, made.pk), status=201, headers={"ETag": api.tag(made.version)})


class OneMeeting(api.Address):
    def find(self, pk: int) -> Talk:
        return selectors.get_talk(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = whole(request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Talks"])
@extend_schema_view(
    get=extend_schema(
        operation_id="meetings_read",
        summary="A talk: agenda, what was settled, minutes of both sides",
        responses={200: MeetingPageShape, **api.refusals(404)},
    )
)
class MeetingAddress(OneMeeting):
    def get(self, request: Request, **names: Any) -> Response:
        return self.answer(request)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    post=extend_schema(
        operation_id="meetings_step",
        summary="Take a step: shift, begin, end, cancel",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=MeetingStepBody,
        responses={200: MeetingPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class MeetingSteps(OneMeeting):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        require_lead(request.user, self.found.series)
        values = self.body(MeetingStepBody)
        emails = values.pop("present", [])
        present = list(selectors.people_of(self.found.series).filter(email__in=emails))
        if len(present) != len({email.lower() for email in emails}):
            raise WrongInput({"present": [_("Choose people of the two departments.")]})
        services.take_step(
            by=request.user, talk=self.found, name=values.pop("step"), present=present,
            expected_version=api.expected_version(request), **values,
        )  # fmt: skip
        return self.answer(request)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    post=extend_schema(
        operation_id="meetings_add_line",
        summary="Add a point, or write down a decision, a task, a corrective action",
        parameters=[api.IDEMPOTENCY_KEY],
        request=MeetingLineBody,
        responses={201: MeetingLineShape, **api.refusals(403, 404, 409, 422)},
    )
)
class MeetingLines(OneMeeting):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        values = self.body(MeetingLineBody)
        kind, email, due = values["kind"], values.get("owner"), values.get("due_on")
        writing.require_line(request.user, self.found, kind)
        words: dict[str, Any] = {"by": request.user, "talk": self.found, "text": values["text"]}
        if kind == Point.TASK:
            owner = selectors.people_of(self.found.series).filter(email__iexact=email or "").first()
            item = writing.give_task(**words, owner=owner, due_on=due)
        elif kind == Point.OWN:
            item = writing.add_point(**words)
        else:
            item = (writing.decide if kind == Point.DECISION else writing.begin_correction)(**words)
        return Response(line_of(item), status=201)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    put=extend_schema(
        operation_id="meetings_minutes",
        summary="The minutes of your side",
        description="412 when somebody of your side saved since `based_on` was read.",
        request=MeetingNotesBody,
        responses={200: MeetingPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class MeetingMinutes(OneMeeting):
    def put(self, request: Request, **names: Any) -> Response:
        writing.write_minutes(by=request.user, talk=self.found, **self.body(MeetingNotesBody))
        return self.answer(request)


@extend_schema(tags=["Talks"])
@extend_schema_view(
    post=extend_schema(
        operation_id="meetings_finish_task",
        summary="A task from a talk is done (its owner, or a head)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: MeetingLineShape, **api.refusals(403, 404, 409)},
    )
)
class TaskDone(api.Address):
    def find(self, pk: int) -> TalkItem:
        return selectors.get_item(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names: Any) -> Response:
        return Response(line_of(writing.finish_task(by=request.user, item=self.found)))


urlpatterns = [
    path("meetings/", MeetingList.as_view(), name="meetings"),
    path("meetings/series/", SeriesList.as_view(), name="meeting_series"),
    path("meetings/series/<row:pk>/talks/", SeriesTalks.as_view(), name="meeting_plan"),
    path("meetings/<row:pk>/", MeetingAddress.as_view(), name="meeting"),
    path("meetings/<row:pk>/steps/", MeetingSteps.as_view(), name="meeting_steps"),
    path("meetings/<row:pk>/lines/", MeetingLines.as_view(), name="meeting_lines"),
    path("meetings/<row:pk>/minutes/", MeetingMinutes.as_view(), name="meeting_minutes"),
    path("meetings/lines/<row:pk>/done/", TaskDone.as_view(), name="meeting_task_done"),
]
