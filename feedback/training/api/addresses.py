"""Training over HTTP: courses, sessions, signing up, attendance, the test, certificates, coverage."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.actions.models import Cause
from feedback.training import certifying, coverage, moving, policies, selectors, services
from feedback.training.api.shapes import (
    AttemptShape,
    AttendanceBody,
    CertificateShape,
    CourseBody,
    CourseChangeBody,
    CourseShape,
    CoverageQuery,
    CoverageShape,
    ExamBody,
    ExamShape,
    SessionBody,
    SessionChangeBody,
    SessionPageShape,
    SessionShape,
    SessionsQuery,
    WhoBody,
    certificate_shape,
    course_shape,
    session_shape,
    session_whole,
)
from feedback.training.models import Certificate, Course, Session
from feedback.training.states import Question, questions_of
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department, people_for


def _department(person: Person, slug: str) -> Department:
    found = departments_for(person).filter(slug=slug).first()
    if found is None:
        raise WrongInput({"department": [_("There is none of this name. Give the short name, such as “it”.")]})
    return found


def _person(person: Person, email: str, name: str) -> Person:
    found = people_for(person).filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise WrongInput({name: [_("Nobody has this address. Give the one they sign in with.")]})
    return found


def _causes(wanted: list[int]) -> list[Cause]:
    causes = list(Cause.objects.in_the_tree().filter(pk__in=wanted))
    if len(causes) != len(set(wanted)):
        raise WrongInput({"causes": [_("There is no such cause. Choose among those of corrective actions.")]})
    return causes


def _questions(sent: list[dict[str, Any]]) -> list[Question]:
    return [Question(one["text"], one["kind"], tuple(one["options"]), frozenset(one["right"])) for one in sent]


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="courses_list",
        summary="Courses that are held, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(CourseShape), **api.refusals()},
    ),
    post=extend_schema(
        operation_id="courses_create",
        summary="A new course, with its short test",
        parameters=[api.IDEMPOTENCY_KEY],
        request=CourseBody,
        responses={201: CourseShape, **api.refusals(403, 409, 422)},
    ),
)
class CourseList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        return self.page(selectors.courses_for(request.user), ("-pk",), course_shape)

    @once
    def post(self, request: Request) -> Response:
        policies.require_keep_any(request.user)
        values = self.body(CourseBody)
        department = _department(request.user, values.pop("department"))
        causes, questions = _causes(values.pop("causes", [])), _questions(values.pop("questions", []))
        made = services.save_course(
            by=request.user, department=department, causes=causes, questions=questions, **values
        )
        return Response(course_shape(made), status=201)


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="courses_read", summary="A course", responses={200: CourseShape, **api.refusals(404)}
    ),
    patch=extend_schema(
        operation_id="courses_change",
        summary="Change a course; what is left out stays, what was certified too",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=CourseChangeBody,
        responses={200: CourseShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class CourseAddress(api.Address):
    def find(self, pk: int) -> Course:
        return selectors.get_course(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        return self._answer(self.found)

    @once
    def patch(self, request: Request, **names) -> Response:
        course = self.found
        policies.require_keep(request.user, course.department)
        values = self.body(CourseChangeBody, partial=True)
        slug, causes = values.pop("department", None), values.pop("causes", None)
        questions = values.pop("questions", None)
        changed = services.save_course(
            by=request.user, course=course, expected_version=api.expected_version(request),
            department=_department(request.user, slug) if slug else course.department,
            causes=course.causes.all() if causes is None else _causes(causes),
            questions=questions_of(course.questions) if questions is None else _questions(questions),
            **{name: getattr(course, name) for name in services.KEPT} | values,
        )  # fmt: skip
        return self._answer(changed)

    def _answer(self, course: Course) -> Response:
        return Response(course_shape(course), headers={"ETag": api.tag(course.version)})


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="trainings_list",
        summary="Sessions, of all courses or of one, newest first",
        parameters=[SessionsQuery],
        responses={200: api.page_of(SessionShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="trainings_plan",
        summary="Plan a session of a course",
        parameters=[api.IDEMPOTENCY_KEY],
        request=SessionBody,
        responses={201: SessionPageShape, **api.refusals(403, 409, 422)},
    ),
)
class SessionList(api.Address):
    query = SessionsQuery

    def get(self, request: Request) -> Response:
        pk = self.asked.get("course")
        course = selectors.get_course(person=request.user, pk=pk) if pk else None
        return self.page(selectors.sessions_for(request.user, course=course), ("-pk",), session_shape)

    @once
    def post(self, request: Request) -> Response:
        policies.require_keep_any(request.user)
        values = self.body(SessionBody)
        course = selectors.courses_for(request.user, closed=True).filter(pk=values.pop("course")).first()
        if course is None:
            raise WrongInput({"course": [_("There is no such course. Give the id of one that is held.")]})
        policies.require_keep(request.user, course.department)
        values["trainer"] = _person(request.user, values["trainer"], "trainer")
        made = services.plan_session(by=request.user, course=course, **values)
        return Response(session_whole(request.user, made.pk), status=201)


class OneSession(api.Address):
    def find(self, pk: int) -> Session:
        return selectors.get_session(person=self.request.user, pk=pk)

    def answer(self) -> Response:
        found = session_whole(self.request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["version"])})

    def who(self) -> Person:
        """Whom the body names; somebody else only for heads."""
        email = self.body(WhoBody).get("person")
        if not email or email.lower() == self.request.user.email.lower():
            return self.request.user
        if not standing(self.request.user).head_of:
            raise NotAllowed(_("Only a head signs up somebody else, and only their own people."))
        return _person(self.request.user, email, "person")


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="trainings_read",
        summary="A session, and where you stand in it",
        responses={200: SessionPageShape, **api.refusals(404)},
    ),
    patch=extend_schema(
        operation_id="trainings_change",
        summary="Another time, place, trainer or number of seats, until it begins; what is left out stays",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=SessionChangeBody,
        responses={200: SessionPageShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class SessionAddress(OneSession):
    def get(self, request: Request, **names) -> Response:
        return self.answer()

    @once
    def patch(self, request: Request, **names) -> Response:
        policies.require_keep(request.user, self.found.course.department)
        values = self.body(SessionChangeBody, partial=True)
        if "trainer" in values:
            values["trainer"] = _person(request.user, values["trainer"], "trainer")
        expected = api.expected_version(request)
        moving.change_session(by=request.user, session=self.found, expected_version=expected, **values)
        return self.answer()


def _act(name: str, summary: str, body: type | None) -> Any:
    return extend_schema_view(
        post=extend_schema(
            operation_id=name, summary=summary, parameters=[api.IDEMPOTENCY_KEY], request=body,
            responses={200: SessionPageShape, **api.refusals(403, 404, 409, 422)},
        )
    )  # fmt: skip


@extend_schema(tags=["Training"])
@_act("trainings_sign_up", "Take a seat, or stand in line: yourself, or one of your people", WhoBody)
class SignUp(OneSession):
    @once
    def post(self, request: Request, **names) -> Response:
        services.sign_up(by=request.user, session=self.found, person=self.who())
        return self.answer()


@extend_schema(tags=["Training"])
@_act("trainings_withdraw", "Leave; the first in line gets the seat", WhoBody)
class Withdraw(OneSession):
    @once
    def post(self, request: Request, **names) -> Response:
        services.withdraw(by=request.user, session=self.found, person=self.who())
        return self.answer()


@extend_schema(tags=["Training"])
@_act("trainings_attendance", "Who was there, by the ids of `signed_up`; for the trainer", AttendanceBody)
class Attendance(OneSession):
    @once
    def post(self, request: Request, **names) -> Response:
        policies.require_record(request.user, self.found)
        values = self.body(AttendanceBody)
        present = dict.fromkeys(values.get("absent", []), False) | dict.fromkeys(values["present"], True)
        certifying.record_attendance(by=request.user, session=self.found, present=present)
        return self.answer()


@extend_schema(tags=["Training"])
@_act("trainings_cancel", "It does not take place; everybody signed up is told", None)
class Cancel(OneSession):
    @once
    def post(self, request: Request, **names) -> Response:
        services.cancel_session(by=request.user, session=self.found)
        return self.answer()


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="trainings_test",
        summary="The short test, once you were there; by the id of your sign-up",
        responses={200: ExamShape, **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="trainings_answer",
        summary="Hand the test in; with the pass mark comes the certificate",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ExamBody,
        responses={200: AttemptShape, **api.refusals(404, 409, 412, 422)},
    ),
)
class Exam(api.Address):
    def find(self, pk: int) -> selectors.ExamPage:
        return selectors.exam_page(person=self.request.user, pk=pk)

    def get(self, request: Request, **names) -> Response:
        page = self.found
        return Response(
            {
                "signup": page.signup.pk, "course": page.course.name, "version": page.course.version,
                "pass_percent": page.course.pass_percent, "questions": page.questions, "tries": len(page.attempts),
                "certificate": page.certificate.pk if page.certificate else None,
            }
        )  # fmt: skip

    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(ExamBody)
        attempt = certifying.take_test(
            by=request.user, signup=self.found.signup, expected_version=values.get("version"),
            answers={place: frozenset(ticked) for place, ticked in enumerate(values["answers"])},
        )  # fmt: skip
        made = Certificate.objects.filter(signup=attempt.signup).first()
        told = {"right": attempt.right, "of": attempt.of, "passed": attempt.passed}
        return Response(told | {"certificate": made.pk if made else None})


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="certificates_list",
        summary="Your certificates, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(CertificateShape), **api.refusals()},
    )
)
class CertificateList(api.Address):
    query = api.PageQuery

    def get(self, request: Request) -> Response:
        rows = selectors.certificates_of(request.user)
        return self.page(rows, ("-pk",), lambda one: certificate_shape(request, one))


@extend_schema(tags=["Training"])
@extend_schema_view(
    get=extend_schema(
        operation_id="training_coverage",
        summary="How many of a department's current members hold a valid certificate of each course",
        parameters=[CoverageQuery],
        responses={200: CoverageShape, **api.refusals(404)},
    )
)
class CoverageAddress(api.Address):
    query = CoverageQuery

    def get(self, request: Request) -> Response:
        department = get_department(person=request.user, slug=self.asked["department"])
        covers = coverage.coverage_of(request.user, department, timezone.localdate())
        rows = [{"course": one.course.pk, "name": one.course.name, "n": one.n, "of": one.of} for one in covers]
        return Response({"department": department.slug, "courses": rows})


urlpatterns = [
    path("courses/", CourseList.as_view(), name="courses"),
    path("courses/<row:pk>/", CourseAddress.as_view(), name="course"),
    path("trainings/", SessionList.as_view(), name="trainings"),
    path("trainings/<row:pk>/", SessionAddress.as_view(), name="training"),
    path("trainings/<row:pk>/sign-up/", SignUp.as_view(), name="training_sign_up"),
    path("trainings/<row:pk>/withdraw/", Withdraw.as_view(), name="training_withdraw"),
    path("trainings/<row:pk>/attendance/", Attendance.as_view(), name="training_attendance"),
    path("trainings/<row:pk>/cancel/", Cancel.as_view(), name="training_cancel"),
    path("training-tests/<row:pk>/", Exam.as_view(), name="training_test"),
    path("certificates/", CertificateList.as_view(), name="certificates"),
    path("training-coverage/", CoverageAddress.as_view(), name="training_coverage"),
]
