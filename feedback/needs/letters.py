"""Mail about needs: to the heads of the board, to who carries one out, and to who proposed it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.needs.models import Need
from feedback.needs.selectors import next_step
from feedback.needs.states import DECIDED
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

TO_OWNER = frozenset({"need.decided", "need.reopened", "need.overdue"})
TO_PROPOSER = frozenset({"need.decided", "need.carried_out", "need.evaluated", "need.reopened", "need.set_aside"})
KINDS = ("need.proposed", "need.decided", "need.carried_out", "need.evaluated", "need.reopened", "need.set_aside",
         "need.overdue")  # fmt: skip


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news, but whoever caused it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    needs = Need.objects.in_bulk({event.subject_id for event in events})
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.subject_id in needs
        for person_id in _readers(event, needs[event.subject_id])
    )


def _readers(event: Event, need: Need) -> list[int]:
    found: set[int] = set()
    if event.kind == "need.proposed":
        found |= set(heads_of(need.department_id))
    if event.kind in TO_OWNER and need.owner_id:
        found.add(need.owner_id)
    if event.kind in TO_PROPOSER:
        found.add(need.proposed_by_id)
    return sorted(found - {event.actor_id})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read it (any more)."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Need.objects.visible_to(mail.person).select_related("department", "owner")
    need = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or need is None:
        return None
    facts = ((_("Due"), day(need.due_on)),) if need.due_on and need.state == DECIDED else ()
    return Letter(
        subject=f"{_headline(event.kind)}: {need.department.name}",
        paragraphs=tuple(text for text in (need.title, next_step(need)) if text),
        quote=event.data.get("note", ""),
        facts=facts,
        link=absolute(reverse("needs:need", args=[need.pk])),
        link_words=_("Open it"),
    )


def _headline(kind: str) -> str:
    return {
        "need.proposed": _("A need was proposed"),
        "need.decided": _("A solution was decided on"),
        "need.carried_out": _("A need was carried out"),
        "need.evaluated": _("The effect was evaluated"),
        "need.reopened": _("It is still needed"),
        "need.set_aside": _("A need was set aside"),
        "need.overdue": _("The day it was planned for has passed"),
    }[kind]


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
