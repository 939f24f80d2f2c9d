"""How the addresses of the observed process are tried: as the other figures of a department."""

from tests.security.probes import Probe

_IT = {"slug": "it"}
PROCESS = [
    # The department as a whole is for whoever may see figures of other departments.
    Probe("metrics.cross_department_named", "process:department", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-process", path=_IT),
    # What one customer has in it is for the two departments, executives and auditors.
    Probe("metrics.own_dept_operational", "api:figures-process", path=_IT, query="customer=sales"),
]
