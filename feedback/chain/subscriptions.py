"""What the chain listens to: answers to self-knowledge campaigns become what departments say of each other."""

from feedback.chain import panels
from feedback.chain.services import take_in
from feedback.surveys.models import Campaign
from requests_app.events.models import Event
from requests_app.events.registry import subscribe


def take_answers(events: list[Event]) -> None:
    """Of whoever answered; when a campaign closes, of all. Safe to run twice, late and in any order."""
    for event in events:
        campaign = Campaign.objects.select_related("survey").filter(pk=event.subject_id).first()
        if campaign is not None:
            take_in(campaign=campaign, person_id=event.actor_id if event.kind == "survey.answered" else None)


subscribe("feedback.chain", ["survey.answered", "campaign.closed"], take_answers)
panels.register()
