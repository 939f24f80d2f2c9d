"""Index of the tables, so that Django finds them; each package owns its own."""

from feedback.actions.models import ActionFile, Cause, CorrectiveAction
from feedback.asking.models import AskingRating
from feedback.chain.models import Declaration
from feedback.forum.models import Follow, Reply, Revision, Topic
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.needs.models import Need, NeedRating, NeedSource
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingReply, RatingRules, RatingShare, RatingVersion
from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.training.models import Attempt, Certificate, Course, Recommendation, Session, Signup
from feedback.voice.models import Post, Voice, Vote

__all__ = [
    "ActionFile",
    "AskingRating",
    "Attempt",
    "Campaign",
    "Cause",
    "Certificate",
    "CorrectiveAction",
    "Course",
    "Declaration",
    "Follow",
    "GroupMember",
    "GroupTask",
    "Invitation",
    "JointGroup",
    "Meeting",
    "Need",
    "NeedRating",
    "NeedSource",
    "Post",
    "Rating",
    "RatingLink",
    "RatingReply",
    "RatingRules",
    "RatingShare",
    "RatingVersion",
    "Recommendation",
    "Reply",
    "Revision",
    "Session",
    "Signup",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyVersion",
    "Talk",
    "TalkItem",
    "TalkSeries",
    "Topic",
    "Voice",
    "Vote",
    "WallAnswer",
    "WallCheck",
]
