"""Mail about improvement plans: to the heads when one can be judged, to them and its owner when an action is late."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.improvement.models import Improvement, ImprovementAction
from metrics.improvement.policies import can_read
from metrics.improvement.states import CHANGEABLE, RUNNING
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

RIPE, LATE = KINDS = ("improvement.ripe", "improvement.action_late")


def queue_letters(events: list[Event]) -> None:
    """One mail for each reader and event; safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.at >= oldest
        for person_id in sorted(_readers(event))
    )


def _readers(event: Event) -> set[int]:
    heads = set(heads_of(event.data["department"]))
    return heads if event.kind == RIPE else heads | {event.data["owner"]}


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when nothing is to do any more, or when its reader may not read the plan."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Improvement.objects.select_related("department", "other")
    row = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or row is None or not can_read(mail.person, row):
        return None
    found = _ripe(row) if event.kind == RIPE else _late(event, row)
    if found is None:
        return None
    subject, paragraphs, facts = found
    return Letter(
        subject=subject,
        paragraphs=paragraphs,
        facts=facts,
        link=absolute(reverse("improvement:page", args=[row.pk])),
        link_words=_("Open the plan"),
    )


Parts = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]


def _ripe(row: Improvement) -> Parts | None:
    if row.state != RUNNING:
        return None
    words = _("There are weeks enough: the head of %(name)s judges it.") % {"name": row.department.name}
    return _("Ready to be judged: %(plan)s") % {"plan": row.name}, (words,), ((_("Improvement"), row.name),)


def _late(event: Event, row: Improvement) -> Parts | None:
    action = ImprovementAction.objects.select_related("owner").filter(pk=event.data["action"]).first()
    if action is None or action.done_on or action.due_on.isoformat() != event.data["due_on"]:
        return None
    if row.state not in CHANGEABLE:
        return None
    facts = ((_("Improvement"), row.name), (_("Who"), action.owner.name), (_("Due"), day(action.due_on)))
    words = _("%(who)s wanted to carry it out by %(day)s.") % {"who": action.owner.name, "day": day(action.due_on)}
    more = _("Say on the plan that it is done, or by which other day it will be.")
    return _("Overdue: %(what)s") % {"what": action.what}, (words, more), facts


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
