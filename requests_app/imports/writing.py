"""Lives into the database: whole chunks, each in one transaction, with the figures told and nobody else."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from requests_app.desk.models import Clock, Handoff, Hold, Message, ServiceRequest
from requests_app.events.services import record_history
from requests_app.imports.replay import Life
from requests_app.imports.states import Case
from requests_app.kernel.bulk import copy_in, reserve_numbers

FIGURES = "facts"  # the subscriber that folds a request's log into figures; it lives above this package


@transaction.atomic
def write_cases(
    cases: Sequence[Case], *, nobody: int, now: datetime, add: Callable[[list[Life]], None] | None = None
) -> list[Life]:
    """All of them or none. Rows in their final state, the log as it happened, one delivery a request for the figures.

    `nobody` is the id of the person who signs where a case names no one. `add` may put more into the log of each.
    """
    numbers = reserve_numbers(ServiceRequest, len(cases))
    lives = [Life(case, pk=pk, nobody=nobody, now=now) for case, pk in zip(cases, numbers, strict=True)]
    _number(Handoff, (row for life in lives for row in life.handoffs))
    _number(Message, (row for life in lives for row in life.messages))
    for life in lives:
        for event, key, row in life.links:
            event.data[key] = row.pk
    copy_in(ServiceRequest, [life.row for life in lives])
    if add is not None:
        add(lives)
    copy_in(Clock, [clock for life in lives for clock in life.clocks.by_measure.values()])
    copy_in(Hold, [row for life in lives for row in life.holds])
    copy_in(Handoff, [row for life in lives for row in life.handoffs])
    copy_in(Message, [row for life in lives for row in life.messages])
    record_history([event for life in lives for event in life.events], subscribers=[FIGURES])
    return lives


def _number(model: type[models.Model], rows: Iterable[Any]) -> None:
    rows = list(rows)
    for row, number in zip(rows, reserve_numbers(model, len(rows)), strict=True):
        row.pk = number
