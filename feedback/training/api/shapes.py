"""What is sent and answered about training."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from feedback.training import papers, selectors
from feedback.training.models import Certificate, Course, Recommendation, Session
from feedback.training.states import (
    LONGEST_NAME,
    LONGEST_OPTION,
    LONGEST_TEXT,
    LONGEST_WHERE,
    MOST_HOURS,
    MOST_MONTHS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_SEATS,
    Answer,
    Place,
)
from requests_app.kernel import api
from requests_app.org.models import Person


class CourseShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    text = serializers.CharField()
    department = serializers.CharField(help_text="Who holds it.")
    hours = serializers.IntegerField()
    valid_months = serializers.IntegerField()
    pass_percent = serializers.IntegerField()
    questions = serializers.IntegerField(help_text="How many the short test asks.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class SessionShape(api.Shape):
    id = serializers.IntegerField()
    course = serializers.IntegerField()
    name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()
    place = serializers.CharField()
    link = serializers.CharField()
    trainer = serializers.CharField()
    seats = serializers.IntegerField()
    taken = serializers.IntegerField()
    cancelled = serializers.BooleanField()
    version = serializers.IntegerField(help_text="Counts changes of the session.")


class SittingShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    department = serializers.CharField()
    state = serializers.ChoiceField(Place.choices)
    attended = serializers.BooleanField(allow_null=True, help_text="null: not recorded yet")


class SessionPageShape(SessionShape):
    waiting = serializers.IntegerField()
    place_in_line = serializers.IntegerField(help_text="0: you do not wait.")
    signed_up = SittingShape(many=True, help_text="Yourself and whom you lead; all for who holds the course.")


class AskedShape(api.Shape):
    place = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(Answer.choices)
    options = serializers.ListField(child=serializers.CharField())


class ExamShape(api.Shape):
    signup = serializers.IntegerField()
    course = serializers.CharField()
    version = serializers.IntegerField()
    pass_percent = serializers.IntegerField()
    questions = AskedShape(many=True, help_text="Without which answers are right.")
    tries = serializers.IntegerField()
    certificate = serializers.IntegerField(allow_null=True)


class AttemptShape(api.Shape):
    right = serializers.IntegerField()
    of = serializers.IntegerField()
    passed = serializers.BooleanField()
    certificate = serializers.IntegerField(allow_null=True)


class CertificateShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    attended_on = serializers.DateField()
    valid_until = serializers.DateField()
    pdf = serializers.CharField()
    check = serializers.CharField(help_text="Shows to anybody signed in whether it is genuine and valid.")


class RecommendationShape(api.Shape):
    id = serializers.IntegerField()
    course = serializers.IntegerField()
    name = serializers.CharField()
    department = serializers.CharField(help_text="To which it is recommended.")
    action = serializers.IntegerField(help_text="The corrective action whose cause led to it.")
    at = serializers.DateTimeField()
    ended = serializers.BooleanField(help_text="Dismissed, or somebody got the certificate.")


class CoverShape(api.Shape):
    course = serializers.IntegerField()
    name = serializers.CharField()
    n = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people, and you do not lead them.")
    of = serializers.IntegerField()


class CoverageShape(api.Shape):
    department = serializers.CharField()
    courses = CoverShape(many=True)


class QuestionBody(api.StrictSerializer):
    text = api.Text(max_length=LONGEST_OPTION)
    kind = serializers.ChoiceField(Answer.choices)
    options = serializers.ListField(child=api.Text(max_length=LONGEST_OPTION), max_length=MOST_OPTIONS)
    right = serializers.ListField(
        child=api.WholeNumber(min_value=0, max_value=MOST_OPTIONS), max_length=MOST_OPTIONS,
        help_text="Places of the right options, from 0.",
    )  # fmt: skip


class CourseBody(api.StrictSerializer):
    department = api.Slug()
    name = api.Text(max_length=LONGEST_NAME)
    text = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    hours = api.WholeNumber(min_value=1, max_value=MOST_HOURS)
    valid_months = api.WholeNumber(min_value=1, max_value=MOST_MONTHS)
    pass_percent = api.WholeNumber(min_value=1, max_value=100, required=False)
    questions = serializers.ListField(child=QuestionBody(), required=False, max_length=MOST_QUESTIONS)
    causes = serializers.ListField(
        child=api.WholeNumber(min_value=1, max_value=2**31), required=False, max_length=50,
        help_text="Ids of the causes after which it is recommended.",
    )  # fmt: skip


class CourseChangeBody(CourseBody):
    is_active = api.YesOrNo(required=False, help_text="Whether it is held.")


class SessionChangeBody(api.StrictSerializer):
    starts_at = api.Moment()
    ends_at = api.Moment()
    zone = api.Text(max_length=60)
    seats = api.WholeNumber(min_value=1, max_value=MOST_SEATS)
    trainer = api.Text(max_length=254, help_text="E-mail address.")
    place = api.Text(max_length=LONGEST_WHERE, required=False, allow_blank=True)
    link = api.Text(max_length=LONGEST_WHERE, required=False, allow_blank=True)


class SessionBody(SessionChangeBody):
    course = api.WholeNumber(min_value=1, max_value=10**15)


class WhoBody(api.StrictSerializer):
    person = api.Text(max_length=254, required=False, help_text="E-mail of one of your people; yourself without it.")


class AttendanceBody(api.StrictSerializer):
    present = serializers.ListField(child=api.WholeNumber(min_value=1, max_value=10**15), max_length=MOST_SEATS)
    absent = serializers.ListField(
        child=api.WholeNumber(min_value=1, max_value=10**15), max_length=MOST_SEATS, required=False
    )


class ExamBody(api.StrictSerializer):
    answers = serializers.ListField(
        child=serializers.ListField(
            child=api.WholeNumber(min_value=0, max_value=MOST_OPTIONS), max_length=MOST_OPTIONS
        ),
        max_length=MOST_QUESTIONS, help_text="For each question in order the places of the ticked options.",
    )  # fmt: skip
    version = api.WholeNumber(min_value=0, max_value=10**9, required=False)


class SessionsQuery(api.PageQuery):
    course = api.WholeNumber(min_value=1, max_value=10**15, required=False)


class CoverageQuery(api.Query):
    department = api.Slug()


def course_shape(course: Course) -> dict[str, Any]:
    return {
        "id": course.pk, "name": course.name, "text": course.text, "department": course.department.slug,
        "hours": course.hours, "valid_months": course.valid_months, "pass_percent": course.pass_percent,
        "questions": len(course.questions), "is_active": course.is_active, "version": course.version,
    }  # fmt: skip


def recommendation_shape(one: Recommendation) -> dict[str, Any]:
    return {
        "id": one.pk, "course": one.course_id, "name": one.course.name, "department": one.department.slug,
        "action": one.action_id, "at": one.at, "ended": one.ended_at is not None,
    }  # fmt: skip


def session_shape(session: Session) -> dict[str, Any]:
    return {
        "id": session.pk, "course": session.course_id, "name": session.course.name, "starts_at": session.starts_at,
        "ends_at": session.ends_at, "zone": session.zone, "place": session.place, "link": session.link,
        "trainer": session.trainer.name, "seats": session.seats, "taken": session.taken,
        "cancelled": session.cancelled_at is not None, "version": session.version,
    }  # fmt: skip


def session_whole(person: Person, pk: int) -> dict[str, Any]:
    page = selectors.session_page(person=person, pk=pk)
    rows = [
        {"id": one.signup.pk, "name": one.name, "department": one.department, "state": one.signup.state,
         "attended": one.signup.attended}
        for one in page.sittings
    ]  # fmt: skip
    return session_shape(page.session) | {
        "waiting": page.waiting, "place_in_line": page.place_in_line, "signed_up": rows,
    }  # fmt: skip


def certificate_shape(request: Request, one: Certificate) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "attended_on": one.attended_on, "valid_until": one.valid_until,
        "pdf": api.link(request, reverse("training:certificate", args=[one.pk])),
        "check": api.link(request, papers.check_path(one)),
    }  # fmt: skip
