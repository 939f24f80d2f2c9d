"""How each address of figures is tried. The department is IT, the request's supplier; its customer is Sales."""

from tests.security.probes import Probe, Sight

_IT = {"slug": "it"}

FIGURES = [
    Probe("metrics.cross_department_named", "dashboards:company"),
    Probe("metrics.cross_department_named", "dashboards:supplier", path=_IT),
    Probe("metrics.cross_department_named", "dashboards:customer", path=_IT),
    Probe("everybody", "dashboards:department", path=_IT),  # leads on to the page that asks
    Probe(
        "metrics.drilldown_rows", "desk:requests", sight=Sight.LISTED, text="/requests/{number}/",
        query="figure=created&side=supplier&department=it&from=2020-01-01&to=2199-01-01&q={word}",
    ),
    Probe("everybody", "api:figures-definitions"),
    # The department as a whole is for whoever may see figures of other departments.
    Probe("metrics.cross_department_named", "api:figures-supplier", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-customer", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-series", query="figure=created&supplier=it"),
    Probe("metrics.cross_department_named", "api:figures-matrix", query="figure=resolution_kept"),
    # What one customer has in it is for the two departments, executives and auditors.
    Probe("metrics.own_dept_operational", "api:figures-supplier", path=_IT, query="customer=sales"),
]  # fmt: skip
