"""What departments say of each other, over HTTP."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.chain import selectors, services
from feedback.chain.models import Declaration
from feedback.chain.states import LONGEST_WORDS, Side, Source
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for, get_department


class DeclarationShape(api.Shape):
    id = serializers.IntegerField()
    department = serializers.CharField(help_text="Who says it.")
    side = serializers.ChoiceField(Side.choices, help_text="What the other is to it.")
    other = serializers.CharField(allow_null=True, help_text="null: the customers outside the company.")
    holds = serializers.BooleanField(help_text="false: it is no longer so.")
    products = serializers.CharField()
    demands = serializers.CharField()
    troubles = serializers.CharField()
    number = serializers.IntegerField(help_text="The version; one more with each thing newly said.")
    source = serializers.ChoiceField(Source.choices)
    said_at = serializers.DateTimeField()


def shape_of(row: Declaration) -> dict:
    return {
        "id": row.pk, "department": row.department.slug, "side": row.side, "other": row.other and row.other.slug,
        "holds": row.holds, "products": row.products, "demands": row.demands, "troubles": row.troubles,
        "number": row.number, "source": row.source, "said_at": row.said_at,
    }  # fmt: skip


class DeclarationsQuery(api.PageQuery):
    department = api.Slug(required=False, help_text="Only what is said by or of this one.")


class DeclareBody(api.StrictSerializer):
    department = api.Slug(help_text="Who says it: a department that you lead.")
    side = serializers.ChoiceField(Side.choices, help_text="What the other is to it.")
    other = api.Slug(required=False, help_text="Left out: the customers outside the company.")
    products = api.Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)
    demands = api.Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)
    troubles = api.Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)
    holds = api.YesOrNo(required=False, help_text="false takes it back; the words stay as they were.")


@extend_schema(tags=["Chain"])
@extend_schema_view(
    get=extend_schema(
        operation_id="declarations_list",
        summary="What departments say of their suppliers and customers, as far as you read it; newest first",
        parameters=[DeclarationsQuery],
        responses={200: api.page_of(DeclarationShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="declarations_declare",
        summary="Say, amend or take back that another department is a supplier or customer",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=DeclareBody,
        responses={201: DeclarationShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class Declarations(api.Address):
    """If-Match is the number of the version that was read."""

    query = DeclarationsQuery

    def get(self, request: Request) -> Response:
        rows = selectors.declarations_for(request.user)
        slug = self.asked.get("department")
        if slug:
            pk = get_department(person=request.user, slug=slug).pk
            rows = rows.filter(department=pk) | rows.filter(other=pk)
        return self.page(rows, ("-pk",), shape_of)

    @once
    def post(self, request: Request) -> Response:
        values = self.body(DeclareBody)
        department = self._named("department", values.pop("department"))
        other = self._named("other", values.pop("other")) if "other" in values else None
        expected = api.expected_version(request)
        row = services.declare(
            by=request.user, department=department, other=other, **values,
            expected_number=-1 if expected == 0 else expected,  # 0 stands for a tag that never matches
        )  # fmt: skip
        return Response(shape_of(row), status=201, headers={"ETag": api.tag(row.number)})

    def _named(self, field: str, slug: str) -> Department:
        found = departments_for(self.request.user).filter(slug=slug).first()
        if found is None:
            raise WrongInput({field: [_("There is none of this name. Give the short name, such as “it”.")]})
        return found


urlpatterns = [path("chain/declarations/", Declarations.as_view(), name="declarations")]
