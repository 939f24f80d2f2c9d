"""Logs of requests written straight into the event table, for figures of histories of any shape."""

from collections.abc import Callable, Iterable

import pytest

from metrics.facts.states import Happening
from requests_app.events.models import Event


@pytest.fixture
def log(db) -> Callable[[int, Iterable[Happening]], None]:
    """log(request, happenings) appends events to the log, without telling anybody."""

    def append(request_id: int, happenings: Iterable[Happening]) -> None:
        Event.objects.bulk_create(
            Event(
                kind=happening.kind, subject_kind="request", subject_id=request_id, at=happening.at,
                actor_id=happening.actor_id, data=happening.data,
            )
            for happening in happenings
        )  # fmt: skip

    return append
