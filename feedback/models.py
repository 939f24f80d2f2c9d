"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import Cause, CorrectiveAction
from feedback.chain.models import Declaration
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.voice.models import Voice, Vote

__all__ = [
    "Campaign",
    "Cause",
    "CorrectiveAction",
    "Declaration",
    "Invitation",
    "Rating",
    "RatingLink",
    "RatingVersion",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyVersion",
    "Talk",
    "TalkItem",
    "TalkSeries",
    "Voice",
    "Vote",
]
