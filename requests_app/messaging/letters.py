"""The words of each notice. A writer answers None when its news is no news any more.

SECURITY: the title of a confidential request, and everything written on it, stays on the page; its mail
says only the number and who is to do what.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from requests_app.agreements.states import Measure, Step
from requests_app.desk.models import Handoff
from requests_app.desk.policies import reopen_days
from requests_app.desk.states import DELIVERED, ENDED, HandoffState
from requests_app.messaging import selectors
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter
from requests_app.messaging.selectors import Case

LONGEST_QUOTE = 2000
Fact = tuple[str, str]


def absolute(path: str) -> str:
    """The path as it can be followed from a mail."""
    return f"{settings.PUBLIC_URL}{path}"


def moment(at: datetime) -> str:
    """An instant in the zone and language now active (the reader's)."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'D j M Y, H:i')} {local.tzname()}"


def letter(
    case: Case, headline: str, *said: str, quote: str = "", facts: tuple[Fact, ...] = (), link: str = ""
) -> Letter:
    """The letter of this case; of a confidential request nothing that was written on it."""
    service_request = case.service_request
    subject = f"{headline}: {service_request.title}"
    if case.confidential:
        said = (*said, _("This request is confidential, so its text is only on the page."))
        subject, quote, facts = headline, "", ()
    return Letter(
        subject=subject,
        paragraphs=said,
        quote=Truncator(quote.strip()).chars(LONGEST_QUOTE),
        facts=tuple(fact for fact in facts if fact[1]),
        link=absolute(reverse("desk:request", args=[service_request.number])),
        link_words=link or _("Open the request"),
    )


def names(case: Case) -> dict[str, str]:
    return {
        "supplier": case.service_request.supplier.name,
        "customer": case.service_request.customer.name,
        "actor": case.actor,
    }


def filed(case: Case) -> Letter | None:
    due = selectors.due_times(case.service_request)
    if case.event.actor_id == case.service_request.requester_id:
        said = _("Your request is with %(supplier)s.") % names(case)
    else:
        said = _("%(actor)s filed this request for you. It is with %(supplier)s.") % names(case)
    labels = {Measure.RESPONSE: _("First answer by"), Measure.RESOLUTION: _("Delivery by")}
    facts = tuple((label, moment(at)) for measure, label in labels.items() if (at := due.get(measure)))
    return letter(case, _("Filed"), said, facts=facts)


def assigned(case: Case) -> Letter | None:
    service_request = case.service_request
    if service_request.assignee_id != case.event.data.get("assignee") or service_request.status in ENDED:
        return None
    facts = ((_("Due"), moment(service_request.due_at)),) if service_request.due_at else ()
    said = _("%(actor)s gave you this request from %(customer)s.") % names(case)
    return letter(case, _("Assigned to you"), said, facts=facts)


def public_reply(case: Case) -> Letter | None:
    by_supplier = case.event.data.get("side") == "supplier"
    said = _("%(actor)s from %(supplier)s wrote:") if by_supplier else _("%(actor)s from %(customer)s wrote:")
    quote = selectors.public_words(case.event.data["message"])
    return letter(case, _("Answer"), said % names(case), quote=quote, link=_("Answer on the page"))


def delivered(case: Case) -> Letter | None:
    service_request = case.service_request
    if service_request.status != DELIVERED:
        return None
    said = [_("%(supplier)s delivered. Have a look, then accept it or say what would put it right.") % names(case)]
    if service_request.acceptance_due_at:
        due = moment(service_request.acceptance_due_at)
        said.append(_("Without an answer it counts as accepted on %(due)s.") % {"due": due})
    quote = case.event.data.get("note", "")
    return letter(case, _("Delivered"), *said, quote=quote, link=_("Accept or send back"))


def rejected(case: Case) -> Letter | None:
    said = _("%(actor)s from %(customer)s sent the delivery back.") % names(case)
    data = case.event.data
    facts = (
        (_("Agreed"), data.get("agreed", "")),
        (_("Received"), data.get("received", "")),
        (_("What would put it right"), data.get("remedy", "")),
    )
    return letter(case, _("Sent back"), said, facts=facts)


def declined(case: Case) -> Letter | None:
    said = _("%(supplier)s did not take this request on.") % names(case)
    return letter(case, _("Not taken on"), said, quote=case.event.data.get("reason", ""))


def confirmed(case: Case) -> Letter | None:
    said = _("%(actor)s accepted the delivery of %(supplier)s.") % names(case)
    return letter(case, pgettext("delivery", "Accepted"), said)


def closed(case: Case) -> Letter | None:
    said = _("The delivery of %(supplier)s was not answered in time, so it counts as accepted.") % names(case)
    remedy = _("If something is not right, open it again within %(days)s days.") % {
        "days": reopen_days(case.service_request)
    }
    return letter(case, _("Closed"), said, remedy)


def reopened(case: Case) -> Letter | None:
    said = _("%(actor)s opened this request again.") % names(case)
    return letter(case, _("Open again"), said, quote=case.event.data.get("reason", ""))


def cancelled(case: Case) -> Letter | None:
    said = _("%(actor)s from %(customer)s took the request back. Nothing more is to be done.") % names(case)
    return letter(case, _("Taken back"), said, quote=case.event.data.get("reason", ""))


def handoff_offered(case: Case) -> Letter | None:
    handoff = _handoff(case)
    if handoff is None or handoff.state != HandoffState.OFFERED:
        return None
    said = _("%(sender)s asks %(receiver)s to take this request over. Until you answer, it stays with %(sender)s.") % {
        "sender": handoff.sender.name, "receiver": handoff.receiver.name,
    }  # fmt: skip
    return letter(case, _("Offered to you"), said, quote=handoff.reason, link=_("Take it over or give it back"))


def handoff_declined(case: Case) -> Letter | None:
    handoff = _handoff(case)
    if handoff is None:
        return None
    said = _("%(receiver)s gave this request back. It stays with %(sender)s.") % {
        "sender": handoff.sender.name, "receiver": handoff.receiver.name,
    }  # fmt: skip
    return letter(case, _("Given back"), said, quote=handoff.answer)


def _handoff(case: Case) -> Handoff | None:
    rows = Handoff.objects.select_related("sender", "receiver")
    return rows.filter(pk=case.event.data.get("handoff")).first()


def escalated(case: Case) -> Letter | None:
    """A step that was agreed on; no news once the request has ended or was delivered."""
    service_request, data = case.service_request, case.event.data
    if service_request.status in ENDED or service_request.status == DELIVERED:
        return None
    facts = ((_("Due"), moment(service_request.due_at)),) if service_request.due_at else ()
    measure = {"measure": Measure(data["measure"]).label, "percent": data["percent"]}
    said = [_("%(percent)s %% of the time for this are used: %(measure)s.") % measure]
    if data["step"] == Step.RAISE:
        said.append(_("Its priority was raised, as agreed."))
    if data["step"] == Step.UNASSIGN:
        said.append(_("It is back in the queue, as agreed."))
    if data["step"] == Step.ACTION:
        said.append(_("A corrective action is opened for it, as agreed."))
    return letter(case, _("Time runs out"), *said, facts=facts)


NOTICES: dict[str, Callable[[Case], Letter | None]] = {
    "request.filed": filed,
    "request.assigned": assigned,
    "request.delivered": delivered,
    "request.rejected": rejected,
    "request.declined": declined,
    "request.confirmed": confirmed,
    "request.closed": closed,
    "request.reopened": reopened,
    "request.cancelled": cancelled,
    "handoff.offered": handoff_offered,
    "handoff.declined": handoff_declined,
    "message.public": public_reply,
    "clock.escalated": escalated,
}


def write_notice(mail: OutgoingMail) -> Letter | None:
    """The letter about an event; None when the reader may not see it, or it is no news any more."""
    case = selectors.case_of(mail)
    return NOTICES[mail.kind](case) if case else None
