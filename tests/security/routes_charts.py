"""How each address of control charts is tried. The department is IT; `build_world` gave its chart a signal."""

from datetime import date

from metrics.charts.models import Chart, Signal
from tests.security.probes import Names, Probe
from tests.security.world import World

SIGNAL_WEEK = date(2026, 1, 5)
_IT = {"slug": "it"}
_CHART = _IT | {"figure": "resolution_time"}
_ANSWER = {"do": "acknowledge", "week": SIGNAL_WEEK.isoformat(), "rule": 1}


_RULES = {"rules": [1, 2]}


def is_chosen(world: World, names: Names, letter: str) -> bool:
    return Chart.objects.filter(figure="resolution_time", rules=[1, 2]).exists()


def is_answered(world: World, names: Names, letter: str) -> bool:
    return Signal.objects.filter(week=SIGNAL_WEEK, state="acknowledged").exists()


CHARTS = [
    *(Probe("metrics.cross_department_named", route, path=_IT) for route in ("charts:charts", "api:charts")),
    *(Probe("metrics.cross_department_named", route, path=_CHART) for route in ("charts:chart", "api:chart")),
    *(
        Probe("chart.answer", route, "post", _CHART, _ANSWER, effect=is_answered)
        for route in ("charts:answer", "api:chart_answers")
    ),
    Probe("chart.answer", "charts:rules", "post", _CHART, _RULES, effect=is_chosen),
    Probe("chart.answer", "api:chart_rules", "put", _CHART, _RULES, effect=is_chosen),
]
