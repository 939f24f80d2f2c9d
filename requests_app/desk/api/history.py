"""What happened to a request, and how its clocks ran."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.agreements.states import Measure
from requests_app.desk.api.part import RequestPart
from requests_app.desk.models import Clock
from requests_app.desk.selectors.clocks import ClockFace, acceptance_face, agreement_words, clocks_of, face_of
from requests_app.desk.selectors.conversation import Names, history_of
from requests_app.events.models import Event
from requests_app.kernel import api


class EventShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="Such as request.filed, message.public, handoff.offered, clock.breached.")
    at = serializers.DateTimeField()
    by = serializers.EmailField(allow_null=True, help_text="null: the service desk itself")
    on_behalf_of = serializers.EmailField(allow_null=True)
    data = serializers.DictField(help_text="What belongs to this kind; departments by slug, people by address.")


def event_shape(event: Event, names: Names) -> dict:
    return {
        "id": event.pk,
        "kind": event.kind,
        "at": event.at,
        "by": names.people.get(event.actor_id),
        "on_behalf_of": names.people.get(event.on_behalf_of_id),
        "data": names.told(event),
    }


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="events_list",
        summary="List what happened, oldest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(EventShape), **api.refusals(404)},
    )
)
class EventList(RequestPart):
    query = api.PageQuery

    def get(self, request: Request, **names) -> Response:
        response = self.page(history_of(request.user, self.found), ("at", "id"), lambda event: event)
        names = Names(response.data["results"])
        response.data["results"] = [event_shape(event, names) for event in response.data["results"]]
        return response


class IntervalShape(api.Shape):
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField(allow_null=True, help_text="null: it lasts")
    counts = serializers.BooleanField(help_text="Whether the clock ran.")
    working_seconds = serializers.FloatField(
        allow_null=True, help_text="Working time inside; those that count add up to elapsed."
    )
    working_days = serializers.FloatField(allow_null=True, help_text="Working days that ended inside, likewise.")
    why = serializers.CharField()


class ClockAgreementShape(api.Shape):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    rule = serializers.CharField()
    link = serializers.URLField()


class ClockCalendarShape(api.Shape):
    slug = serializers.CharField()
    version = serializers.IntegerField()
    zone = serializers.CharField()


class ClockShape(api.Shape):
    measure = serializers.ChoiceField([*Measure.values, "verdict"], help_text="verdict: the customer's own")
    label = serializers.CharField()
    state = serializers.CharField(help_text="running, warned, paused, overdue, kept, missed or cancelled")
    holder = serializers.CharField(
        allow_null=True, help_text="The department whose own clock it is; null: promised to the customer"
    )
    target_unit = serializers.ChoiceField(["seconds", "working_days"], help_text="What the target is given in.")
    target_days = serializers.FloatField(allow_null=True)
    elapsed_days = serializers.FloatField(allow_null=True)
    target_seconds = serializers.FloatField(allow_null=True, help_text="All seconds are working time.")
    elapsed_seconds = serializers.FloatField(allow_null=True)
    remaining_seconds = serializers.FloatField(allow_null=True, help_text="Negative: over.")
    paused_seconds = serializers.FloatField(allow_null=True)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="null: paused or stopped")
    stopped_at = serializers.DateTimeField(allow_null=True)
    warned_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    agreement = ClockAgreementShape(allow_null=True)
    calendar = ClockCalendarShape(allow_null=True)
    why = serializers.CharField(help_text="Agreement, version, rule, priority and calendar in words.")
    intervals = IntervalShape(many=True)


class ClocksShape(api.Shape):
    as_of = serializers.DateTimeField()
    results = ClockShape(many=True)


def clock_shape(request: Request, face: ClockFace, clock: Clock | None) -> dict:
    return {
        "measure": face.measure,
        "label": face.label,
        "state": face.state,
        "holder": clock.holder.slug if clock and clock.holder else None,
        "target_unit": "working_days" if face.in_days else "seconds",
        "target_days": face.target if face.in_days else None,
        "elapsed_days": face.elapsed if face.in_days else None,
        "target_seconds": None if face.in_days else face.target,
        "elapsed_seconds": None if face.in_days else face.elapsed,
        "remaining_seconds": face.left,
        "paused_seconds": None if face.in_days else face.paused,
        "started_at": clock.started_at if clock else face.intervals[0].begins,
        "due_at": face.due,
        "stopped_at": face.stopped,
        "warned_at": clock.warned_at if clock else None,
        "breached_at": clock.breached_at if clock else None,
        "agreement": _agreement(request, clock),
        "calendar": _calendar(clock),
        "why": face.why,
        "intervals": [
            {
                "begins": part.begins,
                "ends": part.ends,
                "counts": part.counted,
                "working_seconds": None if face.in_days else part.worked,
                "working_days": part.worked if face.in_days else None,
                "why": part.words,
            }
            for part in face.intervals
        ],
    }


def _agreement(request: Request, clock: Clock | None) -> dict | None:
    if clock is None or clock.agreement is None:
        return None
    return {
        "id": clock.agreement.pk,
        "version": clock.agreement.version,
        "rule": agreement_words(clock.agreement),
        "link": api.link(request, f"/api/v1/agreements/{clock.agreement.pk}/"),
    }


def _calendar(clock: Clock | None) -> dict | None:
    if clock is None:
        return None
    version = clock.calendar_version
    return {"slug": version.calendar.slug, "version": version.number, "zone": version.zone}


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="clocks_list",
        summary="How the promises stand, and why: intervals that add up, agreement, version, rule",
        responses={200: ClocksShape, **api.refusals(404)},
    )
)
class ClockList(RequestPart):
    def get(self, request: Request, **names) -> Response:
        row, now = self.found, timezone.now()
        clocks = clocks_of([row.pk], explained=True).get(row.pk, {})
        shapes = [
            clock_shape(request, face_of(clock, row, now, explained=True), clock)
            for _measure, clock in sorted(clocks.items(), reverse=True)
        ]
        waits = acceptance_face(row, now, mine=row.requester_id == request.user.pk)
        if waits is not None:
            shapes.append(clock_shape(request, waits, None))
        return Response({"as_of": now, "results": shapes})
