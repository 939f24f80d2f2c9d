"""How reports and the scorecard are tried: each subject as a file, as a form for mails, over HTTP. It is about IT."""

from collections.abc import Iterator

from metrics.reports.models import ReportSubscription
from tests.security.probes import Names, Probe
from tests.security.world import World

_IT = {"slug": "it"}
_ASKED = {"rhythm": "monthly", "span": "7", "form": "pdf"}
_CHART = _IT | {"figure": "resolution_time"}
# Subject → (row of the matrix, its path); supplier and customer are tried with the figures.
SUBJECTS: dict[str, tuple[str, dict[str, str]]] = {
    "company": ("metrics.cross_department_named", {}),
    "benchmark": ("metrics.cross_department_named", {}),
    "company-passing": ("metrics.cross_department_named", {}),
    "passing": ("metrics.cross_department_named", _IT),
    "process": ("metrics.cross_department_named", _IT),
    "outlook": ("metrics.cross_department_named", _IT),
    "plans": ("metrics.cross_department_named", _IT),
    "company-plans": ("metrics.cross_department_named", {}),
    "chart": ("metrics.cross_department_named", _CHART),
    # All figures of the department and between two departments, as on those pages.
    "scorecard": ("relations.list", _IT),
    "relation": ("relation.read", _IT | {"other": "sales"}),
}


def is_asked(world: World, names: Names, letter: str) -> bool:
    return ReportSubscription.objects.filter(rhythm="monthly").exists()


def _probes() -> Iterator[Probe]:
    for key, (row, path) in SUBJECTS.items():
        yield Probe(row, f"reports:{key}", path=path | {"form": "csv"})
        yield Probe(row, f"reports:{key}_by_mail", path=path)
        yield Probe(row, f"reports:{key}_by_mail", "post", path, _ASKED, effect=is_asked)


REPORTS = [
    *_probes(),
    *(Probe("metrics.cross_department_named", route, path=_IT) for route in ("plans:department", "api:figures-plans")),
    *(Probe("metrics.cross_department_named", route) for route in ("plans:company", "api:figures-company-plans")),
    Probe("relations.list", "scorecard:department", path=_IT),
    Probe("relations.list", "api:figures-scorecard", path=_IT),
    Probe("metrics.cross_department_named", "api:report_file", query="subject=company&form=csv"),
]
