"""What is drawn on a chart besides its weeks: what the department did to get better."""

from dataclasses import dataclass
from datetime import date

from metrics.charts.states import Subject
from metrics.improvement.selectors import actions_on
from metrics.rollups.states import Period


@dataclass(frozen=True)
class Mark:
    """Something that took effect on a day, where to read of it, and what came of it in words."""

    on: date
    name: str
    url: str
    words: str = ""
    verdict: str = ""


def marks_on(subject: Subject, department_ids: list[int], period: Period) -> list[Mark]:
    """Improvements that act within the period, oldest first. Who may see the chart may see them."""
    found = actions_on(
        subject.figure, subject.side, department_ids, other_id=subject.other_id, service_id=subject.service_id,
        period=period,
    )  # fmt: skip
    return [Mark(one.effective_on, one.name, one.url, one.effect_words, one.verdict) for one in found]
