"""Who replays an agreement: the heads of its two sides, administrators and executives."""

from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.policies import sides_of
from requests_app.agreements.states import Life, Side
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def can_replay(person: Person, agreement: Agreement) -> bool:
    hats = standing(person)
    return hats.is_admin or hats.is_executive or bool(sides_of(person, agreement))


def can_take_over(person: Person, agreement: Agreement) -> bool:
    """Whether suggested targets can become this person's next text: of a draft, an answer, or a new version."""
    sides = sides_of(person, agreement)
    if agreement.life == Life.SIGNED:
        return bool(sides)
    if agreement.life == Life.DRAFT:
        return agreement.proposed_by in sides
    return agreement.life == Life.PROPOSED and Side(agreement.proposed_by).other in sides


def require_replay(person: Person, agreement: Agreement) -> None:
    if not can_replay(person, agreement):
        raise NotAllowed(
            _("What an agreement would have come to is for the heads of its two sides and for executives."),
            needed=_("Ask the head of %(one)s or of %(other)s.")
            % {"one": agreement.customer, "other": agreement.supplier},
        )
