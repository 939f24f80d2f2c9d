"""How the relations of a department, targets of figures and exports of facts are tried. The department is IT, its customer Sales."""

from metrics.exports.models import FactExport
from metrics.rollups.models import FigureTarget
from tests.security.probes import Names, Probe
from tests.security.world import World

_IT = {"slug": "it"}
_PAIR = {"one": "it", "other": "sales"}
_SHARE = {"do": "save", "resolution_kept": "88"}


def is_set(world: World, names: Names, letter: str) -> bool:
    return FigureTarget.objects.filter(department_id=world.company.it.pk, figure="resolution_kept", value=0.88).exists()


_DAYS = {"department": "it", "side": "supplier", "from": "2026-01-01", "to": "2026-01-31"}
_FORM = {"department": "it", "side": "supplier", "first": "2026-01-01", "last": "2026-01-31"}
_EXPORT = {"pk": "{export}"}


def is_asked(world: World, names: Names, letter: str) -> bool:
    return FactExport.objects.filter(last="2026-01-31").exists()


COMPANY = [
    # Wall checks that were asked of people: who reads figures of the company, and the results of the survey.
    Probe("metrics.cross_department_named", "api:figures-wall_checks"),
    Probe("wall_check.read", "api:figures-wall_check", path={"pk": "{wall_check}"}),
    Probe("relations.list", "relations:list", path=_IT),
    Probe("relations.list", "api:figures-relations", path=_IT),
    Probe("relation.read", "api:figures-relation", path=_PAIR),
    Probe("settings.open", "settings:figure_targets"),
    Probe("sla_policy.edit", "settings:figure_targets", query="department=it"),
    Probe("sla_policy.edit", "settings:figure_targets", "post", {}, _SHARE, query="department=it", effect=is_set),
    Probe("everybody", "api:figures-targets", query="department=it"),
    Probe("sla_policy.edit", "api:figures-targets", "put", {},
          {"department": "it", "targets": {"resolution_kept": 0.88}}, effect=is_set),
    Probe("export.ask", "exports:list", "post", {}, _FORM, effect=is_asked, refusals=(403, 400)),
    Probe("export.open", "exports:list"),
    Probe("everybody", "api:exports"),
    Probe("export.ask", "api:exports", "post", {}, _DAYS, effect=is_asked),
    *(Probe("report.own", route, path=_EXPORT) for route in ("api:export", "api:export-content", "exports:content")),
]  # fmt: skip
