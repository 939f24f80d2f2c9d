"""How figures are answered."""

from typing import Any

from rest_framework import serializers

from metrics.rollups.definitions import Unit
from metrics.rollups.states import Figure
from requests_app.kernel import api


class SpreadShape(api.Shape):
    value = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FigureShape(api.Shape):
    """Only what applies: shares and means have no median, counts no interval."""

    key = serializers.CharField()
    unit = serializers.ChoiceField([unit.value for unit in Unit], help_text="Durations are seconds of working time.")
    n = serializers.IntegerField(help_text="How many values it was computed from.")
    value = serializers.FloatField(
        allow_null=True, help_text="The headline: the median of durations. null where there is nothing to tell."
    )
    median = serializers.FloatField(required=False, allow_null=True)
    p90 = serializers.FloatField(required=False, allow_null=True)
    mean = serializers.FloatField(required=False, allow_null=True)
    low = serializers.FloatField(required=False, allow_null=True, help_text="95 % interval of the value.")
    high = serializers.FloatField(required=False, allow_null=True)
    total = serializers.IntegerField(required=False, help_text="The sum of the values; of a share, how many count.")
    target = serializers.FloatField(required=False)
    calendar = SpreadShape(required=False, help_text="Of durations: the same in calendar time.")
    hidden = serializers.CharField(
        required=False,
        help_text="few: fewer than five people answered, or too few values between two departments to tell anything; "
        "narrowed: not told of so small a part.",
    )
    rows = serializers.URLField(required=False, help_text="The requests behind it.")


def figure_shape(figure: Figure, rows: str | None = None) -> dict[str, Any]:
    definition = figure.definition
    shape: dict[str, Any] = {"key": figure.key, "unit": definition.unit.value, "n": figure.n, "value": figure.value}
    if definition.is_duration:
        shape |= {"median": figure.median, "p90": figure.p90}
    if definition.unit != Unit.COUNT:
        shape |= {"mean": figure.mean, "low": figure.low, "high": figure.high}
    if figure.calendar:
        shape["calendar"] = vars(figure.calendar)
    optional = {"total": figure.total, "target": figure.target, "hidden": figure.hidden or None, "rows": rows}
    return shape | {name: value for name, value in optional.items() if value is not None}
