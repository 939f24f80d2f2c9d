"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import Cause, CorrectiveAction
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.training.models import Attempt, Certificate, Course, Recommendation, Session, Signup
from feedback.voice.models import Voice, Vote

__all__ = [
    "Attempt",
    "Campaign",
    "Cause",
    "Certificate",
    "CorrectiveAction",
    "Course",
    "Invitation",
    "Rating",
    "RatingLink",
    "RatingVersion",
    "Recommendation",
    "Session",
    "Signup",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyVersion",
    "Voice",
    "Vote",
]
