"""Mail about proposed causes: to administrators that one waits, to who proposed it what became of it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.causes import twig_of
from feedback.actions.models import Cause
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS
from requests_app.org.models import Person
from requests_app.org.selectors import names_of

PROPOSED, ACCEPTED, MERGED, REFUSED = KINDS = ("cause.proposed", "cause.accepted", "cause.merged", "cause.refused")


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news, but whoever caused it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.at >= oldest
        for person_id in _readers(event)
        if person_id != event.actor_id
    )


def _readers(event: Event) -> list[int]:
    if event.kind != PROPOSED:
        return [event.data["person"]]
    return list(Person.objects.filter(is_admin=True, is_active=True).order_by("pk").values_list("pk", flat=True))


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is not for its reader any more, or when a proposal was decided on meanwhile."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Cause.objects.visible_to(mail.person).select_related("parent__parent__parent", "merged_into")
    cause = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or cause is None or (event.kind == PROPOSED and not cause.is_proposed):
        return None
    who = names_of([event.actor_id]).get(event.actor_id or 0, "")
    return Letter(
        subject=f"{_headline(event.kind)}: {event.data['name']}",
        paragraphs=(_said(event.kind, cause),),
        quote=event.data.get("reason", ""),
        facts=((_("Cause"), twig_of(cause).path), *([(_("By"), who)] if who else [])),
        link=absolute(reverse("settings:cause", args=[cause.pk])),
        link_words=_("Open the cause"),
    )


def _headline(kind: str) -> str:
    return {
        PROPOSED: _("A cause is proposed"),
        ACCEPTED: _("Your cause is in the tree"),
        MERGED: _("Your cause is one that was there"),
        REFUSED: _("Your cause was not taken"),
    }[kind]


def _said(kind: str, cause: Cause) -> str:
    if kind == MERGED:
        return _("It is now sorted under “%(cause)s”.") % {
            "cause": cause.merged_into.words if cause.merged_into else ""
        }
    return {
        PROPOSED: _("Somebody found it missing in the tree. Take it in, merge it into another, or say why not."),
        ACCEPTED: _("All corrective actions can choose it from now on."),
        REFUSED: _("What was sorted under it stands under the cause above it now."),
    }[kind]


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
