"""What is drawn on a chart besides its weeks: what the department did to get better."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.training.models import Session
from feedback.training.selectors import sessions_attended
from metrics.charts.states import Subject
from metrics.improvement.selectors import actions_on
from metrics.rollups.states import Period, Side


@dataclass(frozen=True)
class Mark:
    """Something that took effect on a day, where to read of it, and what came of it in words."""

    on: date
    name: str
    url: str
    words: str = ""
    verdict: str = ""
    icon: str = "target"

    @property
    def is_improvement(self) -> bool:
        """Whether an effect is looked for: a training is drawn beside the weeks, and nothing is claimed of it."""
        return self.icon == "target"


def marks_on(subject: Subject, department_ids: list[int], period: Period) -> list[Mark]:
    """Improvements that act within the period, oldest first. Who may see the chart may see them."""
    found = actions_on(
        subject.figure, subject.side, department_ids, other_id=subject.other_id, service_id=subject.service_id,
        period=period,
    )  # fmt: skip
    marks = [Mark(one.effective_on, one.name, one.url, one.effect_words, one.verdict) for one in found]
    return sorted([*marks, *_trainings(subject, department_ids, period)], key=lambda mark: mark.on)


def _trainings(subject: Subject, department_ids: list[int], period: Period) -> list[Mark]:
    """On the charts of what a department supplies, days on which its people were trained; not how many."""
    if subject.side != Side.SUPPLIER:
        return []
    first, end = (datetime.combine(day, time(), UTC) for day in (period.start, period.end))
    return [_training(session) for session in sessions_attended(department_ids, first, end)]


def _training(session: Session) -> Mark:
    return Mark(
        session.starts_at.astimezone(ZoneInfo(session.zone)).date(),
        _("Training: %(course)s") % {"course": session.course.name},
        reverse("training:session", args=[session.pk]),
        _("People of the department took part. That it changed anything is not claimed."),
        icon="book",
    )  # fmt: skip
