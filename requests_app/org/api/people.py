"""The directory of people, and oneself."""

import hashlib

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.org.api.departments import LANGUAGES, known_zone
from requests_app.org.models import Person
from requests_app.org.policies import standing
from requests_app.org.selectors import get_person, people_for
from requests_app.org.services import PERSON_FIELDS, save_person, snapshot
from requests_app.org.states import Role

WITHHELD = ("language", "time_zone", "is_active", "is_admin", "is_executive", "is_auditor")


class HatShape(api.Shape):
    department = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    home = serializers.BooleanField(help_text="Requests are filed for this department unless another is named.")


class PersonLinks(api.Shape):
    self = serializers.URLField()


class PersonShape(api.Shape):
    """What is marked as optional only administrators see, and everybody of themselves."""

    email = serializers.EmailField()
    name = serializers.CharField()
    position = serializers.CharField()
    departments = HatShape(many=True)
    language = serializers.CharField(required=False)
    time_zone = serializers.CharField(required=False)
    is_active = serializers.BooleanField(required=False)
    is_admin = serializers.BooleanField(required=False)
    is_executive = serializers.BooleanField(required=False)
    is_auditor = serializers.BooleanField(required=False)
    links = PersonLinks()


def person_shape(request: Request, person: Person) -> dict:
    shape = {
        "email": person.email,
        "name": person.name,
        "position": person.position,
        "departments": _hats(person),
        "links": {"self": api.link(request, f"/api/v1/people/{person.email}/")},
    }
    if standing(request.user).is_admin or person.pk == request.user.pk:
        shape |= {field: getattr(person, field) for field in WITHHELD}
    return shape


def _hats(person: Person) -> list[dict]:
    """One line a department, with every role held there."""
    lines: dict[str, dict] = {}
    for hat in person.memberships.all():
        line = lines.setdefault(hat.department.slug, {"department": hat.department.slug, "roles": [], "home": False})
        line["roles"].append(hat.role)
        line["home"] |= hat.home
    return list(lines.values())


def version_of(person: Person) -> str:
    return hashlib.sha256(repr(snapshot(person, PERSON_FIELDS)).encode()).hexdigest()[:16]


class PeopleQuery(api.PageQuery):
    q = serializers.CharField(required=False, max_length=200, help_text="Words of the name or address.")
    department = serializers.CharField(required=False, max_length=80, help_text="Whoever has a hat in it.")


class PersonBody(api.StrictSerializer):
    email = serializers.EmailField(max_length=254)
    name = api.Text(max_length=120)
    position = api.Text(max_length=120, required=False, allow_blank=True)
    language = serializers.ChoiceField(LANGUAGES, required=False, allow_blank=True)
    time_zone = api.Text(max_length=60, required=False, allow_blank=True)
    is_active = api.YesOrNo(required=False)
    is_admin = api.YesOrNo(required=False)
    is_executive = api.YesOrNo(required=False)
    is_auditor = api.YesOrNo(required=False)

    def validate_time_zone(self, value: str) -> str:
        return known_zone(value) if value else value


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="people_list",
        summary="Find people",
        parameters=[PeopleQuery],
        responses={200: api.page_of(PersonShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="people_create",
        summary="Add a person (administrators)",
        description="Without a password: the person sets one through “forgot password”, or signs in elsewhere.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=PersonBody,
        responses={201: PersonShape, **api.refusals(403, 409, 422)},
    ),
)
class PersonList(api.Address):
    query = PeopleQuery

    def get(self, request: Request) -> Response:
        filters = {name: self.asked[name] for name in ("q", "department") if name in self.asked}
        rows = people_for(request.user, **filters)
        return self.page(rows, ("name", "id"), lambda row: person_shape(request, row))

    @once
    def post(self, request: Request) -> Response:
        person = save_person(by=request.user, **self.body(PersonBody))
        shape = person_shape(request, person)
        headers = {"Location": shape["links"]["self"], "ETag": api.tag(version_of(person))}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="people_read",
        summary="Read a person",
        responses={200: PersonShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="people_change",
        summary="Change a person (administrators, not themselves)",
        parameters=[api.IF_MATCH],
        request=PersonBody,
        responses={200: PersonShape, **api.refusals(403, 404, 409, 412)},
    ),
)
class PersonAddress(api.Address):
    def find(self, email: str) -> Person:
        return get_person(person=self.request.user, email=email)

    def get(self, request: Request, **names) -> Response:
        return answer_with(request, self.found)

    def patch(self, request: Request, **names) -> Response:
        values = self.body(PersonBody, partial=True)
        with api.unchanged(request, self.found, version_of):
            return answer_with(request, save_person(by=request.user, person=self.found, **values))


@extend_schema(tags=["Organisation"])
@extend_schema_view(
    get=extend_schema(
        operation_id="people_me",
        summary="Read oneself",
        responses={200: PersonShape, **api.refusals()},
    )
)
class Me(api.Address):
    def get(self, request: Request) -> Response:
        return answer_with(request, get_person(person=request.user, email=request.user.email))


def answer_with(request: Request, person: Person) -> Response:
    return Response(person_shape(request, person), headers={"ETag": api.tag(version_of(person))})
