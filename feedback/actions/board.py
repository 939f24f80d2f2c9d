"""The same actions as a board beside the list: a column for each state, in the order of their life."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from feedback.actions.models import CorrectiveAction
from feedback.actions.selectors import Line, lines_of
from feedback.actions.states import ENDED, MEANING, State

MOST_IN_A_COLUMN = 15


@dataclass(frozen=True)
class Column:
    """The actions of one state, the latest first; `more` of them are not drawn."""

    state: str
    words: str
    meaning: str
    lines: list[Line]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def board_of(rows: QuerySet[CorrectiveAction], *, ended: bool = False, today: date | None = None) -> list[Column]:
    """All columns, empty ones too; one query whatever is in them. `rows` are those of the list."""
    numbered = rows.order_by().annotate(
        place=Window(RowNumber(), partition_by=F("state"), order_by=F("pk").desc()),
        total=Window(Count("pk"), partition_by=F("state")),
    )
    found: dict[str, list[CorrectiveAction]] = {}
    for row in numbered.filter(place__lte=MOST_IN_A_COLUMN).order_by("-pk"):
        found.setdefault(row.state, []).append(row)
    return [
        Column(
            state=state.value,
            words=str(state.label),
            meaning=MEANING[state],
            lines=lines_of(found.get(state, []), today),
            total=found[state][0].total if state in found else 0,  # type: ignore[attr-defined]
        )
        for state in State
        if ended or state not in ENDED
    ]
