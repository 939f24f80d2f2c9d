"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import ActionFile, Cause, CorrectiveAction
from feedback.asking.models import AskingRating
from feedback.awards.models import Award, Juror, Nomination, Nominee, Programme, Score, Tally, Voter, Weight
from feedback.chain.models import Declaration
from feedback.forum.models import Follow, Reply, Revision, Topic
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.needs.models import Need, NeedRating, NeedSource
from feedback.ratings.models import (
    HeldBack,
    Invitation,
    Rating,
    RatingLink,
    RatingReply,
    RatingRules,
    RatingShare,
    RatingVersion,
)
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.training.models import Attempt, Certificate, Course, Recommendation, Session, Signup
from feedback.voice.models import Post, Voice, Vote

__all__ = [
    "ActionFile",
    "AskingRating",
    "Attempt",
    "Award",
    "Campaign",
    "Cause",
    "Certificate",
    "CorrectiveAction",
    "Course",
    "Declaration",
    "Follow",
    "GroupMember",
    "GroupTask",
    "HeldBack",
    "Invitation",
    "JointGroup",
    "Juror",
    "Meeting",
    "Need",
    "NeedRating",
    "NeedSource",
    "Nomination",
    "Nominee",
    "Post",
    "Programme",
    "Rating",
    "RatingLink",
    "RatingReply",
    "RatingRules",
    "RatingShare",
    "RatingVersion",
    "Recommendation",
    "Reply",
    "Revision",
    "Score",
    "Session",
    "Signup",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyVersion",
    "Talk",
    "TalkItem",
    "TalkSeries",
    "Tally",
    "Topic",
    "Voice",
    "Vote",
    "Voter",
    "WallAnswer",
    "WallCheck",
    "Weight",
]
