"""Who founds, leads and works in joint groups: heads found them, leaders and heads lead, members work."""

from django.utils.translation import gettext as _

from feedback.groups.models import GroupMember, JointGroup
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import standing


def can_found(person: Person) -> bool:
    """Heads and deputies; whoever only looks on founds nothing."""
    return bool(standing(person).head_of)


def require_found(person: Person) -> None:
    if not can_found(person):
        raise NotAllowed(_("Heads of departments found joint groups."), needed=_("Ask your head."))


def member_of(person: Person, group: JointGroup) -> GroupMember | None:
    """As what the person sits in the group, if they still do."""
    return group.members.current().filter(person_id=standing(person).person_id).first()


def leads(person: Person, group: JointGroup) -> bool:
    """Leaders of the group, and the heads of the departments that sit in it."""
    hats = standing(person)
    rows = group.members.current()
    return (
        rows.filter(person_id=hats.person_id, leads=True).exists()
        or rows.filter(department_id__in=hats.head_of).exists()
    )


def require_lead(person: Person, group: JointGroup) -> None:
    if not leads(person, group):
        raise NotAllowed(
            _("This is for the leaders of the group and the heads of its departments."),
            needed=_("Ask one of the leaders of the group."),
        )


def can_work(person: Person, group: JointGroup) -> bool:
    return member_of(person, group) is not None or leads(person, group)


def require_work(person: Person, group: JointGroup) -> None:
    """Board and minutes: members, and whoever leads."""
    if not can_work(person, group):
        raise NotAllowed(
            _("The board and the minutes are kept by the members of the group."),
            needed=_("Ask one of the leaders of the group."),
        )


def require_member(person: Person, group: JointGroup) -> GroupMember:
    found = member_of(person, group)
    if found is None:
        raise NotAllowed(
            _("Wall checks are answered by the members of the group."),
            needed=_("Ask one of the leaders of the group."),
        )
    return found
