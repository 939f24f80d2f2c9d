"""What people of the demo company learn: courses, sessions held and to come, certificates, and what is recommended."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedback.actions.models import Cause
from feedback.training.certifying import record_attendance, take_test
from feedback.training.models import Course, Signup
from feedback.training.recommending import recommend_after
from feedback.training.services import plan_session, save_course, sign_up
from feedback.training.states import questions_of, read_questions
from requests_app.events.models import Event
from requests_app.org.models import Person
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read

ZONE = "Europe/Berlin"


def train_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the corrective actions are there."""
    for spec in read("trainings")["course"]:
        course = _course(company, spec)
        for held in spec["session"]:
            _session(company, course, held, company.units[spec["department"]].head, now)
    recommend_after(list(Event.objects.filter(kind="action.analysed").order_by("pk")))


def _course(company: Company, spec: dict[str, Any]) -> Course:
    unit = company.units[spec["department"]]
    kept = {name: spec[name] for name in ("name", "text", "hours", "valid_months", "pass_percent")}
    causes = Cause.objects.filter(name__in=spec["causes"])
    questions, _wrong = read_questions(spec["questions"])
    return save_course(by=unit.head, department=unit.row, causes=causes, questions=questions, **kept)


def _session(company: Company, course: Course, spec: dict[str, Any], trainer: Person, now: datetime) -> None:
    day = (now - timedelta(days=spec["ago"])).astimezone(ZoneInfo(ZONE))
    starts_at = day.replace(hour=9, minute=0, second=0, microsecond=0)
    ends_at = starts_at + timedelta(hours=course.hours)
    before = min(now, starts_at) - timedelta(days=10)
    session = plan_session(
        by=trainer, course=course, starts_at=starts_at, ends_at=ends_at, zone=ZONE, seats=spec["seats"],
        trainer=trainer, place="Room 1.12, main building", now=before,
    )  # fmt: skip
    people = [one for slug, count in spec["who"].items() for one in company.units[slug].members[-count:]]
    signups = [sign_up(by=one, session=session, now=before + timedelta(hours=n)) for n, one in enumerate(people)]
    if spec["ago"] > 0:
        present = {one.pk: True for one in signups}
        record_attendance(by=trainer, session=session, present=present, now=ends_at)
        _tests(course, signups[: spec["passed"]], ends_at + timedelta(hours=2))


def _tests(course: Course, signups: list[Signup], at: datetime) -> None:
    right = {place: one.right for place, one in enumerate(questions_of(course.questions))}
    for signup in signups:
        take_test(by=signup.person, signup=signup, answers=right, now=at)
