"""Who drafts, answers, signs and reads agreements between two departments."""

from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Side
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def sides_of(person: Person, agreement: Agreement) -> list[Side]:
    """The sides for which this person may speak: those whose department they head."""
    leads = standing(person).head_of
    parties = {Side.CUSTOMER: agreement.customer_id, Side.SUPPLIER: agreement.supplier_id}
    return [side for side, department in parties.items() if department in leads]


def can_draft(person: Person, customer_id: int | None, supplier_id: int | None) -> bool:
    leads = standing(person).head_of
    return customer_id in leads or supplier_id in leads


def require_side(person: Person, agreement: Agreement, *wanted: Side) -> Side:
    """The side for which the person speaks now; NotAllowed when it is not one of those wanted."""
    for side in sides_of(person, agreement):
        if side in wanted:
            return side
    departments = {Side.CUSTOMER: agreement.customer, Side.SUPPLIER: agreement.supplier}
    names = _(" or ").join(str(departments[side]) for side in wanted)
    raise NotAllowed(
        _("Only the head of %(names)s does this.") % {"names": names},
        needed=_("Ask the head of %(names)s.") % {"names": names},
    )


def can_end(person: Person, agreement: Agreement) -> bool:
    return standing(person).is_admin or bool(sides_of(person, agreement))
