"""Series of talks between two departments, the talks, and the lines of a talk: agenda, decisions and tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.actions.models import CorrectiveAction
from feedback.talks.states import (
    BEGUN,
    HELD,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_PLACE,
    LONGEST_REASON,
    MOST_WEEKS,
    OPEN,
    PLANNED,
    USUAL_MINUTES,
    Kind,
    Point,
    State,
)
from requests_app.agreements.states import Side
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def parties_of(person: Person, prefix: str = "") -> Q:
    """talk.read: agents and heads of both departments, whoever is invited; executives and auditors read all."""
    hats = standing(person)
    invited = TalkSeries.people.through.objects.filter(person_id=hats.person_id).values("talkseries_id")
    found = Q(**{f"{prefix}supplier_id__in": hats.supplies_for}) | Q(**{f"{prefix}customer_id__in": hats.supplies_for})
    return found | Q(**{f"{prefix}pk__in": invited})


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "SeriesQuerySet":
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        return self.all() if hats.is_auditor or hats.is_executive else self.filter(parties_of(person))


class TalkSeries(models.Model):
    """Talks of two departments that come back: every few weeks, or at will. One for each kind.

    `version` counts changes; with that of a talk it numbers the entries that calendars get.
    """

    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    every_weeks = models.PositiveSmallIntegerField(default=1, help_text="0: at will")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 is Monday")
    at_time = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=USUAL_MINUTES)
    place = models.CharField(max_length=LONGEST_PLACE, blank=True, default="")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", db_table="talks_series_person")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = SeriesQuerySet.as_manager()

    class Meta:
        db_table = "talks_series"
        constraints = [
            models.UniqueConstraint(fields=["supplier", "customer", "kind"], name="one_series_of_each_kind"),
            models.CheckConstraint(condition=~Q(supplier=F("customer")), name="talk_between_two"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="talk_kind_is_known"),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST_MINUTES)), name="talk_ends_the_same_day"),
            models.CheckConstraint(
                condition=Q(every_weeks=0)
                | Q(every_weeks__range=(1, MOST_WEEKS), weekday__range=(0, 6), at_time__isnull=False),
                name="rhythm_of_talks_says_when",
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="talks_of_customer")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.supplier} – {self.customer}"

    @property
    def leader(self) -> Department:
        """Which department asks for the talk."""
        return self.supplier if self.kind == Kind.CUSTOMER else self.customer


class TalkQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "TalkQuerySet":
        return self.filter(series__in=TalkSeries.objects.visible_to(person).values("pk"))


class Talk(models.Model):
    """One talk. Beginning it turns what the data say into lines that stay; each side types its minutes."""

    series = models.ForeignKey(TalkSeries, on_delete=models.PROTECT, related_name="talks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    starts_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", help_text="Why it was called off.")
    notes_supplier = models.TextField(blank=True, default="")
    notes_customer = models.TextField(blank=True, default="")
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", db_table="talks_present")

    objects = TalkQuerySet.as_manager()

    class Meta:
        db_table = "talks_talk"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="talk_state_is_known"),
            models.UniqueConstraint(fields=["series"], condition=Q(state__in=OPEN), name="one_talk_at_a_time"),
            models.CheckConstraint(
                condition=Q(state=PLANNED, begun_at__isnull=True) | ~Q(state=PLANNED), name="planned_talk_has_not_begun"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[BEGUN, HELD]) | Q(begun_at__isnull=False), name="talk_says_when_it_began"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="ended_talk_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["series", "-starts_at"], name="talks_of_series"),
            models.Index(fields=["starts_at"], name="talks_to_come", condition=Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"talk {self.pk} of series {self.series_id}"

    def notes_of(self, side: str) -> str:
        return self.notes_supplier if side == Side.SUPPLIER else self.notes_customer


class TalkItem(models.Model):
    """A line of a talk: a point of the agenda, a decision, a task, a corrective action that was begun in it.

    Points from the data keep which row they are about and what its line said, not more; whoever may not see the row
    does not see the line.
    """

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=Point.choices)
    text = models.CharField(max_length=LONGEST_LINE, blank=True, default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    corrective_action = models.ForeignKey(
        CorrectiveAction, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "talks_item"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Point.values), name="talk_line_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=Point.TASK) | Q(owner__isnull=False, due_on__isnull=False),
                name="task_has_owner_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Point.OWN, Point.DECISION, Point.TASK, Point.CORRECTION]) | ~Q(text=""),
                name="typed_line_says_something",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(kind=Point.TASK), name="only_tasks_of_talks_are_done"
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], name="tasks_of_talks_open", condition=Q(kind="task", done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.text or f"{self.kind} {self.subject_id}"
