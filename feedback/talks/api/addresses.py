"""The addresses: series and their talks, a talk with its agenda, steps, lines, minutes and tasks."""

from datetime import time
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.talks import selectors, services, writing
from feedback.talks.api.shapes import (
    ArrangeTalksBody,
    ChangeTalksBody,
    MeetingLineBody,
    MeetingLineShape,
    MeetingNotesBody,
    MeetingPageShape,
    MeetingShape,
    MeetingsQuery,
    MeetingStepBody,
    PlanTalkBody,
    TalkSeriesPageShape,
    TalkSeriesShape,
    brief,
    line_of,
    series_of,
    series_whole,
    whole,
)
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.policies import require_lead
from feedback.talks.states import (
    Point,
)
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for


@extend_schema(tags=["Talks"])
@extend_schema_view(
    get=extend_schema(
        operation_id="meetings_series_list",
        summary="Series of talks you may read",
        parameters=[api.PageQuery],
        responses={200: api.page_of(TalkSeriesShape), **api.refusals()},
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
        if "at_time" in values:
            values["at_time"] = time.fromisoformat(values["at_time"])
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
        operation_id="meetings_series_read",
        summary="A series, with whom it invites",
        responses={200: TalkSeriesPageShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="meetings_series_change",
        summary="Another rhythm, place or round of people, or no more talks (the head of either department)",
        description="What is left out stays; a talk that is planned keeps its time.",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=ChangeTalksBody,
        responses={200: TalkSeriesPageShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class SeriesAddress(api.Address):
    def find(self, pk: int) -> TalkSeries:
        return selectors.get_series(person=self.request.user, pk=pk)

    def get(self, request: Request, **names: Any) -> Response:
        return self._answer(self.found)

    @once
    def patch(self, request: Request, **names: Any) -> Response:
        require_lead(request.user, self.found)
        values = self.body(ChangeTalksBody, partial=True)
        if "at_time" in values:
            values["at_time"] = time.fromisoformat(values["at_time"])
        if "people" in values:
            emails = {email.lower() for email in values.pop("people")}
            values["people"] = [one for one in selectors.people_of(self.found) if one.email.lower() in emails]
            if len(values["people"]) != len(emails):
                raise WrongInput({"people": [_("Choose people of the two departments.")]})
        expected = api.expected_version(request)
        changed = services.change_series(by=request.user, series=self.found, expected_version=expected, **values)
        return self._answer(changed)

    def _answer(self, series: TalkSeries) -> Response:
        return Response(series_whole(series), headers={"ETag": api.tag(series.version)})


@extend_schema(tags=["Talks"])
@extend_schema_view(
    get=extend_schema(
        operation_id="meetings_list",
        summary="Talks you may read, the latest first",
        parameters=[MeetingsQuery],
        responses={200: api.page_of(MeetingShape), **api.refusals()},
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
    path("meetings/series/<row:pk>/", SeriesAddress.as_view(), name="meeting_one_series"),
    path("meetings/series/<row:pk>/talks/", SeriesTalks.as_view(), name="meeting_plan"),
    path("meetings/<row:pk>/", MeetingAddress.as_view(), name="meeting"),
    path("meetings/<row:pk>/steps/", MeetingSteps.as_view(), name="meeting_steps"),
    path("meetings/<row:pk>/lines/", MeetingLines.as_view(), name="meeting_lines"),
    path("meetings/<row:pk>/minutes/", MeetingMinutes.as_view(), name="meeting_minutes"),
    path("meetings/lines/<row:pk>/done/", TaskDone.as_view(), name="meeting_task_done"),
]
