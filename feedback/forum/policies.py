"""Who speaks in the forum, marks answers, changes words and hides what does not belong there."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from feedback.forum.models import Reply, Topic
from feedback.forum.states import EDIT_HOURS, QUESTION
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def can_speak(person: Person) -> bool:
    """Members of departments; whoever only looks on or administers says nothing."""
    return bool(standing(person).member_of)


def require_speak(person: Person) -> None:
    if not can_speak(person):
        raise NotAllowed(
            _("Only members of departments speak and follow in the forum."), needed=_("Ask an administrator.")
        )


def can_mark(person: Person, topic: Topic) -> bool:
    """The asker, and the members of the department that the question was put to."""
    hats = standing(person)
    return topic.kind == QUESTION and (topic.author_id == hats.person_id or topic.department_id in hats.member_of)


def require_mark(person: Person, topic: Topic) -> None:
    if not can_mark(person, topic):
        raise NotAllowed(
            _("Which reply is the answer, the asker says, or somebody of the department that was asked."),
            needed=_("Ask %(name)s.") % {"name": topic.author.name},
        )


def can_hide(person: Person, topic: Topic) -> bool:
    """Moderators: administrators, and the heads of the department it was put to."""
    hats = standing(person)
    return hats.is_admin or topic.department_id in hats.head_of


def can_review(person: Person) -> bool:
    """Whoever reads what was hidden: moderators, each theirs, and auditors."""
    hats = standing(person)
    return hats.is_admin or hats.is_auditor or bool(hats.head_of)


def require_hide(person: Person, topic: Topic) -> None:
    if not can_hide(person, topic):
        raise NotAllowed(
            _("Administrators and the head of the department that was asked hide what does not belong here."),
            needed=_("Ask an administrator."),
        )


def can_edit(person: Person, said: Topic | Reply, now: datetime) -> bool:
    own = said.author_id == standing(person).person_id and can_speak(person)
    return own and said.hidden_at is None and now <= said.said_at + timedelta(hours=EDIT_HOURS)


def require_own(person: Person, said: Topic | Reply) -> None:
    if said.author_id != standing(person).person_id:
        raise NotAllowed(
            _("Words are changed by who said them."), needed=_("Ask %(name)s.") % {"name": said.author.name}
        )
