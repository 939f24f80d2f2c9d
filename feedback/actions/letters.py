"""Mail about corrective actions: to whoever has the next step, and to both heads when it comes back or is late."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.actions.effect import VERDICT_WORDS
from feedback.actions.models import CorrectiveAction
from feedback.actions.selectors import next_step
from feedback.actions.states import DONE, DUE_WORDS, ENDED, OVERDUE_AFTER, PLANNED, VERIFIED
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS
from requests_app.org.selectors import names_of

SUPPLIER, CUSTOMER, OWNER = "supplier", "customer", "owner"
READERS = {
    "action.opened": (SUPPLIER,),
    "action.planned": (OWNER, CUSTOMER),
    "action.done": (CUSTOMER,),
    "action.sent_back": (OWNER, SUPPLIER),
    "action.verified": (OWNER, SUPPLIER),
    "action.closed": (SUPPLIER,),
    "action.reopened": (SUPPLIER, CUSTOMER),
    "action.cancelled": (CUSTOMER,),
    "action.overdue": (),  # by the step that is late, see _told_late
    "action.check_due": (CUSTOMER,),
}
KINDS = tuple(READERS)


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news, but whoever caused it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    actions = CorrectiveAction.objects.in_bulk({event.subject_id for event in events})
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.subject_id in actions
        for person_id in _readers(event, actions[event.subject_id])
    )


def _readers(event: Event, action: CorrectiveAction) -> Iterable[int]:
    people: set[int] = set()
    for reader in _told_late(event) if event.kind == "action.overdue" else READERS[event.kind]:
        if reader == OWNER:
            people |= {action.owner_id} if action.owner_id else set()
        else:
            people |= set(heads_of(event.data[reader]))
    return sorted(people - {event.actor_id})


def _told_late(event: Event) -> tuple[str, ...]:
    """First whoever has the step, from the second level on both sides; a plan that is late at once."""
    state = event.data.get("state", PLANNED)
    if state == PLANNED:
        return (OWNER, SUPPLIER, CUSTOMER)
    if event.data.get("level", 1) > 1:
        return (SUPPLIER, CUSTOMER)
    return (CUSTOMER,) if state in (DONE, VERIFIED) else (SUPPLIER,)


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read the action any more, or when it has ended since."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = CorrectiveAction.objects.visible_to(mail.person).select_related("supplier", "customer", "owner", "service")
    action = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or action is None or (action.state in ENDED and event.kind not in _FINAL):
        return None
    who = names_of([event.actor_id]).get(event.actor_id or 0, "") if event.actor_id else ""
    facts = [(_("Who for whom"), _("%(supplier)s for %(customer)s") % _parties(action))]
    if action.next_due_on:
        facts.append((str(DUE_WORDS[action.state]), day(action.next_due_on)))
    if who:
        facts.append((_("By"), who))
    return Letter(
        subject=f"{_headline(event.kind)}: {action.title}",
        paragraphs=(_said(event), next_step(action, timezone.localdate(event.at))),
        quote=event.data.get("note", ""),
        facts=tuple(facts),
        link=absolute(reverse("actions:action", args=[action.pk])),
        link_words=_("Open the corrective action"),
    )


_FINAL = ("action.closed", "action.cancelled")


def _parties(action: CorrectiveAction) -> dict[str, str]:
    return {"supplier": action.supplier.name, "customer": action.customer.name}


def _headline(kind: str) -> str:
    return {
        "action.opened": _("Corrective action opened"),
        "action.planned": _("Corrective action planned"),
        "action.done": _("Corrective action done"),
        "action.sent_back": _("Corrective action sent back"),
        "action.verified": _("Corrective action confirmed"),
        "action.closed": _("Corrective action closed"),
        "action.reopened": _("It came back"),
        "action.cancelled": _("Corrective action cancelled"),
        "action.overdue": _("Corrective action overdue"),
        "action.check_due": _("Did it last?"),
    }[kind]


def _said(event: Event) -> str:
    level = event.data.get("level", 1)
    if event.kind == "action.overdue" and level > 1:
        days = OVERDUE_AFTER[min(level, len(OVERDUE_AFTER)) - 1]
        return ngettext(
            "The day of this step passed more than %(n)s day ago.",
            "The day of this step passed more than %(n)s days ago.", days,
        ) % {"n": days}  # fmt: skip
    return {
        "action.opened": _("Something went wrong for a customer. It is to be put right so that it does not come back."),
        "action.planned": _("What is done about it, by whom and until when is settled."),
        "action.done": _("The supplier says that it is done. Whether it worked is for the customer to say."),
        "action.sent_back": _("For the customer it is not solved yet."),
        "action.verified": _("The customer confirmed that it worked. It is watched for a while."),
        "action.closed": _closing(event),
        "action.reopened": _("The same problem is there again. The corrective action begins anew."),
        "action.cancelled": _("It is not followed up."),
        "action.overdue": _("The day of this step has passed."),
        "action.check_due": _("The day has come to look whether it lasted."),
    }[event.kind]


def _closing(event: Event) -> str:
    lasted = _("The customer found that it lasted.")
    verdict = (event.data.get("effect") or {}).get("verdict")
    return f"{lasted} {VERDICT_WORDS[verdict]}" if verdict else lasted


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
