"""Courses, their sessions, who sits in them, the tests, the certificates, and what is recommended to departments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from feedback.actions.models import Cause, CorrectiveAction
from feedback.training.states import LONGEST_NAME, LONGEST_WHERE, MOST_HOURS, MOST_MONTHS, MOST_SEATS, Place
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class CourseQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "CourseQuerySet":
        """Everybody in the company; partners are not trained here."""
        hats = standing(person)
        return self.none() if not hats.person_id or hats.is_partner else self.all()


class Course(models.Model):
    """What is taught, by whom, for how long it holds. `questions`: as states.Question; answers are never sent."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    text = models.TextField(blank=True, default="")
    hours = models.PositiveSmallIntegerField()
    valid_months = models.PositiveSmallIntegerField()
    pass_percent = models.PositiveSmallIntegerField(default=80)
    questions = models.JSONField(default=list, blank=True)
    causes = models.ManyToManyField(Cause, blank=True, related_name="+", db_table="training_course_cause")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = CourseQuerySet.as_manager()

    class Meta:
        db_table = "training_course"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="course_has_a_name"),
            models.UniqueConstraint(fields=["department", "name"], name="course_named_once"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="course_takes_hours"),
            models.CheckConstraint(
                condition=Q(valid_months__gte=1, valid_months__lte=MOST_MONTHS), name="course_holds_for_months"
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100), name="pass_mark_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """One time at which a course is held. `taken` and `arrivals` change only under a lock of this row.

    `version` counts changes; `reminded_at` is emptied when it begins at another time.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    place = models.CharField(max_length=LONGEST_WHERE, blank=True, default="")
    link = models.URLField(max_length=LONGEST_WHERE, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    seats = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    arrivals = models.PositiveIntegerField(default=0)
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "training_session"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=MOST_SEATS), name="session_has_seats"),
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="no_more_seated_than_seats"),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="session_is_somewhere"),
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_by_start")]

    def __str__(self) -> str:
        return f"{self.course_id} at {self.starts_at}"


class Signup(models.Model):
    """Somebody in a session, once; `arrival` is their number in the queue. `attended` None: not recorded yet."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="signups")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Place.choices)
    arrival = models.PositiveIntegerField()
    attended = models.BooleanField(null=True, blank=True)

    class Meta:
        db_table = "training_signup"
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_signup_each"),
            models.UniqueConstraint(fields=["session", "arrival"], name="arrivals_in_order"),
            models.CheckConstraint(condition=Q(state__in=Place.values), name="signup_state_is_known"),
            models.CheckConstraint(condition=Q(attended__isnull=True) | Q(state="seated"), name="only_seated_attend"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="signup_of_person"),
            models.Index(fields=["department", "session"], name="attended_by", condition=Q(attended=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.session_id}"


class Attempt(models.Model):
    """A test as it was answered, with the version of the course it was judged by. Kept for good."""

    signup = models.ForeignKey(Signup, on_delete=models.PROTECT, related_name="attempts")
    version = models.PositiveIntegerField()
    answers = models.JSONField(help_text="Places of the ticked options, for each question.")
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "training_attempt"
        constraints = [models.CheckConstraint(condition=Q(right__lte=F("of")), name="no_more_right_than_asked")]

    def __str__(self) -> str:
        return f"{self.right} of {self.of}"


class Certificate(models.Model):
    """Somebody attended and passed. Name and hours are those of the course at that time."""

    signup = models.OneToOneField(Signup, on_delete=models.PROTECT, related_name="certificate")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    hours = models.PositiveSmallIntegerField()
    attended_on = models.DateField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "training_certificate"
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("attended_on")), name="certificate_holds_for_a_while")
        ]
        indexes = [
            models.Index(fields=["course", "person", "valid_until"], name="certificate_of_course"),
            models.Index(fields=["valid_until"], name="certificate_to_tell_of", condition=Q(reminded_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Recommendation(models.Model):
    """A course for a department, because of what caused one of its corrective actions."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(CorrectiveAction, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "training_recommendation"
        constraints = [models.UniqueConstraint(fields=["course", "action"], name="recommended_once_for_each_action")]
        indexes = [models.Index(fields=["department"], name="recommended_to", condition=Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.course_id} for {self.department_id}"
