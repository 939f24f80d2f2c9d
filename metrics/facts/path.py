"""The steps a request took, one after the other, and the time between them. Pure."""

from collections.abc import Iterable
from datetime import datetime

from metrics.facts.states import Happening, Step
from metrics.facts.timeline import Ruler

STEP_OF = {
    "request.accepted": Step.ACCEPTED,
    "request.started": Step.STARTED,
    "request.held": Step.HELD_OTHER,
    "request.resumed": Step.RESUMED,
    "handoff.offered": Step.OFFERED,
    "handoff.accepted": Step.HANDED_OVER,
    "handoff.declined": Step.GIVEN_BACK,
    "handoff.withdrawn": Step.NOT_TAKEN,
    "handoff.expired": Step.NOT_TAKEN,
    "request.delivered": Step.DELIVERED,
    "request.rejected": Step.REJECTED,
    "request.reopened": Step.REOPENED,
    "request.confirmed": Step.CONFIRMED,
    "request.closed": Step.CLOSED,
    "request.declined": Step.DECLINED,
    "request.cancelled": Step.CANCELLED,
}


def path_of(filed: Happening, happenings: Iterable[Happening], ruler: Ruler) -> dict[str, list[int]]:
    """`path`: codes of Step; `path_ws`, `path_cs`: whole seconds from each step to the next, so one fewer.

    Whatever order the events come in, and however often, the path is the same: steps go by their instants, at one
    instant in the order of the log, and a step told twice counts once. One dated before the filing counts as at it.
    """
    path, working, calendar = [int(Step.FILED)], [], []
    last = ruler.since_filing(filed.at)
    for step, at in _steps(happenings):
        lengths = ruler.since_filing(max(at, filed.at))
        path.append(int(step))
        working.append(lengths[0] - last[0])
        calendar.append(lengths[1] - last[1])
        last = lengths
    return {"path": path, "path_ws": working, "path_cs": calendar}


def _steps(happenings: Iterable[Happening]) -> list[tuple[Step, datetime]]:
    found: dict[tuple[Step, datetime, object], None] = {}
    for happening in sorted(happenings, key=lambda one: one.at):
        step = STEP_OF.get(happening.kind)
        if step is None:
            continue
        if step == Step.HELD_OTHER and (happening.data.get("reason") or "other") == "customer":
            step = Step.HELD_CUSTOMER
        place = happening.data.get("to") or happening.data.get("department")
        found[step, happening.at, place] = None
    return [(step, at) for step, at, _place in found]
