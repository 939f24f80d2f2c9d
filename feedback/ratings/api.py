"""The rating of a request, over HTTP."""

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.ratings import selectors
from feedback.ratings.conversation import reply_to_rating
from feedback.ratings.policies import require_set_rules
from feedback.ratings.rules import set_rules, values_of
from feedback.ratings.selectors import RatingPanel
from feedback.ratings.services import give_rating
from feedback.ratings.states import HIGHEST, LONGEST_COMMENT, LONGEST_REST, LOWEST, Answer, Dimension, Side
from requests_app.desk.api.part import RequestPart
from requests_app.desk.models import ServiceRequest
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.versions import fingerprint
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


class ReplyShape(api.Shape):
    side = serializers.ChoiceField(Side.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class ReplyBody(api.StrictSerializer):
    text = api.Text(max_length=LONGEST_COMMENT)


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
    replies = ReplyShape(many=True, help_text="What both sides said about it since, oldest first.")
    may_reply = serializers.BooleanField(help_text="Can you say a word to it now?")
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
        "replies": [{"side": one.side, "text": one.text, "at": one.at} for one in panel.replies],
        "may_reply": panel.may_reply,
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


@extend_schema(tags=["Requests"])
@extend_schema_view(
    post=extend_schema(
        operation_id="requests_rating_reply",
        summary="Say a word about a rating: the supplier answers, the customer reacts",
        description="The supplier begins, where the answer was shared with it.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ReplyBody,
        responses={201: RatingShape, **api.refusals(403, 404, 409, 422)},
    )
)
class ReplyList(RequestPart):
    @once
    def post(self, request: Request, **names) -> Response:
        panel = selectors.readable_panel(request.user, self.found)
        if panel is None or panel.rating is None:
            raise Http404
        reply_to_rating(by=request.user, service_request=self.found, text=self.body(ReplyBody)["text"])
        fresh = selectors.readable_panel(request.user, self.found)
        return Response(rating_shape(fresh or panel), status=201)


class SharesField(serializers.DictField):
    child = api.WholeNumber(min_value=0, max_value=100)


class RulesShape(api.Shape):
    rest_days = serializers.IntegerField(help_text="Nobody is asked again within so many days; 0: no limit.")
    campaign_rest_days = serializers.IntegerField(help_text="Days between two campaigns for one person; 0: no limit.")
    remind = serializers.BooleanField(help_text="Whoever has not answered is reminded once, after working days.")
    propose_actions = serializers.BooleanField(help_text="Low ratings with a comment propose a corrective action.")
    shares = SharesField(help_text="Percent of deliveries asked about, by service; all of those not named.")


class RulesBody(api.StrictSerializer):
    rest_days = api.WholeNumber(min_value=0, max_value=LONGEST_REST, required=False)
    campaign_rest_days = api.WholeNumber(min_value=0, max_value=LONGEST_REST, required=False)
    remind = api.YesOrNo(required=False)
    propose_actions = api.YesOrNo(required=False)
    shares = SharesField(required=False, help_text="By short name of the service; 100 asks about all again.")


@extend_schema(tags=["Figures"])
@extend_schema_view(
    get=extend_schema(
        operation_id="rating_rules_read",
        summary="How often people are asked to rate (administrators)",
        responses={200: RulesShape, **api.refusals(403)},
    ),
    patch=extend_schema(
        operation_id="rating_rules_change",
        summary="Change how often people are asked to rate (administrators)",
        parameters=[api.IF_MATCH],
        request=RulesBody,
        responses={200: RulesShape, **api.refusals(403, 412, 422)},
    ),
)
class RulesAddress(api.Address):
    def get(self, request: Request) -> Response:
        require_set_rules(request.user)
        return self._answer(values_of())

    def patch(self, request: Request) -> Response:
        require_set_rules(request.user)
        values = self.body(RulesBody, partial=True)
        api.require_match(request, fingerprint(values_of()))
        return self._answer(set_rules(by=request.user, **values))

    def _answer(self, values: dict) -> Response:
        return Response(values, headers={"ETag": api.tag(fingerprint(values))})


urlpatterns = [
    path("requests/<sr:number>/rating/", RatingAddress.as_view(), name="rating"),
    path("requests/<sr:number>/rating/replies/", ReplyList.as_view(), name="rating_replies"),
    path("rating-rules/", RulesAddress.as_view(), name="rating_rules"),
]
