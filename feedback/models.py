"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import Cause, CorrectiveAction
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.voice.models import Voice, Vote

__all__ = [
    "Cause",
    "CorrectiveAction",
    "Invitation",
    "Rating",
    "RatingLink",
    "RatingVersion",
    "Voice",
    "Vote",
]
