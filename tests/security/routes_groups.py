"""How each address of joint groups is tried: IT and Sales have one at work, with a meeting held and one planned."""

from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting, WallAnswer, WallCheck
from feedback.groups.selectors import members_of
from requests_app.org.models import Membership
from tests.security.probes import Probe

_GROUP, _FREE = {"pk": "{group}"}, {"pk": "{group_free}"}
_TASK, _MEETING, _HELD = {"pk": "{group_task}"}, {"pk": "{group_meeting}"}, {"pk": "{group_held}"}
_SEAT = {"pk": "{group_left}", "member_pk": "{group_seat}"}
_DAY, _LATER = "2027-01-05", "2027-01-05T10:00"
_NEW = {"name": "Founded anew", "goal": "All is well", "department": "it", "others": lambda: ["sales"],
        "starts_on": _DAY, "ends_on": _DAY, "every_weeks": lambda: 2}  # fmt: skip
_CHANGED = {"name": "Said better", "goal": "All is well", "starts_on": _DAY, "ends_on": _DAY, "every_weeks": 2}
_FIVE = dict.fromkeys(("budget", "schedule", "specification", "customer", "goals"), lambda: 4)
_SAID = {"notes": "Said anew", "decisions": "None"}


def there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def stands_at(model: type, name: str, state: str):
    return lambda _world, names, _letter: model.objects.get(pk=names[name]).state == state


def _owner() -> int:
    group = JointGroup.objects.get(name="One sign-in")
    return members_of(group).get(person__email="rita.requester@example.test").pk


def _seat() -> int:
    return Membership.objects.get(person__email="anton.agent@example.test").pk


def _both(
    action: str, page: tuple[str, dict], address: tuple[str, dict], words: tuple[dict, dict], effect, method="post"
):
    return [
        Probe(action, page[0], "post", page[1], words[0], effect=effect),
        Probe(action, address[0], method, address[1], words[1], effect=effect),
    ]


_GIVEN = {"text": "Given anew", "due_on": _DAY}
_ANTON = there(GroupMember, person__email="anton.agent@example.test")
_FACILITIES = there(GroupMember, department__slug="facilities")
_CLOSED = there(WallCheck, closed_at__isnull=False)

GROUPS = [
    *(Probe("everybody", route) for route in ("groups:list", "api:groups")),
    *(Probe("everybody", route, path=_GROUP) for route in ("groups:group", "api:group")),
    Probe("group.open_form", "groups:new"),
    *(Probe("group.found", route, "post", {}, _NEW, effect=there(JointGroup, name="Founded anew"), refusals=(403, 400))
      for route in ("groups:new", "api:groups")),
    Probe("group.lead", "groups:change", path=_GROUP),
    Probe("group.lead", "groups:change", "post", _GROUP, _CHANGED, effect=there(JointGroup, name="Said better")),
    Probe("group.lead", "api:group", "patch", _GROUP, {"name": "Said better"},
          effect=there(JointGroup, name="Said better")),
    *_both("group.lead", ("groups:step", _GROUP | {"name": "finish"}), ("api:group_steps", _GROUP),
           ({"note": "It is so"}, {"step": "finish", "note": "It is so"}), stands_at(JointGroup, "group", "finished")),
    Probe("group.lead", "groups:join", "post", _GROUP, {"seat": _seat}, effect=_ANTON),
    Probe("group.lead", "groups:bring", "post", _GROUP, {"department": "facilities"}, effect=_FACILITIES),
    Probe("group.lead", "api:group_members", "post", _GROUP, {"department": "facilities"}, effect=_FACILITIES),
    *(Probe("group.work", route, "post", _SEAT, {},
            effect=lambda _world, names, _letter: GroupMember.objects.get(pk=names["group_seat"]).left_at is not None)
      for route in ("groups:leave", "api:group_leave")),
    *_both("group.work", ("groups:task", _GROUP), ("api:group_tasks", _GROUP),
           (_GIVEN | {"owner": _owner}, _GIVEN | {"owner": "rita.requester@example.test"}),
           there(GroupTask, text="Given anew")),
    *_both("group.meeting_work", ("groups:move", _TASK | {"state": "doing"}), ("api:group_task", _TASK),
           ({}, {"state": "doing"}), stands_at(GroupTask, "group_task", "doing")),
    Probe("group.meeting_work", "groups:pass", path=_TASK),
    Probe("group.meeting_work", "groups:pass", "post", _TASK, {"owner": _owner, "due_on": _DAY},
          effect=there(GroupTask, due_on=_DAY)),
    *_both("group.lead", ("groups:plan", _FREE), ("api:group_meetings", _FREE),
           ({"starts_at": _LATER, "minutes": 50}, {"starts_at": f"{_LATER}:00Z", "minutes": lambda: 50}),
           there(Meeting, minutes=50)),
    *(Probe("group.meeting", route, path=_MEETING) for route in ("groups:meeting", "groups:ics")),
    *_both("group.meeting_lead", ("groups:meeting_step", _MEETING | {"name": "cancel"}), ("api:group_meeting_steps", _MEETING),
           ({"reason": "Fair"}, {"step": "cancel", "reason": "Fair"}), stands_at(Meeting, "group_meeting", "cancelled")),
    *_both("group.meeting_work", ("groups:minutes", _HELD), ("api:group_meeting_minutes", _HELD), (_SAID, _SAID),
           there(Meeting, notes="Said anew"), "put"),
    Probe("group.meeting_work", "groups:meeting_task", "post", _HELD, _GIVEN | {"owner": _owner},
          effect=there(GroupTask, text="Given anew")),
    *_both("group.lead", ("groups:check", _GROUP | {"name": "close"}), ("api:group_wall", _GROUP),
           ({}, {"step": "close"}), _CLOSED),
    *_both("group.work", ("groups:answer", _GROUP), ("api:group_answer", _GROUP), (_FIVE, _FIVE), there(WallAnswer)),
]  # fmt: skip
