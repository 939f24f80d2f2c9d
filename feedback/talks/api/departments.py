"""Talks of a department with all its customers, or all its suppliers, over HTTP: numbers and what is behind them."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.talks.counting import DAYS, counted, talks_behind, tasks_behind
from feedback.talks.states import State
from requests_app.agreements.states import Side
from requests_app.kernel import api
from requests_app.org.models import Department
from requests_app.org.selectors import get_department


class TalksOfQuery(api.Query):
    side = serializers.ChoiceField(
        [(name, name) for name in Side.values], required=False, help_text="supplier: with its customers, the usual one."
    )


class TalkBehindShape(api.Shape):
    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    state = serializers.ChoiceField(State.choices)


class TaskBehindShape(api.Shape):
    id = serializers.IntegerField()
    talk = serializers.IntegerField()
    text = serializers.CharField()
    due_on = serializers.DateField()


class TalksOfDepartmentShape(api.Shape):
    department = serializers.CharField()
    side = serializers.CharField()
    days = serializers.IntegerField(help_text="How far back talks are counted.")
    next = serializers.IntegerField(allow_null=True, help_text="The next talk that is planned.")
    planned = serializers.IntegerField(help_text="Talks whose time came in these days.")
    held = serializers.IntegerField(help_text="Of these, how many were held.")
    late = serializers.IntegerField(help_text="Open tasks from talks whose day is over.")
    talks = TalkBehindShape(many=True, help_text="Those whose time came, the latest first.")
    tasks = TaskBehindShape(many=True, help_text="Those that are late, the oldest first.")


class TalksOfDepartment(api.Address):
    query = TalksOfQuery

    def find(self, slug: str) -> Department:
        return get_department(person=self.request.user, slug=slug)

    @extend_schema(
        tags=["Talks"],
        operation_id="meetings_of_department",
        summary="Talks of a department: the next one, how many were held, which tasks are late",
        description="As far as you may read the talks.",
        parameters=[TalksOfQuery],
        responses={200: TalksOfDepartmentShape, **api.refusals(404)},
    )
    def get(self, request: Request, **names) -> Response:
        department, side = self.found, self.asked.get("side", Side.SUPPLIER)
        found = counted(request.user, department, side)
        talks = talks_behind(request.user, department, side, "planned").order_by("-starts_at", "-pk")
        tasks = tasks_behind(request.user, department, side).order_by("due_on", "pk")
        return Response(
            {
                "department": department.slug,
                "side": side,
                "days": DAYS,
                "next": found.next.pk if found and found.next else None,
                "planned": found.planned if found else 0,
                "held": found.held if found else 0,
                "late": found.late if found else 0,
                "talks": [{"id": talk.pk, "starts_at": talk.starts_at, "state": talk.state} for talk in talks],
                "tasks": [{"id": one.pk, "talk": one.talk_id, "text": one.text, "due_on": one.due_on} for one in tasks],
            }
        )


urlpatterns = [path("meetings/departments/<slug:slug>/", TalksOfDepartment.as_view(), name="meetings_of_department")]
