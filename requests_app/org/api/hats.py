"""What a person is in a department."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.kernel import api
from requests_app.org.api.people import PersonShape, answer_with
from requests_app.org.models import Department, Person
from requests_app.org.selectors import get_department_to_edit, get_person
from requests_app.org.services import set_hats
from requests_app.org.states import Role


class HatsBody(api.StrictSerializer):
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), max_length=len(Role.choices))
    home = api.YesOrNo(default=False)


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    put=extend_schema(
        operation_id="hats_set",
        summary="Say what a person is in a department (administrators; heads make agents)",
        description="No roles means: not of this department any more.",
        request=HatsBody,
        responses={200: PersonShape, **api.refusals(403, 404)},
    )
)
class HatsAddress(api.Address):
    def find(self, slug: str, email: str) -> tuple[Department, Person]:
        person = self.request.user
        return get_department_to_edit(person=person, slug=slug), get_person(person=person, email=email)

    def put(self, request: Request, **names) -> Response:
        department, person = self.found
        values = self.body(HatsBody)
        roles = {str(role) for role in values["roles"]}
        set_hats(by=request.user, person=person, department=department, roles=roles, home=values["home"])
        return answer_with(request, get_person(person=request.user, email=person.email))
