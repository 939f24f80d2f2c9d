"""How each address of figures is tried. The department is IT, the request's supplier; its customer is Sales."""

from tests.security.probes import Probe

_IT = {"slug": "it"}

FIGURES = [
    Probe("everybody", "api:figures-definitions"),
    # The department as a whole is for whoever may see figures of other departments.
    Probe("metrics.cross_department_named", "api:figures-supplier", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-customer", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-series", query="figure=created&supplier=it"),
    Probe("metrics.cross_department_named", "api:figures-matrix", query="figure=resolution_kept"),
    # What one customer has in it is for the two departments, executives and auditors.
    Probe("metrics.own_dept_operational", "api:figures-supplier", path=_IT, query="customer=sales"),
]
