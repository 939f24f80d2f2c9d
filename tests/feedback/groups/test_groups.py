"""Joint groups: who sits in them, their way to a result, their board, meetings, wall checks, what is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from feedback.groups import selectors
from feedback.groups.glances import on_desk
from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting
from feedback.groups.services import bring_in, change_group, let_go, take_step
from feedback.groups.states import LEAST_ANSWERS, MEETING_MOVES, MOVES, wall_of
from feedback.groups.working import (
    answer_check,
    close_check,
    give_task,
    move_task,
    open_check,
    pass_task,
    plan_meeting,
    take_meeting_step,
    write_minutes,
)
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.events.states import KINDS
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.versions import fingerprint
from requests_app.messaging.services import send_waiting
from tests.factories.company import make_person
from tests.factories.groups import GOOD, POOR, asked, at_work, founded, meets, met, seat_of, tasked

pytestmark = pytest.mark.django_db


def log_of(group: JointGroup) -> list[str]:
    rows = Event.objects.filter(subject_kind="joint_group", subject_id=group.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_every_step_tells_of_a_kind_that_is_known():
    assert [move.name for move in [*MOVES.values(), *MEETING_MOVES.values()] if move.event not in KINDS] == []


def test_a_group_is_founded_with_the_heads_of_its_departments(company):
    group = founded(company)
    members = [(row.person.name, row.department.slug, row.leads) for row in selectors.members_of(group)]
    assert members == [
        ("Sofia Supplier", "it", True), ("Hanna Head", "sales", False), ("Rita Requester", "sales", False),
    ]  # fmt: skip
    assert (group.state, log_of(group)) == ("forming", ["group.founded", "group.joined"])


def test_only_heads_found_groups_of_departments_they_lead_and_others_with_a_head(company):
    with pytest.raises(NotAllowed):
        founded(company, by=company.agent)
    with pytest.raises(WrongInput):
        founded(company, department=company.facilities)
    with pytest.raises(WrongInput):
        founded(company, others=[company.it])
    with pytest.raises(WrongInput):
        founded(company, ends_on=timezone.localdate() - timedelta(days=1))
    company.customer_head.memberships.all().delete()
    with pytest.raises(WrongInput):
        founded(company)
    assert JointGroup.objects.count() == 0


def test_it_never_sits_for_one_department_alone_and_never_without_a_leader(company):
    group = founded(company)
    for person in (company.customer_head, company.requester):
        member = seat_of(group, person)
        if person == company.customer_head:
            let_go(by=company.customer_head, group=group, member=member)
    with pytest.raises(IllegalMove):
        let_go(by=company.requester, group=group, member=seat_of(group, company.requester))
    with pytest.raises(IllegalMove):
        let_go(by=company.supplier_head, group=group, member=seat_of(group, company.supplier_head))
    with pytest.raises(WrongInput):
        bring_in(by=company.supplier_head, group=group, person=company.supplier_head, department=company.it)
    assert selectors.members_of(group).count() == 2


def test_the_database_holds_the_same_at_the_end_of_a_transaction(company):
    group = founded(company)
    for rows, change in (
        (GroupMember.objects.filter(group=group, department=company.sales), {"left_at": timezone.now()}),
        (GroupMember.objects.filter(group=group), {"leads": False}),
    ):
        with transaction.atomic():
            rows.update(**change)
            with pytest.raises(IntegrityError):
                connection.check_constraints()
            transaction.set_rollback(True)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointGroup.objects.filter(pk=group.pk).update(state="finished", ended_at=timezone.now())
    connection.check_constraints()


def test_who_left_comes_back_as_the_same_member_and_their_open_tasks_keep_them(company):
    group = at_work(company)
    task, member = tasked(company, group), seat_of(group, company.requester)
    with pytest.raises(IllegalMove):
        let_go(by=company.requester, group=group, member=member)
    pass_task(by=company.requester, task=task, owner=seat_of(group, company.customer_head))
    let_go(by=company.requester, group=group, member=member)
    let_go(by=company.supplier_head, group=group, member=member)
    with pytest.raises(NotAllowed):
        tasked(company, group, by=company.requester, owner=seat_of(group, company.customer_head))
    bring_in(by=company.customer_head, group=group, person=company.requester, department=company.sales, leads=True)
    bring_in(by=company.customer_head, group=group, person=company.requester, department=company.sales, leads=True)
    member.refresh_from_db()
    assert (member.left_at, member.leads) == (None, True)
    assert log_of(group)[2:] == ["group.begun", "group.task_given", "group.task_passed", "group.left", "group.joined"]


def test_a_department_is_brought_in_through_its_head_and_people_only_for_their_own(company):
    group = founded(company)
    member = bring_in(by=company.supplier_head, group=group, person=None, department=company.facilities)
    assert member.person == company.other_head
    with pytest.raises(WrongInput):
        bring_in(by=company.supplier_head, group=group, person=company.stranger, department=company.it)
    with pytest.raises(NotAllowed):
        bring_in(by=company.requester, group=group, person=company.agent, department=company.it)
    choices = [(row.person.name, row.department.slug) for row in selectors.may_join(group)]
    assert choices == [
        ("Olaf Other", "facilities"), ("Stan Stranger", "facilities"), ("Wanda Watcher", "facilities"),
        ("Ansel Assigned", "it"), ("Anton Agent", "it"), ("Cora Colleague", "sales"),
    ]  # fmt: skip


def test_a_group_begins_finishes_with_a_result_and_then_stands_still(company):
    group = founded(company)
    with pytest.raises(IllegalMove):
        take_step(by=company.supplier_head, group=group, name="finish", words="Done")
    with pytest.raises(NotAllowed):
        take_step(by=company.requester, group=group, name="begin")
    group = take_step(by=company.customer_head, group=group, name="begin", expected_version=1)
    with pytest.raises(StaleVersion):
        take_step(by=company.supplier_head, group=group, name="give_up", words="x", expected_version=1)
    with pytest.raises(WrongInput):
        take_step(by=company.supplier_head, group=group, name="finish", words=" ")
    meets(company, group)
    open_check(by=company.supplier_head, group=group)
    task = tasked(company, group)
    group = take_step(by=company.supplier_head, group=group, name="finish", words="One password for all")
    assert (group.state, group.result, group.meetings.get().state) == ("finished", "One password for all", "cancelled")
    assert group.checks.get().closed_at == group.ended_at
    for act in (
        lambda: tasked(company, group),
        lambda: move_task(by=company.requester, task=task, state="done"),
        lambda: meets(company, group),
        lambda: open_check(by=company.supplier_head, group=group),
        lambda: change_group(by=company.supplier_head, group=group, name="Other"),
    ):
        with pytest.raises(IllegalMove):
            act()
    with pytest.raises(DomainError):
        take_step(by=company.supplier_head, group=group, name="sing")


def test_name_goal_and_period_are_changed_and_the_log_keeps_the_goal_before(company):
    group = founded(company)
    change_group(by=company.supplier_head, group=group, expected_version=1, goal="No second password by May.")
    change_group(by=company.supplier_head, group=group, goal="No second password by May.")
    event = Event.objects.get(kind="group.changed")
    assert (event.data["fields"], event.data["goal_before"]) == (["goal"], "Nobody needs a second password.")
    with pytest.raises(StaleVersion):
        change_group(by=company.supplier_head, group=group, expected_version=1, name="x")


def test_a_task_is_a_members_and_moves_between_the_columns_once(company):
    group = at_work(company)
    with pytest.raises(NotAllowed):
        tasked(company, group, by=company.stranger)
    with pytest.raises(WrongInput):
        tasked(company, group, owner=None)
    with pytest.raises(WrongInput):
        tasked(company, group, due_on=timezone.localdate() - timedelta(days=1))
    task = tasked(company, group)
    for state in ("doing", "doing", "done", "done"):
        task = move_task(by=company.customer_head, task=task, state=state)
    assert (task.state, task.done_at is not None, log_of(group).count("group.task_moved")) == ("done", True, 2)
    task = move_task(by=company.requester, task=task, state="to_do")
    assert task.done_at is None
    with pytest.raises(WrongInput):
        move_task(by=company.requester, task=task, state="gone")
    with pytest.raises(NotAllowed):
        move_task(by=company.agent, task=task, state="done")


def test_a_meeting_is_held_with_minutes_and_the_rhythm_plans_the_next(company):
    group = at_work(company)
    meeting = meets(company, group)
    with pytest.raises(IllegalMove):
        meets(company, group)
    with pytest.raises(NotAllowed):
        take_meeting_step(by=company.requester, meeting=meeting, name="hold")
    with pytest.raises(WrongInput):
        take_meeting_step(by=company.supplier_head, meeting=meeting, name="cancel")
    later = meeting.starts_at + timedelta(days=1)
    meeting = take_meeting_step(by=company.supplier_head, meeting=meeting, name="shift", starts_at=later)
    present = [seat_of(group, company.requester)]
    meeting = take_meeting_step(
        by=company.supplier_head, meeting=meeting, name="hold", present=present, notes="Said", decisions="A\nB"
    )
    coming = group.meetings.get(state="planned")
    local = [one.starts_at.astimezone(timezone.get_current_timezone()) for one in (meeting, coming)]
    assert (local[1].date() - local[0].date()).days == 14
    assert (local[1].time(), [one.person for one in meeting.present.all()]) == (local[0].time(), [company.requester])
    with pytest.raises(IllegalMove):
        take_meeting_step(by=company.supplier_head, meeting=meeting, name="hold")
    grown = give_task(
        by=company.requester, group=group, text="Do A", owner=present[0], due_on=timezone.localdate(), meeting=meeting
    )
    assert list(meeting.tasks.all()) == [grown]


def test_minutes_are_completed_within_a_week_and_nobodys_words_are_lost(company):
    group = at_work(company)
    meeting = met(company, group)
    seen = fingerprint(selectors.notes_values(meeting))
    write_minutes(by=company.requester, meeting=meeting, notes="More", decisions="One directory", based_on=seen)
    with pytest.raises(StaleVersion):
        write_minutes(by=company.customer_head, meeting=meeting, notes="Mine", decisions="", based_on=seen)
    with pytest.raises(IllegalMove):
        write_minutes(
            by=company.requester, meeting=meeting, notes="Late", decisions="", at=timezone.now() + timedelta(days=8)
        )
    assert Meeting.objects.get(pk=meeting.pk).notes == "More"


def test_each_member_answers_a_wall_check_once_and_four_answers_are_not_told(company):
    group = at_work(company)
    with pytest.raises(IllegalMove):
        answer_check(by=company.requester, group=group, values=GOOD)
    asked(company, group)
    assert open_check(by=company.supplier_head, group=group) == group.checks.get()
    for person, values, refusal in (
        (company.supplier_head, GOOD, IllegalMove), (company.stranger, GOOD, NotAllowed),
        (company.requester, GOOD | {"budget": 6}, WrongInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            answer_check(by=person, group=group, values=values)
    close_check(by=company.supplier_head, group=group)
    line = selectors.group_page(person=company.supplier_head, pk=group.pk).inside.checks[0]
    assert (line.n, line.answered, line.result.told, line.result.is_wall) == (1, True, [], False)
    assert Event.objects.get(kind="group.wall_answered").actor_id is None
    assert [key for key in Event.objects.get(kind="group.wall_answered").data if key in GOOD] == []


def test_five_answers_tell_of_a_wall_only_once_the_check_is_closed(company):
    group = at_work(company)
    open_check(by=company.supplier_head, group=group)
    for n in range(LEAST_ANSWERS):
        person = make_person(f"Member {n}", company.sales)
        bring_in(by=company.supplier_head, group=group, person=person, department=company.sales)
        answer_check(by=person, group=group, values=POOR)
    inside = selectors.group_page(person=company.supplier_head, pk=group.pk).inside
    assert (inside.checks[0].result, inside.checks[0].n) == (None, 5)
    close_check(by=company.supplier_head, group=group)
    result = selectors.group_page(person=company.supplier_head, pk=group.pk).inside.checks[0].result
    assert (result.failing, result.is_wall, [one.mean.value for one in result.told]) == (3, True, [1, 1, 1, 4, 5])


def test_a_criterion_whose_interval_reaches_the_middle_does_not_fail():
    result = wall_of([(1, 2, 2, 3, 5), (2, 2, 2, 3, 5), (3, 2, 2, 3, 5), (4, 2, 3, 3, 5), (1, 2, 2, 3, 5)])
    assert [one.fails for one in result.told] == [False, True, True, False, False]
    assert [one.holds for one in result.told] == [False, False, False, False, True]
    assert (result.failing, result.is_wall) == (2, False)


def test_everybody_reads_the_goal_and_only_the_group_and_its_heads_the_board(company):
    group = at_work(company)
    tasked(company, group)
    inside = {
        letter: selectors.group_page(person=person, pk=group.pk).inside is not None
        for letter, person in company.by_context.items()
    }
    assert [letter for letter, sees in inside.items() if sees] == ["RQ", "CH", "SH", "AU", "EX"]
    partner = make_person("Paul Partner", company.facilities)
    company.facilities.kind = "partner"
    company.facilities.save()
    with pytest.raises(Http404):
        selectors.group_page(person=partner, pk=group.pk)
    bring_in(by=company.supplier_head, group=group, person=partner, department=company.facilities)
    partner = type(partner).objects.get(pk=partner.pk)
    assert selectors.group_page(person=partner, pk=group.pk).inside is not None


def test_my_desk_shows_tasks_of_the_week_todays_meeting_and_the_check_to_answer(company):
    group = at_work(company)
    assert (on_desk(company.requester), on_desk(company.stranger)) == (None, None)
    task = tasked(company, group)
    tasked(company, group, due_on=timezone.localdate() + timedelta(days=30))
    asked(company, group)
    noon = timezone.localtime().replace(hour=12, minute=0)
    meeting = Meeting.objects.create(group=group, starts_at=noon)
    found = on_desk(company.requester)
    assert ([row.pk for row in found.tasks], [row.pk for row in found.meetings]) == ([task.pk], [meeting.pk])
    assert ([row.pk for row in found.checks], found.count) == ([group.pk], 3)
    assert on_desk(company.supplier_head).checks == []
    take_step(by=company.supplier_head, group=group, name="give_up", words="No time")
    assert on_desk(company.requester) is None


def test_each_is_told_what_is_news_to_them(company):
    group = at_work(company)
    tasked(company, group)
    meets(company, group)
    open_check(by=company.supplier_head, group=group)
    take_step(by=company.supplier_head, group=group, name="finish", words="One password for all")
    deliver("feedback.group_letters")
    deliver("feedback.group_letters")
    send_waiting()
    told = sorted((letter.to[0].split(".")[0], letter.subject) for letter in mail.outbox)
    name = "One sign-in"
    assert told == sorted([
        *((who, f"{what}: {name}") for who in ("hanna", "rita") for what in (
            "A joint group begins its work", "A joint group has a result", "How does the common work go? Five questions",
        )),
        ("hanna", f"You sit in a joint group: {name}"), ("rita", f"You sit in a joint group: {name}"),
        ("rita", f"You sit in a joint group: {name}"),
        ("rita", "A task in a joint group: List all sign-ins"),
    ])  # fmt: skip


def test_a_task_that_is_done_is_not_mailed_any_more(company):
    group = at_work(company)
    move_task(by=company.requester, task=tasked(company, group), state="done")
    deliver("feedback.group_letters")
    send_waiting()
    assert [letter.subject for letter in mail.outbox if "task" in letter.subject] == []


def test_the_invitation_carries_the_entry_for_the_calendar(company):
    group = at_work(company)
    meets(company, group, place="Room 2")
    deliver("feedback.group_letters")
    send_waiting()
    invited = [letter for letter in mail.outbox if letter.subject.startswith("Meeting planned")]
    assert sorted(letter.to[0].split(".")[0] for letter in invited) == ["hanna", "rita", "sofia"]
    assert ["LOCATION:Room 2" in str(letter.attachments[0][1]) for letter in invited] == [True, True, True]


def test_a_done_task_says_when_and_a_meeting_lasts(company):
    group = at_work(company)
    task = tasked(company, group)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupTask.objects.filter(pk=task.pk).update(state="done")
    with pytest.raises(WrongInput):
        plan_meeting(by=company.supplier_head, group=group, starts_at=timezone.now(), minutes=0)
