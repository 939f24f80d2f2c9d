"""The signed text of an agreement on paper."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import Seat, get_negotiated, seats_of
from requests_app.agreements.selectors import stage_of
from requests_app.agreements.states import Life
from requests_app.agreements.terms import Terms, clauses
from requests_app.kernel.formats import moment
from requests_app.kernel.pdf import typeset
from requests_app.org.models import Person


def signed_text(*, person: Person, pk: int) -> tuple[str, bytes]:
    """Its file name and the PDF, in the reader's language and zone. 404 for what is not signed or not to be read."""
    agreement = get_negotiated(person=person, pk=pk)
    if agreement.life != Life.SIGNED:
        raise Http404
    return f"agreement-{agreement.pk}-v{agreement.version}.pdf", typeset(
        "agreements/agreement.typ", content_of(agreement)
    )


def content_of(agreement: Agreement) -> dict[str, Any]:
    """What `templates/agreements/agreement.typ` prints, all of it words."""
    seats = seats_of(agreement)
    parties = {"supplier": str(agreement.supplier), "customer": str(agreement.customer)}
    title = _("%(supplier)s for %(customer)s") % parties
    if agreement.service:
        title = f"{title}: {agreement.service.name}"
    version = _("Version %(n)s") % {"n": agreement.version}
    return {
        "title": title,
        "author": ", ".join(seat.signature.person.name for seat in seats if seat.signature),
        "lead": f"{_('Agreement')} · {version} · {stage_of(agreement).label}",
        "foot": f"{title} · {version}",
        "terms": {
            "heading": _("What is agreed"),
            "head": [_("Term"), _("Agreed")],
            "rows": [[clause.label, clause.words] for clause in clauses(Terms.of(agreement))],
        },
        "signatures": {"heading": _("Signatures"), "seats": [_seat(seat) for seat in seats]},
        "digest": {
            "words": _("SHA-256 of the parties and terms that both have signed, the same for both:"),
            "value": next((seat.signature.digest for seat in seats if seat.signature), ""),
        },
    }


def _seat(seat: Seat) -> dict[str, str]:
    signature = seat.signature
    return {
        "side": str(seat.side.label),
        "department": str(seat.department),
        "person": signature.person.name if signature else _("not signed yet"),
        "at": moment(signature.at, style="date").exact if signature else "",
    }
