"""How the pages of handoffs and holders are tried: open to whoever sees figures of departments at all."""

from tests.security.probes import Probe

_IT = {"slug": "it"}
PASSING = [
    Probe("metrics.cross_department_named", "passing:department", path=_IT),
    Probe("metrics.cross_department_named", "passing:company"),
    Probe("metrics.cross_department_named", "api:figures-passing-department", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-passing"),
]
