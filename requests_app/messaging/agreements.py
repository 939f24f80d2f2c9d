"""Mail about agreements: to the heads of the side that has to answer, or has to know."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement
from requests_app.agreements.states import Life, Side
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.org.selectors import names_of

KINDS = (
    "agreement.proposed",
    "agreement.countered",
    "agreement.signed",
    "agreement.withdrawn",
    "agreement.ended",
    "agreement.expiring",
)


def queue_agreement_notices(events: list[Event]) -> None:
    """A mail for every head of the departments concerned but whoever acted. Safe to run twice."""
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        for person_id in _readers(event)
    )


def _readers(event: Event) -> Iterable[int]:
    found = {*heads_of(event.data["customer"]), *heads_of(event.data["supplier"])}
    return sorted(found - {event.actor_id})


def write_agreement_notice(mail: OutgoingMail) -> Letter | None:
    """None for a proposal that has been answered since."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Agreement.objects.select_related("customer", "supplier", "service")
    agreement = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or agreement is None or not _is_news(event, agreement):
        return None
    who = names_of([event.actor_id]).get(event.actor_id or 0, "")
    parties = _("%(supplier)s for %(customer)s") % {"supplier": agreement.supplier, "customer": agreement.customer}
    headline, said = _words(event, agreement, who)
    facts = [(_("Service"), agreement.service.name)] if agreement.service else []
    if agreement.life == Life.SIGNED and agreement.valid_to:
        facts.append((_("Until"), moment(agreement.valid_to)))
    return Letter(
        subject=f"{headline}: {parties}",
        paragraphs=(said,),
        quote=event.data.get("note", ""),
        facts=tuple(facts),
        link=absolute(reverse("agreements:agreement", args=[agreement.pk])),
        link_words=_("Open the agreement"),
    )


def _is_news(event: Event, agreement: Agreement) -> bool:
    if event.kind in ("agreement.proposed", "agreement.countered"):
        return agreement.life == Life.PROPOSED and agreement.round == event.data["round"]
    return True


def _words(event: Event, agreement: Agreement, who: str) -> tuple[str, str]:
    """The headline and the sentence."""
    turn = Side(agreement.proposed_by).other if agreement.proposed_by else Side.CUSTOMER
    names = {"who": who, "side": agreement.customer if turn == Side.CUSTOMER else agreement.supplier}
    words = {
        "agreement.proposed": (
            _("Agreement proposed"),
            _("%(who)s proposed an agreement and signed it. The head of %(side)s signs it or answers."),
        ),
        "agreement.countered": (
            _("Counter-proposal"),
            _("%(who)s answered with other terms and signed them. The head of %(side)s signs them or answers."),
        ),
        "agreement.signed": (_("Agreement signed"), _("%(who)s signed. Both sides have signed now.")),
        "agreement.withdrawn": (_("Off the table"), _("%(who)s took the proposal off the table.")),
        "agreement.ended": (_("Agreement ended"), _("%(who)s ended the agreement.")),
        "agreement.expiring": (_("Agreement ends soon"), _("Propose a new version, or what is less specific holds.")),
    }
    headline, said = words[event.kind]
    return headline, said % names
