"""What the page of two departments shows: figures, open requests, agreements, and what upper packages add."""

from dataclasses import dataclass

from metrics.relations.selectors import Relation, relation_of, told
from requests_app.agreements.negotiation.selectors import Line, agreements_seen, lines_of
from requests_app.agreements.states import Stage
from requests_app.desk.selectors.between import Between, open_between
from requests_app.kernel.panels import Panel, panels_for
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

SHOWN = (Stage.DRAFT, Stage.PROPOSED, Stage.COUNTERED, Stage.SIGNED, Stage.IN_FORCE)


@dataclass(frozen=True)
class Promise:
    """What one department promises the other: the versions that matter now, or nothing of its own."""

    supplier: Department
    customer: Department
    lines: list[Line]
    may_propose: bool


@dataclass(frozen=True)
class RelationPage:
    relation: Relation
    filed: list[tuple[Department, int]]
    open: Between
    promises: list[Promise]
    panels: list[Panel]
    facts: list[Panel]


def relation_page(*, person: Person, one: Department, other: Department, choice: str = "") -> RelationPage:
    relation = relation_of(person=person, one=one, other=other, choice=choice)
    counts = told(relation)
    return RelationPage(
        relation=relation,
        filed=[(department, counts[department.slug]) for department in (one, other)],
        open=open_between(person, one, other),
        promises=_promises(person, relation),
        panels=panels_for("relation", person=person, one=one, other=other),
        facts=panels_for("relation facts", person=person, one=one, other=other),
    )


def _promises(person: Person, relation: Relation) -> list[Promise]:
    leads = standing(person).head_of
    ids = (relation.one.pk, relation.other.pk)
    rows = list(agreements_seen(person).filter(customer__in=ids, supplier__in=ids))
    lines = [line for line in lines_of(rows, person) if line.stage in SHOWN]
    return [
        Promise(
            supplier,
            customer,
            [line for line in lines if line.agreement.supplier_id == supplier.pk],
            may_propose=bool({supplier.pk, customer.pk} & leads),
        )
        for supplier, customer in relation.pairs
    ]
