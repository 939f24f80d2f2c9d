"""What IT teaches: one course with a short test, sessions of it, and people of Sales in them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.training.certifying import record_attendance, take_test
from feedback.training.models import Course, Recommendation, Session, Signup
from feedback.training.papers import signature_of
from feedback.training.services import plan_session, save_course, sign_up
from feedback.training.states import Question
from requests_app.org.models import Department, Person
from tests.factories.actions import opened
from tests.factories.company import Company

QUESTIONS = (
    Question("Who decides whether a delivery is right?", "single", ("The supplier", "The customer"), frozenset({1})),
    Question("What belongs into a handover?", "multiple", ("A reason", "Blame", "A new owner"), frozenset({0, 2})),
)
RIGHT = {0: frozenset({1}), 1: frozenset({0, 2})}
WRONG = {0: frozenset({0}), 1: frozenset({0})}
HOURS = timedelta(hours=2)


def course_of(company: Company, **more: Any) -> Course:
    """Held by IT: two hours, holds two years, both questions have to be right."""
    values: dict[str, Any] = {"name": "Serving each other", "text": "What we owe each other.", "hours": 2}
    values |= {"valid_months": 24, "pass_percent": 80, "questions": QUESTIONS}
    return save_course(by=company.supplier_head, department=company.it, **(values | more))


def session_of(company: Company, course: Course | None = None, *, seats: int = 2, **more: Any) -> Session:
    """A week ahead in Berlin, trained by an agent of IT."""
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    values: dict[str, Any] = {"starts_at": starts, "ends_at": starts + HOURS, "zone": "Europe/Berlin"}
    values |= {"place": "Room 4", "trainer": company.agent, "by": company.supplier_head}
    return plan_session(course=course or course_of(company), seats=seats, **(values | more))


def begun(session: Session, *, ago: timedelta = timedelta(hours=3)) -> Session:
    """The same session, some time after it began: time is moved, as nobody can sign up afterwards."""
    session.starts_at = timezone.now() - ago
    session.ends_at = session.starts_at + HOURS
    session.save(update_fields=["starts_at", "ends_at"])
    return session


def attended(company: Company, person: Person | None = None, course: Course | None = None, **more: Any) -> Signup:
    """Somebody, the requester if nobody is named, was there; the test is still to be taken."""
    session = session_of(company, course)
    signup = sign_up(by=person or company.requester, session=session)
    record_attendance(by=company.agent, session=begun(session, **more), present={signup.pk: True})
    signup.refresh_from_db()
    return signup


def certified(company: Company, person: Person | None = None, course: Course | None = None, **more: Any) -> Signup:
    """The same, and passed."""
    signup = attended(company, person, course, **more)
    take_test(by=signup.person, signup=signup, answers=RIGHT)
    return signup


def recommended(company: Company, department: Department, course: Course | None = None) -> Recommendation:
    """Because of a corrective action of IT."""
    course = course or course_of(company)
    return Recommendation.objects.create(course=course, department=department, action=opened(company))


def in_every_stage(company: Company, *, trainer: Person) -> dict[str, Any]:
    """Names for addresses: a session to come with the requester in it, one to record, a test, a certificate, a hint."""
    course = course_of(company)
    coming = session_of(company, course, seats=20, trainer=trainer, by=company.admin)
    sign_up(by=company.requester, session=coming)
    held = session_of(company, course, trainer=company.assigned)
    unrecorded = sign_up(by=company.requester, session=held)
    begun(held)
    certificate = certified(company, course=course).certificate
    recommendation = recommended(company, company.it, course)
    return {
        "course": course.pk, "training": coming.pk, "training_held": held.pk, "training_unrecorded": unrecorded.pk,
        "training_test": attended(company, course=course).pk, "certificate": certificate.pk,
        "certificate_signature": signature_of(certificate), "recommendation": recommendation.pk,
        "requester_pk": company.requester.pk,
    }  # fmt: skip
