"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import Cause, CorrectiveAction
from feedback.needs.models import Need, NeedRating, NeedSource
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.voice.models import Voice, Vote

__all__ = [
    "Campaign",
    "Cause",
    "CorrectiveAction",
    "Invitation",
    "Need",
    "NeedRating",
    "NeedSource",
    "Rating",
    "RatingLink",
    "RatingVersion",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyVersion",
    "Voice",
    "Vote",
]
