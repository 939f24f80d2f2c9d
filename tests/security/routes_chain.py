"""How each address of what departments say of each other is tried: by the head of IT, of Facilities."""

from feedback.chain.models import Declaration
from tests.security.probes import Probe

_IT = {"slug": "it"}
_SAY = {"side": "supplier", "other": "facilities", "demands": "within a day"}


def _said(_world, _names, _letter) -> bool:
    return Declaration.objects.filter(demands="within a day").exists()


CHAIN = [
    # Who names whom, and how many requests there were: as the figures of all pairs.
    Probe("metrics.cross_department_named", "chain_map:company"),
    Probe("metrics.cross_department_named", "api:chain_map"),
    # What a department says word by word: its agents and heads, executives and auditors; the list shows each their own.
    Probe("relations.list", "chain:department", path=_IT),
    Probe("everybody", "api:declarations"),
    Probe("chain.declare", "chain:declare", path=_IT),
    Probe("chain.declare", "chain:declare", "post", _IT, _SAY, effect=_said),
    Probe("chain.declare", "api:declarations", "post", {}, {"department": "it", **_SAY}, effect=_said),
]
