"""A cause was found that a course is against: the course is recommended to the department it was found at."""

from datetime import datetime

from feedback.actions.models import Cause
from feedback.training.models import Course, Recommendation
from requests_app.events.models import Event
from requests_app.events.services import record


def recommend_after(events: list[Event]) -> None:
    """What follows a corrective action that was analysed, or sorted under another cause. Safe to run twice, or late."""
    for event in events:
        for course in Course.objects.filter(is_active=True, causes__in=_upwards(event.data["cause"])).distinct():
            _recommend(course, event.data["supplier"], event.subject_id, event.at)


def _upwards(cause_id: int) -> list[int]:
    """The cause and those it belongs to: a course against one of them is against all below it."""
    found: list[int] = []
    parents = dict(Cause.objects.values_list("pk", "parent_id"))
    here: int | None = cause_id
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found


def _recommend(course: Course, department_id: int, action_id: int, at: datetime) -> None:
    _row, made = Recommendation.objects.get_or_create(
        course=course, action_id=action_id, defaults={"department_id": department_id, "at": at}
    )
    if made:
        data = {"course": course.pk, "department": department_id, "action": action_id}
        record(kind="training.recommended", subject_kind="course", subject_id=course.pk, at=at, data=data)
