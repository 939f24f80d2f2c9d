"""Courses recommended to departments over HTTP: what stands open, and that one is not needed."""

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.training import selectors, services
from feedback.training.api.shapes import RecommendationShape, recommendation_shape
from feedback.training.models import Recommendation
from requests_app.events.api import once
from requests_app.kernel import api


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="recommendations_list",
        summary="Courses recommended to the departments that you lead, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(RecommendationShape), **api.refusals()},
    )
)
class RecommendationList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        return self.page(selectors.recommendations_for(request.user), ("-pk",), recommendation_shape)


@extend_schema(tags=["Training"])
@extend_schema_view(
    post=extend_schema(
        operation_id="recommendations_dismiss",
        summary="The course is not needed, whichever actions led to it; for the head of the department",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: RecommendationShape, **api.refusals(403, 404, 409, 422)},
    )
)
class Dismiss(api.Address):
    def find(self, pk: int) -> Recommendation:
        return selectors.get_recommendation(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names) -> Response:
        found = services.end_recommendation(by=request.user, recommendation=self.found)
        return Response(recommendation_shape(found))


urlpatterns = [
    path("training-recommendations/", RecommendationList.as_view(), name="training_recommendations"),
    path("training-recommendations/<row:pk>/dismiss/", Dismiss.as_view(), name="training_dismiss"),
]
