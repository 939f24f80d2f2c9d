"""How what people say is tried: as all relations of a department, it is for its own agents and heads."""

from tests.security.probes import Probe

_IT = {"slug": "it"}
THEMES = [
    Probe("relations.list", "themes:themes", path=_IT),
    Probe("relations.list", "api:figures-themes", path=_IT),
]
