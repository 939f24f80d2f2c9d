"""How each address of figures is tried. The department is IT, the request's supplier; its customer is Sales."""

from metrics.reports.models import ReportSubscription
from tests.security.probes import Names, Probe, Sight
from tests.security.world import World

_IT = {"slug": "it"}
_ASKED = {"rhythm": "monthly", "span": "7", "form": "pdf"}


def is_asked(world: World, names: Names, letter: str) -> bool:
    return ReportSubscription.objects.filter(rhythm="monthly", span="7").exists()


def is_stopped(world: World, names: Names, letter: str) -> bool:
    return not ReportSubscription.objects.filter(pk=names["report"]).exists()


FIGURES = [
    Probe("metrics.cross_department_named", "dashboards:company"),
    Probe("metrics.cross_department_named", "dashboards:supplier", path=_IT),
    Probe("metrics.cross_department_named", "dashboards:customer", path=_IT),
    Probe("metrics.cross_department_named", "figures:department", path=_IT),
    Probe("relations.list", "figures:department", path=_IT, query="need_type=technical"),
    # Between two departments: as the figures of each are for its own.
    Probe("relation.read", "relation", path={"one": "it", "other": "sales"}),
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
    *(
        Probe("metrics.cross_department_named", f"reports:{name}", path=_IT | form)
        for side in ("supplier", "customer")
        for name, form in ((side, {"form": "csv"}), (f"{side}_by_mail", {}))
    ),
    Probe("metrics.cross_department_named", "reports:supplier_by_mail", "post", _IT, _ASKED, effect=is_asked),
    Probe("metrics.cross_department_named", "reports:customer_by_mail", "post", _IT, _ASKED, effect=is_asked),
    Probe("metrics.cross_department_named", "api:report_supplier", path=_IT, query="form=csv"),
    Probe("metrics.cross_department_named", "api:report_customer", path=_IT, query="form=csv"),
    Probe("everybody", "api:reports"),
    Probe("metrics.cross_department_named", "api:reports", "post", {}, _ASKED | {"department": "it", "subject": "customer"},
          effect=is_asked),
    Probe("report.own", "reports:stop", "post", {"pk": "{report}"}, {}, effect=is_stopped),
    Probe("report.own", "api:report", "delete", {"pk": "{report}"}, effect=is_stopped),
    # What one customer has in it is for the two departments, executives and auditors.
    Probe("metrics.own_dept_operational", "api:figures-supplier", path=_IT, query="customer=sales"),
]  # fmt: skip
