"""What ratings put into the mail: five links that each hold a score, and the one reminder.

SECURITY: a link opens a page with a button; following it changes nothing, so no mail scanner rates anything.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.ratings import services
from feedback.ratings.models import Invitation
from feedback.ratings.services import REMINDER
from feedback.ratings.states import HIGHEST, LOWEST, SCORES, InvitationState
from requests_app.catalogue.states import Privacy
from requests_app.desk.states import DELIVERED
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Choices, Letter, enclose_with, write_with

ENCLOSED_IN = ("request.delivered", "request.confirmed", "request.closed")


def score_links(mail: OutgoingMail) -> Choices | None:
    """One link for each score, with a token of its own mail; None when its reader is not to rate (any more)."""
    service_request = mail.service_request
    if service_request is None or mail.person_id != service_request.requester_id:
        return None
    invitation = services.invite_to_rate(request_id=service_request.pk)
    if invitation is None or invitation.state != InvitationState.OPEN:
        return None
    page = absolute(reverse("ratings:rate", args=[services.new_token(invitation)]))
    words = {LOWEST: _("1 poor"), HIGHEST: _("5 excellent")}
    return Choices(
        question=_("How was it? Choose, without signing in:"),
        links=tuple((words.get(score, str(score)), f"{page}?score={score}") for score in SCORES),
        note=_("These links are for you alone: who has them can rate in your name until %(until)s.")
        % {"until": moment(invitation.expires_at)},
    )


def write_reminder(mail: OutgoingMail) -> Letter | None:
    """Once, after some working days; None when it was rated meanwhile or cannot be any more."""
    invitation = Invitation.objects.select_related("service_request", "supplier").get(pk=mail.data["invitation"])
    choices = score_links(mail)
    if choices is None:
        return None
    service_request = invitation.service_request
    headline = _("How was it?")
    answer = _("Accept or send back") if service_request.status == DELIVERED else _("Open the request")
    said = _("%(supplier)s delivered this on %(at)s. Your rating shows them what to keep and what to change.")
    confidential = service_request.privacy == Privacy.CONFIDENTIAL
    return Letter(
        subject=headline if confidential else f"{headline} {service_request.title}",
        paragraphs=(said % {"supplier": invitation.supplier.name, "at": moment(invitation.delivered_at)},),
        link=absolute(reverse("desk:request", args=[service_request.number])),
        link_words=answer,
        choices=choices,
    )


def register() -> None:
    """Called once, while the apps start."""
    write_with(REMINDER, write_reminder)
    for kind in ENCLOSED_IN:
        enclose_with(kind, score_links)
