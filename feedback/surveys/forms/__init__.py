"""Questionnaires, questions, campaigns and answers as they are typed on pages."""

from feedback.surveys.forms.answers import MOST_FOUND, AnswerForm
from feedback.surveys.forms.builder import NewSurveyForm, QuestionForm
from feedback.surveys.forms.campaigns import (
    CampaignForm,
    ChangeCampaignForm,
    FilterForm,
    campaign_values,
    new_campaign_values,
)

__all__ = [
    "MOST_FOUND", "AnswerForm", "CampaignForm", "ChangeCampaignForm", "FilterForm", "NewSurveyForm", "QuestionForm",
    "campaign_values", "new_campaign_values",
]  # fmt: skip
