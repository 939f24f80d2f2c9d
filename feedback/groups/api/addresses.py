"""Joint groups over HTTP: list, found, read, change, steps, members, tasks, meetings, wall checks."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.groups import policies, selectors, services, working
from feedback.groups.api.shapes import (
    CheckBody,
    FoundBody,
    GroupChangeBody,
    GroupPageShape,
    GroupShape,
    GroupsQuery,
    GroupStepBody,
    GroupTaskBody,
    GroupTaskShape,
    MemberBody,
    MinutesBody,
    PlanBody,
    StepOfMeetingBody,
    TaskMoveBody,
    WallBody,
    brief,
    task_of,
    whole,
)
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for, get_department, people_for


def _department(person: Person, field: str, slug: str) -> Department:
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongInput({field: [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    get=extend_schema(
        operation_id="groups_list",
        summary="Joint groups, the newest first: what everybody reads of them",
        parameters=[GroupsQuery],
        responses={200: api.page_of(GroupShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="groups_found",
        summary="Found a joint group (a head of one of its departments)",
        description="The head of each of the other departments sits in it from the start.",
        parameters=[api.IDEMPOTENCY_KEY],
        request=FoundBody,
        responses={201: GroupPageShape, **api.refusals(403, 409, 422)},
    ),
)
class GroupList(api.Address):
    query = GroupsQuery

    def get(self, request: Request) -> Response:
        slug = self.asked.get("department")
        department = get_department(person=request.user, slug=slug) if slug else None
        rows = selectors.groups_for(request.user, state=self.asked.get("state", ""), department=department)
        return self.page(rows, selectors.NEWEST, lambda row: brief(selectors.lines_of([row])[0]))

    @once
    def post(self, request: Request) -> Response:
        policies.require_found(request.user)
        values = self.body(FoundBody)
        department = _department(request.user, "department", values.pop("department"))
        others = [_department(request.user, "others", slug) for slug in values.pop("others")]
        made = services.found(by=request.user, department=department, others=others, **values)
        return Response(whole(request.user, made.pk), status=201, headers={"ETag": api.tag(made.version)})


class OneGroup(api.Address):
    """What is done inside: 404 where there is none, 403 for whoever is not of it."""

    def find(self, pk: int, **names: Any) -> JointGroup:
        return selectors.get_whole(person=self.request.user, pk=pk)

    def answer(self, request: Request, pk: int | None = None, *, status: int = 200) -> Response:
        found = whole(request.user, pk or self.found.pk)
        return Response(found, status=status, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    get=extend_schema(
        operation_id="groups_read",
        summary="A joint group; `inside` is null for whoever is not of it",
        responses={200: GroupPageShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="groups_change",
        summary="Another name, goal, period or rhythm",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=GroupChangeBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class GroupAddress(OneGroup):
    def find(self, pk: int, **names: Any) -> JointGroup:
        return selectors.get_group(person=self.request.user, pk=pk)

    def get(self, request: Request, **names: Any) -> Response:
        return self.answer(request)

    @once
    def patch(self, request: Request, **names: Any) -> Response:
        policies.require_lead(request.user, self.found)
        values = self.body(GroupChangeBody, partial=True)
        services.change_group(
            by=request.user, group=self.found, expected_version=api.expected_version(request), **values
        )
        return self.answer(request)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_step",
        summary="Take a step: begin, finish (the note is the result), give_up (the note is the reason)",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=GroupStepBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class GroupSteps(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_lead(request.user, self.found)
        values = self.body(GroupStepBody)
        services.take_step(
            by=request.user, group=self.found, name=values["step"], words=values.get("note", ""),
            expected_version=api.expected_version(request),
        )  # fmt: skip
        return self.answer(request)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_bring_in",
        summary="Bring somebody in for a department; without a person its head",
        parameters=[api.IDEMPOTENCY_KEY],
        request=MemberBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class GroupMembers(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_lead(request.user, self.found)
        values = self.body(MemberBody)
        department = _department(request.user, "department", values["department"])
        person = None
        if "person" in values:
            person = people_for(request.user, department=department.slug).filter(email__iexact=values["person"]).first()
            if person is None:
                raise WrongInput({"person": [_("Choose somebody of %(name)s.") % {"name": department.name}]})
        services.bring_in(
            by=request.user, group=self.found, person=person, department=department, leads=values.get("leads", False)
        )
        return self.answer(request)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_let_go",
        summary="A member leaves: by their own hand or a leader's",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: GroupShape, **api.refusals(403, 404, 409)},
    )
)
class MemberLeaves(api.Address):
    def find(self, pk: int, member_pk: int) -> GroupMember:
        group = selectors.get_whole(person=self.request.user, pk=pk)
        return selectors.get_member(group, member_pk)

    @once
    def post(self, request: Request, **names: Any) -> Response:
        services.let_go(by=request.user, group=self.found.group, member=self.found)
        group = selectors.get_group(person=request.user, pk=self.found.group_id)
        return Response(brief(selectors.lines_of([group])[0]))


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_give_task",
        summary="Put a task on the board, perhaps grown out of a meeting",
        parameters=[api.IDEMPOTENCY_KEY],
        request=GroupTaskBody,
        responses={201: GroupTaskShape, **api.refusals(403, 404, 409, 422)},
    )
)
class GroupTasks(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_work(request.user, self.found)
        values = self.body(GroupTaskBody)
        owner = selectors.members_of(self.found).filter(person__email__iexact=values["owner"]).first()
        meeting = self.found.meetings.filter(pk=values["meeting"]).first() if "meeting" in values else None
        if "meeting" in values and meeting is None:
            raise WrongInput({"meeting": [_("Give the id of a meeting of this group.")]})
        task = working.give_task(
            by=request.user, group=self.found, text=values["text"], owner=owner, due_on=values["due_on"],
            meeting=meeting,
        )  # fmt: skip
        return Response(task_of(task), status=201)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_move_task",
        summary="Move a task into another column, to another member, or to another day",
        parameters=[api.IDEMPOTENCY_KEY],
        request=TaskMoveBody,
        responses={200: GroupTaskShape, **api.refusals(403, 404, 409, 422)},
    )
)
class TaskMoves(api.Address):
    def find(self, pk: int) -> GroupTask:
        return selectors.get_task(person=self.request.user, pk=pk)

    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_work(request.user, self.found.owner.group)
        values = self.body(TaskMoveBody)
        if not values:
            raise WrongInput({"state": [_("Give the column, the member who takes it over, or the day.")]})
        if "owner" in values or "due_on" in values:
            owner = self._owner(values["owner"]) if "owner" in values else None
            working.pass_task(by=request.user, task=self.found, owner=owner, due_on=values.get("due_on"))
        if "state" in values:
            working.move_task(by=request.user, task=self.found, state=values["state"])
        return Response(task_of(selectors.get_task(person=request.user, pk=self.found.pk)))

    def _owner(self, email: str) -> GroupMember:
        owner = selectors.members_of(self.found.owner.group).filter(person__email__iexact=email).first()
        if owner is None:
            raise WrongInput({"owner": [_("Choose a member of the group.")]})
        return owner


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_plan_meeting",
        summary="Plan the next meeting",
        parameters=[api.IDEMPOTENCY_KEY],
        request=PlanBody,
        responses={201: GroupPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class GroupMeetings(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_lead(request.user, self.found)
        working.plan_meeting(by=request.user, group=self.found, **self.body(PlanBody))
        return self.answer(request, status=201)


class OneMeeting(OneGroup):
    def find(self, pk: int, **names: Any) -> Meeting:
        return selectors.get_meeting(person=self.request.user, pk=pk)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_meeting_step",
        summary="Take a step of a meeting: shift, hold, cancel",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=StepOfMeetingBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class MeetingSteps(OneMeeting):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        group = self.found.group
        policies.require_lead(request.user, group)
        values = self.body(StepOfMeetingBody)
        emails = {email.lower() for email in values.pop("present", [])}
        present = [row for row in selectors.members_of(group) if row.person.email.lower() in emails]
        if len(present) != len(emails):
            raise WrongInput({"present": [_("Choose members of the group.")]})
        working.take_meeting_step(
            by=request.user, meeting=self.found, name=values.pop("step"), present=present,
            expected_version=api.expected_version(request), **values,
        )  # fmt: skip
        return self.answer(request, group.pk)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    put=extend_schema(
        operation_id="groups_meeting_minutes",
        summary="Complete minutes and decisions, in the week after the meeting",
        description="412 when somebody saved since `based_on` was read.",
        request=MinutesBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class MeetingMinutes(OneMeeting):
    def put(self, request: Request, **names: Any) -> Response:
        policies.require_work(request.user, self.found.group)
        working.write_minutes(by=request.user, meeting=self.found, **self.body(MinutesBody))
        return self.answer(request, self.found.group_id)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_check",
        summary="Open or close a wall check",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CheckBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class GroupChecks(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_lead(request.user, self.found)
        act = {"open": working.open_check, "close": working.close_check}[self.body(CheckBody)["step"]]
        act(by=request.user, group=self.found)
        return self.answer(request)


@extend_schema(tags=["Joint groups"])
@extend_schema_view(
    post=extend_schema(
        operation_id="groups_answer_check",
        summary="Answer the open wall check, once a member",
        parameters=[api.IDEMPOTENCY_KEY],
        request=WallBody,
        responses={200: GroupPageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class GroupAnswer(OneGroup):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_member(request.user, self.found)
        working.answer_check(by=request.user, group=self.found, values=self.body(WallBody))
        return self.answer(request)


urlpatterns = [
    path("groups/", GroupList.as_view(), name="groups"),
    path("groups/<row:pk>/", GroupAddress.as_view(), name="group"),
    path("groups/<row:pk>/steps/", GroupSteps.as_view(), name="group_steps"),
    path("groups/<row:pk>/members/", GroupMembers.as_view(), name="group_members"),
    path("groups/<row:pk>/members/<row:member_pk>/leave/", MemberLeaves.as_view(), name="group_leave"),
    path("groups/<row:pk>/tasks/", GroupTasks.as_view(), name="group_tasks"),
    path("groups/<row:pk>/meetings/", GroupMeetings.as_view(), name="group_meetings"),
    path("groups/<row:pk>/wall/", GroupChecks.as_view(), name="group_wall"),
    path("groups/<row:pk>/answer/", GroupAnswer.as_view(), name="group_answer"),
    path("groups/tasks/<row:pk>/", TaskMoves.as_view(), name="group_task"),
    path("groups/meetings/<row:pk>/steps/", MeetingSteps.as_view(), name="group_meeting_steps"),
    path("groups/meetings/<row:pk>/minutes/", MeetingMinutes.as_view(), name="group_meeting_minutes"),
]
