"""The four plans of a department, and of all of them."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from metrics.plans.selectors import Met, company_plans, department_plans
from metrics.plans.states import COMPLETENESS, COVERAGE, DONE_WHEN, Coverage, Plan
from metrics.reports.states import Amount, Asked, Cell, Report, Table


def of_plans(asked: Asked) -> Report:
    page = department_plans(person=asked.person, slug=asked.slug, now=asked.now)
    plans: list[list[Cell]] = [[str(plan.label), _("done") if done else _("not yet")] for plan, done in page.plans]
    shares: list[list[Cell]] = [
        [_("Completeness"), Amount(page.standing.completeness, "share"), page.standing.count, len(Plan)],
        [_("Customers met"), *_share(page.standing.customers)],
        [_("Suppliers met"), *_share(page.standing.suppliers)],
    ]
    return Report(
        name=f"{page.department.slug}-plans",
        title=_("The four plans: %(name)s") % {"name": page.department.name},
        lead=_("The talks of the last twelve months"),
        as_of=page.as_of,
        tables=[
            Table(_("Completeness and coverage"), [_("Figure"), _("Value"), _("How many"), "n"], shares),
            Table(_("The four plans"), [_("Plan"), _("State")], plans),
            Table(_("Customers met"), [_("Customer"), _("State")], _met(page.customers)),
            Table(_("Suppliers met"), [_("Supplier"), _("State")], _met(page.suppliers)),
            _how(),
        ],
    )


def of_company_plans(asked: Asked) -> Report:
    page = company_plans(person=asked.person, now=asked.now)
    rows: list[list[Cell]] = [
        [line.department.name, *(_("done") if done else _("not yet") for done in line.plans),
         Amount(line.standing.completeness, "share"), _said(line.standing.customers), _said(line.standing.suppliers)]
        for line in page.lines
    ]  # fmt: skip
    plans = [str(plan.label) for plan in Plan]
    head = [_("Department"), *plans, _("Completeness"), _("Customers met"), _("Suppliers met")]
    return Report(
        name="company-plans",
        title=_("The four plans of all departments"),
        lead=_("The talks of the last twelve months"),
        as_of=page.as_of,
        tables=[Table(_("The four plans"), head, rows), _how()],
    )


def _share(found: Coverage) -> list[Cell]:
    return [Amount(found.share, "share"), found.count, found.n]


def _said(found: Coverage) -> str:
    return f"{found.count} / {found.n}" if found.n else _("nobody to meet")


def _met(rows: Iterable[Met]) -> Sequence[Sequence[Cell]]:
    return [[row.department.name, _("met") if row.is_met else _("not yet")] for row in rows]


def _how() -> Table:
    rows: list[list[Cell]] = [[_("Completeness"), str(COMPLETENESS)], [_("Coverage"), str(COVERAGE)]]
    return Table(_("How it is counted"), [_("Figure"), _("Definition")],
                 [*rows, *([str(plan.label), str(DONE_WHEN[plan])] for plan in Plan)])  # fmt: skip
