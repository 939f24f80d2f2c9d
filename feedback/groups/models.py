"""Joint groups, who sits in them, their tasks, meetings and wall checks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.groups.states import (
    CANCELLED,
    DONE,
    FINISHED,
    FORMING,
    GIVEN_UP,
    GOING,
    HELD,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_WORDS,
    MOST_WEEKS,
    PLANNED,
    TO_DO,
    USUAL_MINUTES,
    Criterion,
    MeetingState,
    State,
    TaskState,
)
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class GroupQuerySet(models.QuerySet):
    def listed_for(self, person: Person) -> "GroupQuerySet":
        """Name, goal, departments and result are everybody's; partners know of those that they or theirs are in."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if not hats.is_partner:
            return self.all()
        mine = Q(person_id=hats.person_id) | Q(department_id__in=hats.member_of)
        return self.filter(pk__in=GroupMember.objects.current().filter(mine).values("group_id"))

    def visible_to(self, person: Person) -> "GroupQuerySet":
        """Board, meetings and checks: members, heads of the departments that sit in it, executives and auditors."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        if hats.is_auditor or hats.is_executive:
            return self.all()
        mine = Q(person_id=hats.person_id) | Q(department_id__in=hats.head_of)
        return self.filter(pk__in=GroupMember.objects.current().filter(mine).values("group_id"))


class JointGroup(models.Model):
    """People of at least two departments with one goal (migration 0015 holds that at the end of each transaction)."""

    name = models.CharField(max_length=LONGEST_NAME)
    goal = models.TextField(max_length=LONGEST_WORDS, help_text="What is to be true afterwards.")
    state = models.CharField(max_length=8, choices=State.choices, default=FORMING)
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of the period.")
    every_weeks = models.PositiveSmallIntegerField(default=2, help_text="Between two meetings; 0: at will.")
    zone = models.CharField(max_length=60)
    result = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="", help_text="Why it was given up.")
    ended_at = models.DateTimeField(null=True, blank=True)
    founded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()

    objects = GroupQuerySet.as_manager()

    class Meta:
        db_table = "groups_group"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="group_state_is_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(goal=""), name="group_has_name_and_goal"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="group_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(every_weeks__lte=MOST_WEEKS), name="group_meets_twice_a_year"),
            models.CheckConstraint(condition=~Q(state=FINISHED) | ~Q(result=""), name="finished_group_says_its_result"),
            models.CheckConstraint(condition=~Q(state=GIVEN_UP) | ~Q(reason=""), name="given_up_group_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=GOING, ended_at__isnull=True) | (~Q(state__in=GOING) & Q(ended_at__isnull=False)),
                name="ended_group_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet):
    def current(self) -> "MemberQuerySet":
        return self.filter(left_at__isnull=True)


class GroupMember(models.Model):
    """Somebody who sits in a group for a department. Who left stays as the one whose tasks they were."""

    group = models.ForeignKey(JointGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    leads = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        db_table = "groups_member"
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="person_sits_once_in_a_group")]
        indexes = [
            models.Index(fields=["person"], name="groups_of_person", condition=Q(left_at__isnull=True)),
            models.Index(fields=["department"], name="groups_of_department", condition=Q(left_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class Meeting(models.Model):
    """A coordination talk of a group: when, who was there, what was said and decided."""

    group = models.ForeignKey(JointGroup, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=9, choices=MeetingState.choices, default=PLANNED)
    version = models.PositiveIntegerField(default=1)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=USUAL_MINUTES)
    place = models.CharField(max_length=LONGEST_PLACE, blank=True, default="")
    notes = models.TextField(blank=True, default="", help_text="Its minutes.")
    decisions = models.TextField(blank=True, default="", help_text="One a line.")
    reason = models.TextField(blank=True, default="", help_text="Why it was called off.")
    held_at = models.DateTimeField(null=True, blank=True)
    present = models.ManyToManyField(GroupMember, related_name="+", db_table="groups_present")

    class Meta:
        db_table = "groups_meeting"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="group_meeting_state_is_known"),
            models.UniqueConstraint(fields=["group"], condition=Q(state=PLANNED), name="one_group_meeting_at_a_time"),
            models.CheckConstraint(
                condition=Q(state=HELD, held_at__isnull=False) | (~Q(state=HELD) & Q(held_at__isnull=True)),
                name="held_group_meeting_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=CANCELLED) | ~Q(reason=""), name="cancelled_group_meeting_says_why"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, LONGEST_MINUTES)), name="group_meeting_ends_the_same_day"
            ),
        ]
        indexes = [models.Index(fields=["group", "-starts_at"], name="meetings_of_group")]

    def __str__(self) -> str:
        return f"meeting {self.pk} of group {self.group_id}"


class GroupTask(models.Model):
    """Something on the board of a group: that of its owner, who is a member of it."""

    owner = models.ForeignKey(GroupMember, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(max_length=LONGEST_LINE)
    due_on = models.DateField()
    state = models.CharField(max_length=5, choices=TaskState.choices, default=TO_DO)
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True, help_text="Of this day; another day begins anew.")

    class Meta:
        db_table = "groups_task"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="group_task_state_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="group_task_says_something"),
            models.CheckConstraint(
                condition=Q(state=DONE, done_at__isnull=False) | (~Q(state=DONE) & Q(done_at__isnull=True)),
                name="done_group_task_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="open_tasks_of_member", condition=~Q(state=DONE)),
            models.Index(
                fields=["due_on"],
                name="group_tasks_to_tell_of",
                condition=~Q(state=DONE) & Q(late_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WallCheck(models.Model):
    """A round in which each member says once how the common work goes."""

    group = models.ForeignKey(JointGroup, on_delete=models.CASCADE, related_name="checks")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "groups_wallcheck"
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(closed_at__isnull=True), name="one_open_wall_check_a_group"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="wall_check_closes_later"
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.pk} of group {self.group_id}"


class WallAnswer(models.Model):
    """One member's five numbers, 1 to 5. No page, no address and no event tells them one by one."""

    check_round = models.ForeignKey(WallCheck, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(GroupMember, on_delete=models.PROTECT, related_name="+")
    budget = models.PositiveSmallIntegerField()
    schedule = models.PositiveSmallIntegerField()
    specification = models.PositiveSmallIntegerField()
    customer = models.PositiveSmallIntegerField()
    goals = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "groups_wallanswer"
        constraints = [
            models.UniqueConstraint(fields=["check_round", "member"], name="one_wall_answer_a_member"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": (1, 5) for name in Criterion.values}), name="wall_answer_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"answer to check {self.check_round_id}"
