"""Who reads agreements, and who changes targets and matrices."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Life, Side
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def visible(person: Person, rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """What is signed everybody inside reads; proposals both heads; a draft only the head who writes it.

    Administrators, executives and auditors read all but drafts of others. Partners read what concerns their own.
    """
    hats = standing(person)
    signed = Q(life=Life.SIGNED)
    if hats.is_partner:
        signed &= Q(customer=None) | Q(customer__in=hats.member_of) | Q(supplier__in=hats.member_of)
    own = Q(customer__in=hats.head_of) | Q(supplier__in=hats.head_of)
    drafts = Q(life=Life.DRAFT) & (
        Q(proposed_by=Side.CUSTOMER, customer__in=hats.head_of)
        | Q(proposed_by=Side.SUPPLIER, supplier__in=hats.head_of)
    )
    proposals = Q(life__in=[Life.PROPOSED, Life.WITHDRAWN]) & own
    if hats.is_admin or hats.is_executive or hats.is_auditor:
        proposals = Q(life__in=[Life.PROPOSED, Life.WITHDRAWN])
    return rows.filter(signed | drafts | proposals)


def can_edit_targets(person: Person, supplier_id: int | None) -> bool:
    """sla_policy.edit: admins everything; heads the defaults of their own department as supplier."""
    hats = standing(person)
    return hats.is_admin or (supplier_id is not None and supplier_id in hats.head_of)


def require_edit_targets(person: Person, supplier_id: int | None) -> None:
    if not can_edit_targets(person, supplier_id):
        raise NotAllowed(
            _("Only the head of the supplying department or an administrator sets its targets."),
            needed=_("Ask the head of the supplying department or one of the administrators."),
        )
