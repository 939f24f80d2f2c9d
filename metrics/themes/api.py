"""Themes and recurring needs over HTTP."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.themes.selectors import NeedLine, Part, ThemeLine, themes_of
from metrics.themes.states import Concept, Source
from requests_app.kernel import api


class ThemeShape(api.Shape):
    concept = serializers.ChoiceField(Concept.choices, allow_null=True, help_text="What it is about, in any language.")
    words = serializers.ListField(child=serializers.CharField(), help_text="Those that tell it from the other texts.")
    n = serializers.IntegerField(help_text="Texts of the period.")
    share = serializers.FloatField()
    low = serializers.FloatField(help_text="95 % interval of the share.")
    high = serializers.FloatField()
    before = serializers.IntegerField(
        allow_null=True, help_text="Texts of the period before; null where too few people spoke of it."
    )
    change = serializers.CharField(allow_null=True, help_text="rises or falls, of the share; null within chance.")
    tone = serializers.FloatField(allow_null=True, help_text="−1 to 1, by a list of words; null below five.")
    toned = serializers.IntegerField(help_text="Texts with a word of tone.")
    score = serializers.FloatField(allow_null=True, help_text="Mean of the ratings beside the texts.")
    scored = serializers.IntegerField()
    excerpts = serializers.ListField(child=serializers.CharField(), help_text="Of what you may read anyway.")


class PartShape(api.Shape):
    """`texts` is null where fewer people than may be told of said anything."""

    source = serializers.ChoiceField(Source.choices)
    texts = serializers.IntegerField(allow_null=True)
    before = serializers.IntegerField(allow_null=True)
    agreed = serializers.IntegerField(help_text="Texts whose tone points where the rating beside them does.")
    compared = serializers.IntegerField(help_text="Texts in which both point anywhere.")
    themes = ThemeShape(many=True)

    def get_fields(self):
        days = {"from": serializers.DateField(allow_null=True), "to": serializers.DateField(allow_null=True)}
        return super().get_fields() | days


class RecurringNeedShape(api.Shape):
    service = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    n = serializers.IntegerField(help_text="Similar requests of the last 13 whole weeks.")
    before = serializers.IntegerField(help_text="In as many weeks before.")
    change = serializers.CharField(allow_null=True, help_text="rises or falls; null within chance.")
    customers = serializers.IntegerField(help_text="Departments that asked.")
    rows = serializers.URLField(allow_null=True, help_text="The requests behind it.")


class ThemesShape(api.Shape):
    department = serializers.CharField()
    parts = PartShape(many=True, allow_null=True, help_text="null where answers are not yours to read.")
    needs = RecurringNeedShape(many=True, help_text="Similar requests of one service, found by their titles.")
    computed_at = serializers.DateTimeField(allow_null=True)


def _theme(line: ThemeLine) -> dict[str, Any]:
    row = line.theme
    plain = {name: getattr(row, name) for name in ("words", "n", "before", "tone", "toned", "score", "scored")}
    return plain | {
        "concept": row.concept or None, "share": line.share, "low": line.interval[0], "high": line.interval[1],
        "change": row.change or None, "excerpts": line.excerpts,
    }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    row = part.reading
    return {
        "source": part.source,
        "from": row and row.first,
        "to": row and row.end,
        "texts": (row and row.texts) or None,
        "before": (row and row.before) or None,
        "agreed": row.agreed if row and part.agreement else 0,
        "compared": row.compared if row and part.agreement else 0,
        "themes": [_theme(line) for line in part.lines],
    }


def _need(line: NeedLine, request: Request) -> dict[str, Any]:
    row = line.need
    return {
        "service": line.service_slug, "words": row.words, "n": row.n, "before": row.before,
        "change": row.change or None, "customers": row.customers,
        "rows": api.link(request, line.url) if line.url else None,
    }  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        tags=["Figures"],
        operation_id="figures_themes",
        summary="What people say of a department, and what it is asked again and again",
        responses={200: ThemesShape, **api.refusals(403, 404)},
    )
)
class OfDepartment(api.Address):
    """As it was found last night. No theme tells of fewer than five people, of a survey's answers ten."""

    def get(self, request: Request, slug: str) -> Response:
        page = themes_of(person=request.user, slug=slug)
        return Response(
            {
                "department": page.department.slug,
                "parts": [_part(part) for part in page.parts] if page.reads_answers else None,
                "needs": [_need(line, request) for line in page.needs],
                "computed_at": page.computed_at,
            }
        )


urlpatterns = [path("figures/departments/<ascii:slug>/themes/", OfDepartment.as_view(), name="figures-themes")]
