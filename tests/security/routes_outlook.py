"""How each address of what is to come, and of departments compared, is tried: as the figures of others are."""

from tests.security.probes import Probe

_IT = {"slug": "it"}
OUTLOOK = [
    Probe("metrics.cross_department_named", "forecast:outlook", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-forecast", path=_IT),
    Probe("metrics.cross_department_named", "benchmark:benchmark"),
    Probe("metrics.cross_department_named", "api:figures-benchmark", query="figure=resolution_kept"),
]
