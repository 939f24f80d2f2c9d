"""Who was there, the short test, and the certificate that follows from both."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.training import policies
from feedback.training.models import Attempt, Certificate, Course, Recommendation, Session, Signup
from feedback.training.services import lock_session
from feedback.training.states import SEATED, TRIES_A_DAY, Answer, count_right, has_passed, questions_of, valid_until
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.org.models import Person


@transaction.atomic
def record_attendance(
    *, by: Person, session: Session, present: Mapping[int, bool], now: datetime | None = None
) -> Session:
    """Who was there, by the id of their sign-up. Possible from the start on; what is certified is not taken back."""
    now = now or timezone.now()
    session = lock_session(session.pk)
    policies.require_record(by, session)
    if session.cancelled_at is not None or session.starts_at > now:
        raise IllegalMove(_("Who was there is recorded once it has begun."))
    rows = {row.pk: row for row in session.signups.filter(state=SEATED).select_related("person", "certificate")}
    unknown = set(present) - rows.keys()
    if unknown:
        raise WrongInput({"present": [_("Not everybody named here has a seat in this session.")]})
    for pk, attended in sorted(present.items()):
        _attend(rows[pk], session, attended, by, now)
    return session


def _attend(signup: Signup, session: Session, attended: bool, by: Person, now: datetime) -> None:
    if signup.attended == attended:
        return
    if signup.person_id == by.pk:
        raise NotAllowed(_("Nobody records their own attendance."), needed=_("The trainer does."))
    if not attended and hasattr(signup, "certificate"):
        raise IllegalMove(_("%(name)s has a certificate of this session already.") % {"name": signup.person.name})
    before, signup.attended = signup.attended, attended
    signup.save(update_fields=["attended"])
    _record("training.attended", signup, session.course, by, now, {"attended": attended, "before": before})
    if attended and not session.course.questions:
        _certify(signup, session, now)


def _record(
    kind: str, signup: Signup, course: Course, by: Person | None, at: datetime, more: Mapping[str, Any] | None = None
) -> None:
    data = {"course": course.pk, "department": signup.department_id, "person": signup.person_id, "signup": signup.pk}
    record(
        kind=kind, subject_kind="training", subject_id=signup.session_id, by=by, at=at, data={**data, **(more or {})}
    )


@transaction.atomic
def take_test(
    *,
    by: Person,
    signup: Signup,
    answers: Mapping[int, frozenset[int]],
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Attempt:
    """Judge and keep the answers, whatever they are; with the pass mark comes the certificate.

    `answers`: the places of the ticked options, by the place of the question, both from 0.
    """
    now = now or timezone.now()
    signup = Signup.objects.select_for_update(of=("self",)).select_related("session__course").get(pk=signup.pk)
    course = signup.session.course
    if signup.person_id != by.pk:
        raise NotAllowed(_("This test is somebody else's."), needed=_("Take the one of your own session."))
    _require_ready(signup, course, now)
    if expected_version is not None and expected_version != course.version:
        raise StaleVersion(_("The questions were changed since you opened them. Answer these, please."))
    questions = questions_of(course.questions)
    _require_possible(questions, answers)
    right = count_right(questions, answers)
    attempt = Attempt.objects.create(
        signup=signup, version=course.version, answers=[sorted(answers.get(n, ())) for n in range(len(questions))],
        right=right, of=len(questions), passed=has_passed(right, len(questions), course.pass_percent), at=now,
    )  # fmt: skip
    _record("training.tested", signup, course, by, now, {"attempt": attempt.pk, "passed": attempt.passed})
    if attempt.passed:
        _certify(signup, signup.session, now)
    return attempt


def _require_ready(signup: Signup, course: Course, now: datetime) -> None:
    if not signup.attended:
        raise IllegalMove(_("The test opens once the trainer has recorded that you were there."))
    if not course.questions:
        raise IllegalMove(_("This course has no test."))
    if Certificate.objects.filter(signup=signup).exists():
        raise IllegalMove(_("You have passed this test."))
    if signup.attempts.filter(at__gt=now - timedelta(days=1)).count() >= TRIES_A_DAY:
        raise DomainError(_("You have tried three times in a day. Read it up, and come back tomorrow."))


def _require_possible(questions: list, answers: Mapping[int, frozenset[int]]) -> None:
    for place, ticked in answers.items():
        known = 0 <= place < len(questions)
        if not known or not ticked <= set(range(len(questions[place].options))):
            raise WrongInput({"answers": [_("There is no such answer. Choose among those of the test.")]})
        if questions[place].kind == Answer.SINGLE and len(ticked) > 1:
            raise WrongInput({"answers": [_("Question %(n)s: choose one answer.") % {"n": place + 1}]})


def _certify(signup: Signup, session: Session, now: datetime) -> Certificate:
    """Once for each session; it ends what was recommended to the department."""
    course = session.course
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date()
    certificate, made = Certificate.objects.get_or_create(
        signup=signup,
        defaults={
            "course": course, "person_id": signup.person_id, "name": course.name, "hours": course.hours,
            "attended_on": day, "issued_at": now, "valid_until": valid_until(day, course.valid_months),
        },
    )  # fmt: skip
    if made:
        _record("training.certified", signup, course, None, now, {"certificate": certificate.pk})
        open_rows = Recommendation.objects.filter(course=course, department=signup.department_id, ended_at=None)
        open_rows.filter(at__lte=now).update(ended_at=now)
    return certificate
