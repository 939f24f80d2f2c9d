"""Who reads along."""

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.desk import policies
from requests_app.desk.api.part import RequestPart
from requests_app.desk.api.requests import someone
from requests_app.desk.selectors.watchers import watchers_of
from requests_app.desk.services.conversation import add_watcher, remove_watcher
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.models import Person


class WatcherShape(api.Shape):
    person = serializers.EmailField()
    name = serializers.CharField()


class WatchersShape(api.Shape):
    results = WatcherShape(many=True)


class WatcherBody(api.StrictSerializer):
    person = serializers.EmailField()

    def validate_person(self, value: str) -> Person | None:
        return someone(self.context["person"], value)


def watcher_shape(person: Person) -> dict:
    return {"person": person.email, "name": person.name}


@extend_schema(tags=["Requests"])
@extend_schema_view(
    get=extend_schema(
        operation_id="watchers_list",
        summary="List who reads along",
        responses={200: WatchersShape, **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="watchers_add",
        summary="Let somebody read along",
        parameters=[api.IDEMPOTENCY_KEY],
        request=WatcherBody,
        responses={201: WatcherShape, **api.refusals(403, 404, 422)},
    ),
)
class WatcherList(RequestPart):
    def get(self, request: Request, **names) -> Response:
        return Response({"results": [watcher_shape(person) for person in watchers_of(self.found)]})

    @once
    def post(self, request: Request, **names) -> Response:
        person = self.body(WatcherBody, context={"person": request.user})["person"]
        add_watcher(by=request.user, service_request=self.found, person=person)
        return Response(watcher_shape(person), status=status.HTTP_201_CREATED)


@extend_schema(tags=["Requests"])
@extend_schema_view(
    delete=extend_schema(
        operation_id="watchers_remove",
        summary="Let somebody no longer read along",
        responses={204: None, **api.refusals(403, 404)},
    )
)
class WatcherAddress(RequestPart):
    def delete(self, request: Request, email: str, **names) -> Response:
        mine = email.lower() == request.user.email
        policies.require(request.user, self.found, "watcher.remove_self" if mine else "watcher.remove_other")
        person = next((one for one in watchers_of(self.found) if one.email == email.lower()), None)
        if person is None:
            raise Http404
        remove_watcher(by=request.user, service_request=self.found, person=person)
        return Response(status=status.HTTP_204_NO_CONTENT)
