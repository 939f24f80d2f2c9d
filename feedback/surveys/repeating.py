"""Campaigns that come again by themselves: each occurrence is a campaign of its own, made once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from feedback.surveys.models import Campaign
from feedback.surveys.rhythm import next_after, today_of
from feedback.surveys.services import lock_campaign, record_campaign
from feedback.surveys.states import DRAFT


def repeat_campaigns(*, now: datetime | None = None) -> int:
    """Prepare every occurrence whose day has come, so that the sweep opens it; how many. Safe to run twice.

    Occurrences that were slept through and whose last day is over are left out.
    """
    now = now or timezone.now()
    rows = Campaign.objects.filter(repeat_every__isnull=False, next__isnull=True).exclude(state=DRAFT).order_by("pk")
    return sum(_repeat(pk, now) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _repeat(pk: int, now: datetime) -> bool:
    """The lock and `follows`, which is unique, see to it that nothing comes twice."""
    campaign = lock_campaign(pk)
    if (
        campaign.repeat_every is None
        or campaign.opened_at is None
        or Campaign.objects.filter(follows=campaign).exists()
    ):
        return False
    today = today_of(now)
    began = campaign.opens_on or today_of(campaign.opened_at)
    first = campaign.repeats_from or began
    run = campaign.closes_on - began
    day = next_after(first, campaign.repeat_every, campaign.repeat_unit, began)
    while day + run < today:
        day = next_after(first, campaign.repeat_every, campaign.repeat_unit, day)
    if day > today:
        return False
    made = Campaign.objects.create(
        survey=campaign.survey, title=campaign.title, anonymous=campaign.anonymous, roles=campaign.roles,
        kinds=campaign.kinds, opens_on=day, closes_on=day + run, remind_after_days=campaign.remind_after_days,
        created_by=campaign.created_by, repeat_every=campaign.repeat_every, repeat_unit=campaign.repeat_unit,
        repeats_from=first, follows=campaign,
    )  # fmt: skip
    made.departments.set(campaign.departments.all())
    data = {"survey": made.survey_id, "anonymous": made.anonymous, "follows": campaign.pk}
    record_campaign("campaign.drafted", made, None, data, now)
    return True
