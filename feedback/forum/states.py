"""The open forum: kinds of topics, how long words can be changed, when a question waits too long. Pure data."""

from django.db import models
from django.utils.translation import pgettext_lazy

LONGEST_TITLE, LONGEST_SUBJECT, LONGEST_BODY, LONGEST_REASON = 200, 40, 10_000, 500
MOST_A_DAY = 60  # topics and replies by one person
MOST_REPLIES = 500  # below one topic
EDIT_HOURS = 24  # in which one changes one's own words
WAITING_DAYS = 3  # after which a question without an answer is on the desk of the department it was put to


class Kind(models.TextChoices):
    QUESTION = "question", pgettext_lazy("forum", "Question")
    DISCUSSION = "discussion", pgettext_lazy("forum", "Discussion")


QUESTION, DISCUSSION = Kind.values


class Show(models.TextChoices):
    """Which topics a list shows."""

    OPEN = "open", pgettext_lazy("forum", "Questions without an answer")
    ANSWERED = "answered", pgettext_lazy("forum", "Answered questions")
    MINE = "mine", pgettext_lazy("forum", "What I follow")
    HIDDEN = "hidden", pgettext_lazy("forum", "What was hidden")
