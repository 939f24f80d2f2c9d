"""Time that the supplying side spent on a request."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.desk.api.part import RequestPart
from requests_app.desk.selectors.worklogs import Work, Worked, get_worklog, require_work, work_on
from requests_app.desk.services.worklogs import LONGEST_NOTE, MINUTES_A_DAY, correct_work, log_work
from requests_app.events.api import once
from requests_app.kernel import api


class WorkShape(api.Shape):
    id = serializers.IntegerField()
    person = serializers.EmailField(help_text="Who did it.")
    day = serializers.DateField()
    minutes = serializers.IntegerField(help_text="After all corrections.")
    note = serializers.CharField()
    corrected = serializers.BooleanField()


class WorkListShape(api.Shape):
    minutes = serializers.IntegerField(help_text="All of it together.")
    results = WorkShape(many=True)


class WorkBody(api.StrictSerializer):
    minutes = api.WholeNumber(min_value=0, max_value=MINUTES_A_DAY)
    day = api.Day(required=False, help_text="Up to today; left out: today.")
    note = api.Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    corrects = api.WholeNumber(
        min_value=1, required=False, help_text="The id of an entry: it took `minutes`, 0 takes it back."
    )


def work_shape(row: Worked) -> dict:
    return {
        "id": row.pk,
        "person": row.person.email,
        "day": row.day,
        "minutes": row.minutes,
        "note": row.note,
        "corrected": row.corrected,
    }


def list_shape(work: Work) -> dict:
    return {"minutes": round(work.seconds / 60), "results": [work_shape(row) for row in work.rows]}


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="worklogs_list",
        summary="List the time spent, latest day first (supplying side)",
        responses={200: WorkListShape, **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="worklogs_post",
        summary="Log time spent, or correct an entry",
        description="Entries are never changed: a correction is one of its own. The asking side sees none of it.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=WorkBody,
        responses={201: WorkListShape, **api.refusals(403, 404, 422)},
    ),
)
class WorkLogList(RequestPart):
    def get(self, request: Request, **names) -> Response:
        return Response(list_shape(require_work(request.user, self.found)))

    @once
    def post(self, request: Request, **names) -> Response:
        given = self.body(WorkBody)
        pk = given.pop("corrects", None)
        if pk is None:
            log_work(by=request.user, service_request=self.found, **given)
        else:
            log = get_worklog(person=request.user, row=self.found, pk=pk)
            correct_work(by=request.user, log=log, minutes=given["minutes"])
        return Response(list_shape(work_on(request.user, self.found)), status=status.HTTP_201_CREATED)
