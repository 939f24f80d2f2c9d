"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion

__all__ = ["Invitation", "Rating", "RatingLink", "RatingVersion"]
