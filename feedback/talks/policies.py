"""Who reads, leads and writes at a talk: agents, heads and the invited of both departments; heads and deputies lead."""

from django.utils.translation import gettext as _

from feedback.talks.models import TalkSeries
from requests_app.agreements.states import Side
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def leads(person: Person, series: TalkSeries) -> bool:
    """Heads and deputies of either department."""
    return bool({series.supplier_id, series.customer_id} & standing(person).head_of)


def require_lead(person: Person, series: TalkSeries) -> None:
    if not leads(person, series):
        raise NotAllowed(
            _("Talks are planned and led by the heads of the two departments."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % _names(series),
        )


def can_arrange(person: Person, supplier: Department, customer: Department) -> bool:
    return bool({supplier.pk, customer.pk} & standing(person).head_of)


def require_arrange(person: Person, supplier: Department, customer: Department) -> None:
    if not can_arrange(person, supplier, customer):
        raise NotAllowed(
            _("Talks are planned and led by the heads of the two departments."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % {"one": supplier.name, "other": customer.name},
        )


def sides_of(person: Person, series: TalkSeries) -> list[Side]:
    """For whom the person speaks at these talks. Whoever only looks on speaks for nobody."""
    hats = standing(person)
    return [
        side
        for side, department in ((Side.SUPPLIER, series.supplier_id), (Side.CUSTOMER, series.customer_id))
        if department in hats.supplies_for or department in hats.member_of
    ]


def require_side(person: Person, series: TalkSeries, side: str) -> None:
    """Minutes are written by people of that side."""
    if side not in sides_of(person, series):
        department = series.supplier if side == Side.SUPPLIER else series.customer
        raise NotAllowed(
            _("Each side writes its own minutes."), needed=_("Ask somebody of %(name)s.") % {"name": department.name}
        )


def require_part(person: Person, series: TalkSeries) -> None:
    """Lines are added by people of either side."""
    if not sides_of(person, series):
        raise NotAllowed(
            _("Only the two departments write here."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % _names(series),
        )


def reads_ratings(person: Person, series: TalkSeries) -> bool:
    """Sums of ratings are for agents and heads of the two, executives and auditors, as on dashboards."""
    hats = standing(person)
    return bool({series.supplier_id, series.customer_id} & hats.supplies_for) or hats.is_auditor or hats.is_executive


def _names(series: TalkSeries) -> dict[str, str]:
    return {"one": series.supplier.name, "other": series.customer.name}
