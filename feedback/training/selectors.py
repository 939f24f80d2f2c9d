"""Reading courses and sessions: the lists, the page of one, the test without its answers, what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet, Value
from django.http import Http404
from django.utils import timezone

from feedback.training import policies
from feedback.training.models import Certificate, Course, Recommendation, Session, Signup
from feedback.training.states import (
    MEANING,
    RECOMMENDED_DAYS,
    SEATED,
    WAITING,
    WITHDRAWN,
    Place,
    Question,
    questions_of,
)
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Membership, Person
from requests_app.org.policies import standing

MOST_SESSIONS, MOST_MINE, MOST_WAITING, MOST_RECOMMENDED = 50, 30, 20, 5


def courses_for(person: Person, *, closed: bool = False) -> QuerySet[Course]:
    """The courses that are held, by their newest; closed ones when asked for."""
    rows = Course.objects.visible_to(person).select_related("department")
    return rows if closed else rows.filter(is_active=True)


def get_course(*, person: Person, pk: int) -> Course:
    found = courses_for(person, closed=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def trainers_of(course: Course, *, besides: int | None = None) -> QuerySet[Person]:
    """Who may train: active people of the department that holds the course, and who does so already."""
    members = Membership.objects.filter(department=course.department_id).values("person_id")
    return Person.objects.filter(Q(pk__in=members) | Q(pk=besides), is_active=True).order_by("name", "pk")


def sessions_for(person: Person, *, course: Course | None = None) -> QuerySet[Session]:
    rows = Session.objects.filter(course__in=Course.objects.visible_to(person))
    rows = rows.select_related("course__department", "trainer")
    return rows.filter(course=course) if course else rows


def get_session(*, person: Person, pk: int) -> Session:
    found = sessions_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Line:
    """A session in a list, with where the reader stands in it."""

    session: Session
    mine: Signup | None
    meaning: str
    state: str

    @property
    def free(self) -> int:
        return self.session.seats - self.session.taken


def lines_of(rows: QuerySet[Session], person: Person) -> list[Line]:
    """Two queries."""
    sessions = list(rows)
    mine = {row.session_id: row for row in Signup.objects.filter(person=person, session__in=sessions)}
    return [_line(session, mine.get(session.pk)) for session in sessions]


def _line(session: Session, mine: Signup | None) -> Line:
    state = mine.state if mine and mine.state != WITHDRAWN else ""
    return Line(session, mine, MEANING.get(state, ""), str(Place(state).label) if state else "")


def upcoming(person: Person, now: datetime, *, course: Course | None = None) -> list[Line]:
    rows = sessions_for(person, course=course).filter(starts_at__gt=now, cancelled_at=None)
    return lines_of(rows.order_by("starts_at", "pk")[:MOST_SESSIONS], person)


def past(person: Person, course: Course, now: datetime) -> list[Line]:
    rows = sessions_for(person, course=course).filter(Q(starts_at__lte=now) | Q(cancelled_at__isnull=False))
    return lines_of(rows.order_by("-starts_at", "-pk")[:10], person)


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """One's own, newest first."""
    return Certificate.objects.filter(person=person).select_related("course").order_by("-pk")


def readable_certificate(*, person: Person, pk: int) -> Certificate:
    """One's own, or one of somebody whom the reader leads; 404 otherwise."""
    row = Certificate.objects.select_related("person", "course__department").filter(pk=pk).first()
    if row is None or not (row.person_id == person.pk or policies.leads(person, row.person)):
        raise Http404
    return row


@dataclass(frozen=True)
class Sitting:
    """Somebody signed up, as the reader may see them by name."""

    signup: Signup
    name: str
    department: str
    meaning: str
    state: str
    certified: bool


@dataclass(frozen=True)
class SessionPage:
    """A session as one person sees it: names only of oneself, of own people, or all for who holds it."""

    session: Session
    line: Line
    sittings: list[Sitting]
    waiting: int
    place_in_line: int
    is_open: bool
    may_attend: bool
    may_keep: bool
    may_record: bool
    to_record: list[Sitting]
    own_people: list[tuple[int, str]]
    led: frozenset[int]
    certificate: Certificate | None

    @property
    def may_sign_up(self) -> bool:
        return self.is_open and self.may_attend and not self.line.state

    @property
    def may_test(self) -> bool:
        mine = self.line.mine
        return bool(mine and mine.attended and self.session.course.questions and self.certificate is None)


def session_page(*, person: Person, pk: int, now: datetime | None = None) -> SessionPage:
    """The page, or 404."""
    now, session = now or timezone.now(), get_session(person=person, pk=pk)
    rows = session.signups.exclude(state=WITHDRAWN).select_related("person", "department", "certificate")
    signups = list(rows.order_by("state", "arrival"))
    mine = next((row for row in signups if row.person_id == person.pk), None)
    waiting = [row for row in signups if row.state == WAITING]
    is_open = session.cancelled_at is None and session.starts_at > now
    every, led = policies.reads_all_names(person, session), standing(person).head_of
    seen = [row for row in signups if every or row.department_id in led or row.person_id == person.pk]
    sittings = [_sitting(row) for row in seen]
    records = policies.records_attendance(person, session) and session.cancelled_at is None and session.starts_at <= now
    return SessionPage(
        session=session,
        line=_line(session, mine),
        sittings=sittings,
        waiting=len(waiting),
        place_in_line=waiting.index(mine) + 1 if mine in waiting else 0,
        is_open=is_open,
        may_attend=policies.can_attend(person) and person.pk != session.trainer_id,
        may_keep=policies.keeps(person, session.course.department_id),
        may_record=records,
        to_record=[one for one in sittings if one.signup.state == SEATED] if records else [],
        led=led,
        own_people=_own_people(person, session, signups) if is_open and led else [],
        certificate=getattr(mine, "certificate", None) if mine else None,
    )


def _sitting(row: Signup) -> Sitting:
    certified = hasattr(row, "certificate")
    label = str(Place(row.state).label)
    return Sitting(row, row.person.name, row.department.name, MEANING[row.state], label, certified)


def _own_people(person: Person, session: Session, signups: list[Signup]) -> list[tuple[int, str]]:
    """Whom a head may still sign up."""
    there = {row.person_id for row in signups} | {session.trainer_id, person.pk}
    rows = Membership.objects.filter(department__in=standing(person).head_of, person__is_active=True)
    people = rows.order_by("person__name", "person_id").values_list("person_id", "person__name").distinct()
    return [(pk, name) for pk, name in people if pk not in there]


@dataclass(frozen=True)
class ExamPage:
    """The test as it goes to the browser: `questions` know their options, not which of them are right."""

    signup: Signup
    course: Course
    questions: list[dict[str, Any]]
    attempts: list[Any]
    certificate: Certificate | None


def exam_page(*, person: Person, pk: int) -> ExamPage:
    """One's own, after one was there; 404 otherwise."""
    rows = Signup.objects.select_related("session__course__department", "certificate")
    signup = rows.filter(pk=pk, person=person, attended=True).first()
    if signup is None or not signup.session.course.questions:
        raise Http404
    course = signup.session.course
    return ExamPage(
        signup, course, [asked(one, place) for place, one in enumerate(questions_of(course.questions))],
        list(signup.attempts.order_by("-pk")), getattr(signup, "certificate", None),
    )  # fmt: skip


def asked(one: Question, place: int) -> dict[str, Any]:
    """SECURITY: what is sent of a question before it is answered."""
    return {"place": place, "text": one.text, "kind": str(one.kind), "options": list(one.options)}


# ── What waits for somebody, and what is recommended ─────────────────────────


@dataclass(frozen=True)
class Waiting:
    """The block of my desk: each is (kind, id, name of the course, when)."""

    rows: list[tuple[str, int, str, datetime]]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(person: Person, now: datetime | None = None) -> Waiting:
    """To record as trainer, to be tested as who was there, to be looked at as head; one query."""
    hats, now = standing(person), now or timezone.now()
    if not hats.member_of or hats.is_partner:
        return Waiting([])
    tests = Signup.objects.filter(
        person_id=hats.person_id, attended=True, certificate=None, session__course__is_active=True
    )
    tests = tests.exclude(session__course__questions=[])
    found = tests.values_list(Value("test"), "pk", "session__course__name", "session__starts_at")
    begun = Session.objects.filter(trainer_id=hats.person_id, starts_at__lte=now, cancelled_at=None)
    begun = begun.filter(signups__state=SEATED, signups__attended=None).distinct()
    more: list[QuerySet[Any, Any]] = [begun.values_list(Value("record"), "pk", "course__name", "starts_at")]
    if hats.head_of:
        rows = open_recommendations(now).filter(department__in=hats.head_of).values("course_id", "course__name")
        rows = rows.annotate(newest=Max("at"))  # once, however many actions led to it
        more.append(rows.values_list(Value("recommended"), "course_id", "course__name", "newest"))
    return Waiting(sorted(found.union(*more), key=lambda row: row[3])[:MOST_WAITING])


def open_recommendations(now: datetime) -> QuerySet[Recommendation]:
    return _open(now - timedelta(days=RECOMMENDED_DAYS))


def _open(since: datetime) -> QuerySet[Recommendation]:
    return Recommendation.objects.filter(ended_at=None, at__gt=since, course__is_active=True)


@dataclass(frozen=True)
class Recommended:
    """Courses recommended to departments, each once however many actions led to it."""

    rows: list[Recommendation]


def recommended_to(departments: list[int], *, between_them: bool = False) -> Recommended:
    """One query, newest first. `between_them`: because of what went wrong between just these."""
    since = timezone.now() - timedelta(days=RECOMMENDED_DAYS)
    rows = _recommended(between_them, departments=departments, since=since)
    once = {(row.course_id, row.department_id): row for row in reversed(rows)}
    return Recommended(sorted(once.values(), key=lambda row: -row.pk)[:MOST_RECOMMENDED])


@written_once
def _recommended(between_them: bool, *, departments: list[int], since: datetime) -> QuerySet[Recommendation]:
    rows = _open(since).filter(department__among=departments)
    if between_them:
        rows = rows.filter(action__supplier__among=departments, action__customer__among=departments)
    return rows.select_related("course", "department", "action").order_by("-pk")[:50]


def recommended_between(one: Department, other: Department) -> Recommended:
    return recommended_to([one.pk, other.pk], between_them=True)


def recommendations_for(person: Person, now: datetime | None = None) -> QuerySet[Recommendation]:
    """What stands open for the departments that the person leads."""
    rows = open_recommendations(now or timezone.now()).filter(department__in=standing(person).head_of)
    return rows.select_related("course", "department")


def get_recommendation(*, person: Person, pk: int) -> Recommendation:
    rows = Recommendation.objects.select_related("course", "department")
    found = rows.filter(pk=pk, course__in=Course.objects.visible_to(person)).first()
    if found is None:
        raise Http404
    return found


def sessions_attended(department_ids: list[int], first: datetime, end: datetime) -> list[Session]:
    """The sessions from `first` until before `end` that people of these departments attended; one query."""
    rows = Session.objects.filter(starts_at__gte=first, starts_at__lt=end, cancelled_at=None)
    attended = Signup.objects.filter(attended=True, department__in=department_ids)
    return list(rows.filter(pk__in=attended.values("session")).select_related("course").order_by("starts_at", "pk"))
