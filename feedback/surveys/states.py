"""What a questionnaire can ask, the life of a campaign, and from how many answers on something is told. Pure data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

FLOOR = 5  # people invited to, and answers in, whatever is shown by itself
TEXT_FLOOR = 10  # answers in words, before any of them is shown
ALPHA_FLOOR = 30  # whole answers, before anything is said of how well the questions hang together
STRAIGHT_ITEMS = 6  # the same answer to at least so many is worth a flag
MOST_QUESTIONS, MOST_OPTIONS = 80, 30
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_TEXT = 200, 500, 4000
LARGEST_NUMBER = 10**9
LANGUAGES = ("en", "ru", "zh-hans")


class Kind(models.TextChoices):
    """What is asked, and so what an answer is."""

    SECTION = "section", _("Heading, without an answer")
    SCALE5 = "scale5", _("Scale 1 to 5")
    SCALE7 = "scale7", _("Scale 1 to 7")
    MATRIX5 = "matrix5", _("Several statements, each 1 to 5")
    MATRIX7 = "matrix7", _("Several statements, each 1 to 7")
    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Some of several")
    TEXT = "text", _("In words")
    NUMBER = "number", _("A number")
    DEPARTMENT = "department", _("Departments")
    PERSON = "person", _("A person")


TOP = {Kind.SCALE5: 5, Kind.MATRIX5: 5, Kind.SCALE7: 7, Kind.MATRIX7: 7}
MATRICES = frozenset({Kind.MATRIX5, Kind.MATRIX7})
CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})


class Measure(models.TextChoices):
    """What a question is for in the comparison of how it is with how it should be."""

    PERCEPTION = "perception", _("How it is")
    EXPECTATION = "expectation", _("How it should be")
    IMPORTANCE = "importance", _("How much it counts, in points")


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open for answers")
    CLOSED = "closed", _("Closed")


DRAFT, OPEN, CLOSED = CampaignState.values
MEANING = {DRAFT: "", OPEN: "info", CLOSED: "good"}


class Step(models.TextChoices):
    """What whoever runs a campaign does with it."""

    OPEN = "open", _("Send the invitations")
    REMIND = "remind", _("Remind who has not answered")
    CLOSE = "close", _("Close it now")
    STOP = "stop", _("Let it not come again")


class Unit(models.TextChoices):
    """In what a campaign that comes again counts."""

    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")


MOST_EVERY = 52
SOURCES = {Step.OPEN: DRAFT, Step.REMIND: OPEN, Step.CLOSE: OPEN}
READY = ("service", "service_year", "satisfaction", "self_knowledge", "wall_check")
NAMED = "self_knowledge"  # each department answers through its head, and its answer stands under its name
READY_CHOICES = [(name, name) for name in READY]
EVENTS = (
    "survey.created", "survey.changed", "survey.answered", "campaign.drafted", "campaign.changed",
    "campaign.opened", "campaign.reminded", "campaign.closed", "campaign.stopped",
)  # fmt: skip
