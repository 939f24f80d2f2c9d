"""The rating of a request, over HTTP."""

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.ratings import selectors
from feedback.ratings.selectors import RatingPanel
from feedback.ratings.services import give_rating
from feedback.ratings.states import HIGHEST, LONGEST_COMMENT, LOWEST, Answer, Dimension
from requests_app.desk.api.part import RequestPart
from requests_app.desk.models import ServiceRequest
from requests_app.kernel import api
from requests_app.org.models import Person

SCORE = {"min_value": LOWEST, "max_value": HIGHEST}


class DimensionsBody(api.StrictSerializer):
    reliability = api.WholeNumber(**SCORE, required=False, allow_null=True)
    assurance = api.WholeNumber(**SCORE, required=False, allow_null=True)
    tangibles = api.WholeNumber(**SCORE, required=False, allow_null=True)
    empathy = api.WholeNumber(**SCORE, required=False, allow_null=True)
    responsiveness = api.WholeNumber(**SCORE, required=False, allow_null=True)


class RatingBody(api.StrictSerializer):
    overall = api.WholeNumber(**SCORE, help_text="1 poor to 5 excellent.")
    dimensions = DimensionsBody(required=False, help_text="Each 1 to 5; leave out what you cannot judge.")
    effort = api.WholeNumber(
        **SCORE, required=False, allow_null=True, help_text="How easy it was to get: 5 is very easy."
    )
    comment = api.Text(max_length=LONGEST_COMMENT, required=False, allow_blank=True)
    share_with_team = api.YesOrNo(required=False, help_text="Lets the rated department read this very answer.")


class DimensionsShape(api.Shape):
    reliability = serializers.IntegerField(allow_null=True)
    assurance = serializers.IntegerField(allow_null=True)
    tangibles = serializers.IntegerField(allow_null=True)
    empathy = serializers.IntegerField(allow_null=True)
    responsiveness = serializers.IntegerField(allow_null=True)


class RatingShape(api.Shape):
    request = serializers.CharField()
    supplier = serializers.CharField(help_text="The department that is rated.")
    overall = serializers.IntegerField(allow_null=True, help_text="null: not rated yet.")
    dimensions = DimensionsShape()
    effort = serializers.IntegerField(allow_null=True)
    comment = serializers.CharField()
    share_with_team = serializers.BooleanField()
    given_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    answers = serializers.IntegerField(help_text="How many answers were kept; the last one counts.")
    may_answer = serializers.BooleanField(help_text="Can you give or change it now?")
    until = serializers.DateTimeField(allow_null=True, help_text="Until when it can be given or changed.")


def rating_shape(panel: RatingPanel) -> dict:
    rating = panel.rating
    return {
        "request": panel.service_request.number,
        "supplier": (rating or panel.service_request).supplier.slug,
        "overall": rating.overall if rating else None,
        "dimensions": {name: rating.dimensions.get(name) if rating else None for name in Dimension.values},
        "effort": rating.effort if rating else None,
        "comment": rating.comment if rating else "",
        "share_with_team": rating.share_with_team if rating else False,
        "given_at": rating.given_at if rating else None,
        "changed_at": rating.changed_at if rating else None,
        "answers": rating.number if rating else 0,
        "may_answer": panel.may_answer,
        "until": panel.until,
    }


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="requests_rating_read",
        summary="Read the rating (the requester; the rated department when it was shared with it)",
        responses={200: RatingShape, **api.refusals(404)},
    ),
    put=extend_schema(
        operation_id="requests_rating_give",
        summary="Rate a delivery, or change the rating within 7 days (the requester)",
        description="Every answer is kept; the last one counts. The same answer again changes nothing.",
        parameters=[api.IF_MATCH],
        request=RatingBody,
        responses={200: RatingShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class RatingAddress(RequestPart):
    def get(self, request: Request, **names) -> Response:
        return self._answer(request.user, self.found)

    def put(self, request: Request, **names) -> Response:
        service_request = self.found
        values = self.body(RatingBody)
        give_rating(
            by=request.user,
            service_request=service_request,
            answer=Answer(
                overall=values["overall"],
                dimensions=dict(values.get("dimensions", {})),
                effort=values.get("effort"),
                comment=values.get("comment", ""),
                share_with_team=values.get("share_with_team", False),
            ),
            expected_number=api.expected_version(request),
        )
        return self._answer(request.user, service_request)

    def _answer(self, person: Person, service_request: ServiceRequest) -> Response:
        panel = selectors.readable_panel(person, service_request)
        if panel is None:
            raise Http404
        number = panel.rating.number if panel.rating else 0
        return Response(rating_shape(panel), headers={"ETag": api.tag(number)})


urlpatterns = [path("requests/<sr:number>/rating/", RatingAddress.as_view(), name="rating")]
