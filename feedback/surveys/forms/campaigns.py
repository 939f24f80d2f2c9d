"""Campaigns as they are typed on pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.surveys.models import Campaign
from feedback.surveys.states import LONGEST_TITLE, MOST_EVERY, CampaignState, Unit
from requests_app.org.states import CustomerKind, Role

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """Whom to ask, until when, and how."""

    title = forms.CharField(label=_("Name"), max_length=LONGEST_TITLE)
    anonymous = forms.TypedChoiceField(
        label=_("Answers are"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("anonymous: nobody can find out whose they are")), ("no", _("given by name"))],
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Only these"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None chosen: everybody of the departments."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Only these customers"), choices=CustomerKind.choices, widget=forms.CheckboxSelectMultiple,
        required=False, help_text=_("As requests tell them apart: heads ask for their departments."),
    )  # fmt: skip
    opens_on = forms.DateField(
        label=_("Opens by itself on"), required=False, widget=DAY,
        help_text=_("Left empty, it opens when you send the invitations."),
    )  # fmt: skip
    closes_on = forms.DateField(label=_("Last day for answers"), widget=DAY)
    remind_after_days = forms.IntegerField(
        label=_("Remind after days"), required=False, min_value=1, max_value=90,
        help_text=_("Once, and only those who have not answered."),
    )  # fmt: skip

    repeat_every = forms.IntegerField(
        label=_("Comes again every"), required=False, min_value=1, max_value=MOST_EVERY,
        help_text=_("Each time is a campaign of its own, to the same departments. Left empty, it is held once."),
    )  # fmt: skip
    repeat_unit = forms.ChoiceField(
        label=_("Weeks or months"), choices=Unit.choices, initial=Unit.MONTHS, required=False
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any], departments: Any):
        """`initial`: `new_campaign_values` or `campaign_values`."""
        super().__init__(data, initial=initial)
        self.fields["departments"] = forms.ModelMultipleChoiceField(
            label=_("Departments that are asked"), queryset=departments, to_field_name="slug",
            widget=forms.CheckboxSelectMultiple, help_text=_("With the departments below them."),
        )  # fmt: skip


def new_campaign_values(title: str, *, named: bool) -> dict[str, Any]:
    """What the form begins with. `named`: where answers are of use only with the name of who gives them."""
    closes = timezone.localdate() + timedelta(days=14)
    found = {"title": title, "anonymous": "no" if named else "yes", "closes_on": closes, "remind_after_days": 5}
    return found | {"roles": [Role.HEAD]} if named else found


def campaign_values(campaign: Campaign) -> dict[str, Any]:
    """What the form begins with when a prepared campaign is changed."""
    names = ("title", "roles", "kinds", "opens_on", "closes_on", "remind_after_days", "repeat_every", "revision")
    departments = [one.slug for one in campaign.departments.all()]
    more = {"anonymous": "yes" if campaign.anonymous else "no", "repeat_unit": campaign.repeat_unit or Unit.MONTHS}
    return {name: getattr(campaign, name) for name in names} | more | {"departments": departments}


class ChangeCampaignForm(CampaignForm):
    revision = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """Which campaigns, as it stands in the address."""

    state = forms.ChoiceField(choices=[("", ""), *CampaignState.choices], required=False)
    department = forms.SlugField(required=False, max_length=80)
    by = forms.SlugField(required=False, max_length=80)
