"""A joint group of IT and Sales: founded by the head of IT, who leads it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.groups.models import GroupMember, GroupTask, JointGroup, Meeting
from feedback.groups.services import bring_in, found, take_step
from feedback.groups.working import answer_check, give_task, open_check, plan_meeting, take_meeting_step
from requests_app.org.models import Person
from tests.factories.company import Company

GOOD, POOR = dict.fromkeys(("budget", "schedule", "specification", "customer", "goals"), 4), {
    "budget": 1, "schedule": 1, "specification": 1, "customer": 4, "goals": 5,
}  # fmt: skip


def founded(company: Company, **more: Any) -> JointGroup:
    """The heads of IT and Sales sit in it, and the requester for Sales."""
    today = timezone.localdate()
    values = {
        "by": company.supplier_head, "department": company.it, "others": [company.sales], "name": "One sign-in",
        "goal": "Nobody needs a second password.", "starts_on": today, "ends_on": today + timedelta(days=90),
    }  # fmt: skip
    group = found(**(values | more))
    bring_in(by=company.supplier_head, group=group, person=company.requester, department=company.sales)
    return group


def at_work(company: Company, **more: Any) -> JointGroup:
    return take_step(by=company.supplier_head, group=founded(company, **more), name="begin")


def seat_of(group: JointGroup, person: Person) -> GroupMember:
    return group.members.get(person=person)


def tasked(company: Company, group: JointGroup, **more: Any) -> GroupTask:
    values = {
        "by": company.supplier_head, "owner": seat_of(group, company.requester), "text": "List all sign-ins",
        "due_on": timezone.localdate() + timedelta(days=3),
    }  # fmt: skip
    return give_task(group=group, **(values | more))


def meets(company: Company, group: JointGroup, **more: Any) -> Meeting:
    values = {"starts_at": timezone.now() + timedelta(hours=2)}
    return plan_meeting(by=company.supplier_head, group=group, **(values | more))


def met(company: Company, group: JointGroup) -> Meeting:
    meeting = meets(company, group)
    return take_meeting_step(
        by=company.supplier_head, meeting=meeting, name="hold", notes="We listened", decisions="One directory"
    )


def asked(company: Company, group: JointGroup) -> None:
    open_check(by=company.supplier_head, group=group)
    answer_check(by=company.supplier_head, group=group, values=GOOD)
