"""The invitation to a campaign and its one reminder. Neither knows what, or of anonymous ones when, was answered."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.surveys.models import Campaign, SurveyInvitation
from feedback.surveys.rhythm import today_of
from feedback.surveys.states import OPEN
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

KINDS = ("campaign.opened", "campaign.reminded")


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody who is asked and has not answered. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    for event in events:
        if event.at < oldest:
            continue
        people = SurveyInvitation.objects.filter(campaign_id=event.subject_id, answered=False).order_by("person_id")
        queue_all(
            mail_row(
                event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"campaign": event.subject_id}
            )
            for person_id in people.values_list("person_id", flat=True)
        )


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is answered or closed meanwhile."""
    rows = SurveyInvitation.objects.filter(
        campaign_id=mail.data.get("campaign"), person_id=mail.person_id, answered=False
    )
    invitation = rows.select_related("campaign").first()
    campaign: Campaign | None = invitation.campaign if invitation else None
    if campaign is None or campaign.state != OPEN or campaign.closes_on < today_of(timezone.now()):
        return None
    reminds = mail.kind == "campaign.reminded"
    headline = _("A reminder: please answer") if reminds else _("Please answer")
    if campaign.anonymous:
        said = _("Your answer is anonymous: nobody can find out which one is yours.")
    else:
        said = _("Your answer stands under your name. You can change it until the survey closes.")
    return Letter(
        subject=f"{headline}: {campaign.title}",
        paragraphs=(said,),
        facts=((_("Open until"), day(campaign.closes_on)),),
        link=absolute(reverse("surveys:answer", args=[campaign.pk])),
        link_words=_("Answer"),
    )


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
