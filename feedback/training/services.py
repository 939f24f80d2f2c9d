"""Holding courses, signing up and leaving; each in one transaction, the session locked first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.models import Cause
from feedback.training import policies
from feedback.training.models import Course, Recommendation, Session, Signup
from feedback.training.states import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WHERE,
    MOST_HOURS,
    MOST_MONTHS,
    MOST_SEATS,
    SEATED,
    WAITING,
    WITHDRAWN,
    Question,
    faults_of,
    too_many,
)
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput, check_text, require_text
from requests_app.kernel.zones import zones
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

KEPT = ("name", "text", "hours", "valid_months", "pass_percent", "is_active")
LINKS = ("https://", "http://")  # nothing that a click would run
LIMITS = {"hours": MOST_HOURS, "valid_months": MOST_MONTHS, "pass_percent": 100}


@transaction.atomic
def save_course(
    *,
    by: Person,
    department: Department,
    course: Course | None = None,
    causes: Iterable[Cause] = (),
    questions: Iterable[Question] = (),
    expected_version: int | None = None,
    **values: Any,
) -> Course:
    """Make a course, or change the one given; `values` are those of KEPT. What was certified stays as it was."""
    policies.require_keep(by, department)
    if course is not None:
        course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
        policies.require_keep(by, course.department)
        if expected_version is not None and expected_version != course.version:
            raise StaleVersion(_("Somebody changed this course since you opened it. Look at it again, then decide."))
    before = _values_of(course) if course else {}
    row = course or Course(version=0)
    row.department = department
    for name, value in _checked(values).items():
        setattr(row, name, value)
    row.questions = [one.as_data() for one in _asked(list(questions))]
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise WrongInput({"name": [_("There is a course of this name already. Choose another one.")]}) from error
    row.causes.set(causes)
    data = {"what": "course", "before": before, "after": _values_of(row)}
    record(kind="config.changed", subject_kind="course", subject_id=row.pk, by=by, data=data)
    return row


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: values[name] for name in KEPT if name in values}
    found["name"] = require_text("name", found.get("name", ""), longest=LONGEST_NAME)
    found["text"] = check_text("text", found.get("text", "").strip(), longest=LONGEST_TEXT)
    for name, most in LIMITS.items():
        if name in found and not 1 <= found[name] <= most:
            raise WrongInput({name: [_("Give a whole number from 1 to %(most)s.") % {"most": most}]})
    return found


def _asked(questions: list[Question]) -> list[Question]:
    for one in questions:
        for text in (one.text, *one.options):
            check_text("questions", text)
    wrong = [words for number, one in enumerate(questions, start=1) for words in faults_of(one, number)]
    if wrong := wrong + too_many(questions):
        raise WrongInput({"questions": wrong})
    return questions


def _values_of(course: Course) -> dict[str, Any]:
    known = {name: getattr(course, name) for name in KEPT if name != "text"}
    return known | {"department": course.department_id, "questions": len(course.questions)}


@transaction.atomic
def plan_session(
    *,
    by: Person,
    course: Course,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    seats: int,
    trainer: Person,
    place: str = "",
    link: str = "",
    now: datetime | None = None,
) -> Session:
    """A time and place at which the course is held; in the past only what is told by `now` to be still to come."""
    policies.require_keep(by, course.department)
    now = now or timezone.now()
    if not course.is_active:
        raise IllegalMove(_("This course is not held any more. Open it again first."))
    session = Session(
        course=course, starts_at=starts_at, ends_at=ends_at, zone=zone, seats=seats, trainer=trainer,
        place=place, link=link,
    )  # fmt: skip
    check_session(session, now)
    session.save()
    record_session("training.planned", session, by, now)
    return session


def check_session(session: Session, now: datetime) -> None:
    """Trim what is typed, and name all that is wrong with a session that is still to be held."""
    session.place = check_text("place", session.place.strip(), longest=LONGEST_WHERE)
    session.link = link = check_text("link", session.link.strip(), longest=LONGEST_WHERE)
    most = MOST_SEATS
    faults = [
        ("starts_at", session.starts_at <= now, _("It begins in the past. Choose a later time.")),
        ("ends_at", session.ends_at <= session.starts_at, _("It has to end after it begins.")),
        ("zone", session.zone not in zones(), _("There is no time zone of this name.")),
        ("seats", not 1 <= session.seats <= most, _("Give a whole number from 1 to %(most)s.") % {"most": most}),
        ("place", not session.place and not link, _("Say where: a place, a link, or both.")),
        ("link", bool(link) and not link.startswith(LINKS), _("A link begins with https://.")),
        ("trainer", not session.trainer.is_active, _("This person has left. Choose somebody else.")),
    ]
    if wrong := {name: [words] for name, is_wrong, words in faults if is_wrong}:
        raise WrongInput(wrong)


def lock_session(pk: int) -> Session:
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("course__department", "trainer").get(pk=pk)


def record_session(
    kind: str, session: Session, by: Person | None, at: datetime, signup: Signup | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    data: dict[str, Any] = {"course": session.course_id, **(more or {})}
    data |= {"department": signup.department_id if signup else session.course.department_id}
    if signup is not None:
        data |= {"person": signup.person_id, "signup": signup.pk}
    record(kind=kind, subject_kind="training", subject_id=session.pk, by=by, at=at, data=data)


def _require_before_start(session: Session, now: datetime) -> None:
    if session.cancelled_at is not None:
        raise IllegalMove(_("This session was cancelled. Choose another one."))
    if session.starts_at <= now:
        raise IllegalMove(_("It has begun; signing up and leaving were possible until then."))


@transaction.atomic
def sign_up(*, by: Person, session: Session, person: Person | None = None, now: datetime | None = None) -> Signup:
    """A seat, or the end of the waiting list. Asked twice nothing changes; who comes back stands at the end."""
    person, now = person or by, now or timezone.now()
    session = lock_session(session.pk)
    policies.require_sign(by, person, session)
    _require_before_start(session, now)
    known = Signup.objects.filter(session=session, person=person).first()
    if known is not None and known.state != WITHDRAWN:
        return known
    signup = known or Signup(session=session, person=person)
    session.arrivals += 1
    signup.arrival, signup.department_id = session.arrivals, _side_of(by, person)
    signup.state = SEATED if session.taken < session.seats else WAITING
    session.taken += signup.state == SEATED
    session.save(update_fields=["arrivals", "taken"])
    signup.save()
    record_session("training.signed_up" if signup.state == SEATED else "training.queued", session, by, now, signup)
    return signup


def _side_of(by: Person, person: Person) -> int:
    """For which department somebody takes part: the one whose head signs them up, else their home."""
    hats = standing(person)
    led = hats.member_of & standing(by).head_of if by.pk != person.pk else frozenset()
    return min(led) if led and hats.home_id not in led else hats.home_id or min(hats.member_of)


@transaction.atomic
def withdraw(*, by: Person, session: Session, person: Person | None = None, now: datetime | None = None) -> Signup:
    """Leave; a seat that gets free is the first one's who waits. IllegalMove for whoever is not signed up."""
    person, now = person or by, now or timezone.now()
    session = lock_session(session.pk)
    policies.require_sign(by, person, session)
    _require_before_start(session, now)
    signup = Signup.objects.filter(session=session, person=person).exclude(state=WITHDRAWN).first()
    if signup is None:
        raise IllegalMove(_("Nobody of this name is signed up here."))
    had_a_seat, signup.state = signup.state == SEATED, WITHDRAWN
    signup.save(update_fields=["state"])
    record_session("training.withdrawn", session, by, now, signup)
    if had_a_seat:
        _move_up(session, now)
    return signup


def _move_up(session: Session, now: datetime) -> None:
    following = session.signups.filter(state=WAITING).order_by("arrival").first()
    if following is None:
        session.taken -= 1
        session.save(update_fields=["taken"])
        return
    following.state = SEATED
    following.save(update_fields=["state"])
    record_session("training.moved_up", session, None, now, following)


@transaction.atomic
def cancel_session(*, by: Person, session: Session, now: datetime | None = None) -> Session:
    """It does not take place; everybody signed up is told. Twice changes nothing."""
    now = now or timezone.now()
    session = lock_session(session.pk)
    policies.require_keep(by, session.course.department)
    if session.cancelled_at is not None:
        return session
    _require_before_start(session, now)
    session.cancelled_at = now
    session.version += 1
    session.save(update_fields=["cancelled_at", "version"])
    record_session("training.cancelled", session, by, now)
    return session


@transaction.atomic
def end_recommendation(*, by: Person, recommendation: Recommendation, now: datetime | None = None) -> Recommendation:
    """The head of the department does not need the course, whichever actions led to it. Twice changes nothing."""
    policies.require_lead(by, recommendation.department)
    about = {"course": recommendation.course_id, "department": recommendation.department_id}
    open_rows = Recommendation.objects.select_for_update().filter(**about, ended_at=None).order_by("pk")
    for row in open_rows:
        row.ended_at = now or timezone.now()
        row.save(update_fields=["ended_at"])
        data = about | {"action": row.action_id}
        record(kind="training.dismissed", subject_kind="course", subject_id=row.course_id, by=by, data=data)
    recommendation.refresh_from_db(fields=["ended_at"])
    return recommendation
