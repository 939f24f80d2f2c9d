"""What reports are about: one entry for each page of figures makes it a file and a mail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.reports.states import OF_COMPANY, Asked, Report
from metrics.reports.subjects.company import of_company
from metrics.reports.subjects.comparing import NARROWED, of_benchmark, of_chart, of_relation
from metrics.reports.subjects.department import of_customer, of_supplier
from metrics.reports.subjects.paths import PROCESS, of_outlook, of_passing, of_passing_in_company, of_process
from metrics.reports.subjects.plans import of_company_plans, of_plans
from metrics.reports.subjects.scorecard import of_scorecard
from metrics.rollups.definitions import DEFINITIONS

DEPARTMENT = "departments/<slug:slug>/"


@dataclass(frozen=True)
class Subject:
    """`path` is where the page lies, its files and the form for mails lie below it; `page` is its name.

    `parts` are what its path holds besides the department, `asks` further parameters; both reach `build` by name.
    """

    key: str
    path: str
    page: str
    build: Callable[[Asked], Report]
    words: Promise | str  # with %(name)s for the department, %(figure)s and %(other)s where it has them
    parts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    timeless: bool = False  # its days are not chosen

    @property
    def of_department(self) -> bool:
        return self.key not in OF_COMPANY

    @property
    def takes(self) -> tuple[str, ...]:
        return (*self.parts, *self.asks)

    def title(self, name: str, more: Mapping[str, str]) -> str:
        """What it is called in a list."""
        figure = DEFINITIONS.get(more.get("figure", ""))
        said = {"name": name, "other": more.get("other", ""), "figure": figure.label if figure else ""}
        words = str(self.words) % said
        return words.removesuffix(": ")

    def address(self, slug: str, more: Mapping[str, str], span: str) -> str:
        parts = [more.get(part, "") for part in self.parts]
        asked = {"period": span} | {name: more[name] for name in self.asks if more.get(name)}
        return reverse(self.page, args=[*([slug] if slug else []), *parts]) + f"?{urlencode(asked)}"


_ALL = [
    Subject("supplier", f"{DEPARTMENT}as-supplier/", "dashboards:supplier", of_supplier, _("%(name)s as supplier")),
    Subject("customer", f"{DEPARTMENT}as-customer/", "dashboards:customer", of_customer, _("%(name)s as customer")),
    Subject("scorecard", f"{DEPARTMENT}scorecard/", "scorecard:department", of_scorecard, _("Scorecard: %(name)s")),
    Subject("plans", f"{DEPARTMENT}plans/", "plans:department", of_plans, _("The four plans: %(name)s"), timeless=True),
    Subject("company-plans", "company/plans/", "plans:company", of_company_plans,
            _("The four plans of all departments"), timeless=True),
    Subject("company", "company/", "dashboards:company", of_company, _("Company: %(figure)s"), asks=("figure",)),
    Subject("benchmark", "company/benchmark/", "benchmark:benchmark", of_benchmark,
            _("Departments compared: %(figure)s"), asks=NARROWED),
    Subject("passing", f"{DEPARTMENT}passing/", "passing:department", of_passing, _("Passing on at %(name)s")),
    Subject("company-passing", "company/passing/", "passing:company", of_passing_in_company,
            _("Passing on in the company")),
    Subject("process", f"{DEPARTMENT}process/", "process:department", of_process, _("Paths of requests: %(name)s"),
            asks=PROCESS),
    Subject("outlook", f"{DEPARTMENT}outlook/", "forecast:outlook", of_outlook, _("What %(name)s can expect"),
            timeless=True),
    Subject("relation", "relations/<slug:slug>/<slug:other>/", "relation", of_relation, _("%(name)s and %(other)s"),
            parts=("other",)),
    Subject("chart", f"{DEPARTMENT}charts/<slug:figure>/", "charts:chart", of_chart, _("%(figure)s: %(name)s"),
            parts=("figure",), asks=("side", "other", "service", "weeks"), timeless=True),
]  # fmt: skip
SUBJECTS = {subject.key: subject for subject in _ALL}
TAKEN = sorted({name for subject in _ALL for name in subject.takes})
