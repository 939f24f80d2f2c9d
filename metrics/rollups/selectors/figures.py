"""Figures of a scope: from stored cells where they hold what is asked, else straight from facts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from metrics.rollups.definitions import COUNTED, DEFINITIONS
from metrics.rollups.selectors.cells import Cells, sums, tallies
from metrics.rollups.selectors.exact import add_open_misses, add_open_misses_of, exact_tallies, snapshot_tallies
from metrics.rollups.sketch import Sketch
from metrics.rollups.states import DAY, Figure, Period, Scope, Side, Tally, figure_of
from metrics.rollups.suppression import shown_of

Targets = dict[str, float]
NOTHING = Tally()
FLOWS = ["created", "left"]
LEVELS = {"backlog", "load_per_agent"}  # figures of open work that are nothing but its amount


def figures(
    scope: Scope, keys: Iterable[str], *, targets: Targets | None = None, calendar: bool = False
) -> dict[str, Figure]:
    """Each asked figure by key. At most five queries, whatever is asked."""
    keys = list(keys)
    found = _tallies(scope, keys, calendar=calendar)
    wanted = targets or {}
    return {key: _told(scope, key, found.get((key,), NOTHING), wanted.get(key)) for key in keys}


def _told(scope: Scope, key: str, tally: Tally, target: float | None = None) -> Figure:
    return shown_of(scope, figure_of(DEFINITIONS[key], tally, target))


def figures_with_before(
    scope: Scope, keys: Iterable[str], past: Iterable[str], *, targets: Targets | None = None
) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """(`keys` of the period, `past` of as many days right before), as two calls of `figures` give them.

    Cells and open work are read once for both, where cells hold what is asked. At most five queries.
    """
    keys, past = list(keys), list(past)
    earlier = replace(scope, period=scope.period.before())
    found, before = _both_tallies(scope, earlier, keys, past) or (
        _tallies(scope, keys, calendar=False), _tallies(earlier, past, calendar=False)
    )  # fmt: skip
    wanted = targets or {}
    return (
        {key: _told(scope, key, found.get((key,), NOTHING), wanted.get(key)) for key in keys},
        {key: _told(earlier, key, before.get((key,), NOTHING)) for key in past},
    )


def _both_tallies(
    scope: Scope, earlier: Scope, keys: list[str], past: list[str]
) -> tuple[dict[tuple, Tally], dict[tuple, Tally]] | None:
    """None where only facts hold what is asked, where the period does not end today, or where the one before is to tell
    more of open work than levels."""
    counted = [key for key in dict.fromkeys([*keys, *past, *FLOWS]) if key in COUNTED]
    open_before = {key for key in past if key not in COUNTED}
    tomorrow = scope.now.astimezone(scope.zone).date() + DAY
    if _split(scope, counted)[1] or not open_before <= LEVELS or scope.period.end != tomorrow:
        return None
    pieces = [earlier.period, scope.period]
    parts: tuple[dict[tuple, Tally], ...] = ({}, {})
    whole = replace(scope, period=Period(earlier.period.start, scope.period.end))
    for (place, key), tally in tallies(_cells(whole, counted), pieces=pieces).items():
        parts[place][key,] = tally
    before, found = parts
    came, left = (found.get((flow,), NOTHING).n for flow in FLOWS)
    add_open_misses_of([(earlier.period, before), (scope.period, found)], scope, counted)
    needed = {"backlog", *open_before} if open_before else set()
    levels = snapshot_tallies(scope, needed.union(key for key in keys if key not in COUNTED))
    return found | levels, before | _levels(levels, came, left)


def sketch_of(scope: Scope, key: str) -> Sketch | None:
    """How the values of a counted duration are spread, from cells; None where no cell holds what is asked."""
    if _split(scope, [key])[1]:
        return None
    return tallies(_cells(scope, [key])).get((key,), NOTHING).sketch


def _tallies(scope: Scope, keys: Sequence[str], *, calendar: bool) -> dict[tuple, Tally]:
    counted = [key for key in keys if key in COUNTED]
    stored, rest = _split(scope, counted)
    found: dict[tuple, Tally] = {}
    if stored:
        found |= tallies(_cells(scope, stored, calendar=calendar))
    if rest:
        found |= exact_tallies(scope, rest)
    add_open_misses(found, scope, counted)
    open_work = [key for key in keys if key not in COUNTED]
    if set(open_work) <= LEVELS and scope.until < scope.now and not _split(scope, FLOWS)[1]:
        return found | _earlier_levels(scope, open_work)
    return found | snapshot_tallies(scope, open_work)


def _earlier_levels(scope: Scope, keys: Sequence[str]) -> dict[tuple, Tally]:
    """How much was open at the end of a period that is over: what is open now, less what came and plus what left since.

    Cells know what came and left, so nobody has to look through the requests of half a year.
    """
    if not keys:
        return {}
    since = replace(scope, period=Period(scope.period.end, scope.now.astimezone(scope.zone).date() + DAY))
    flows = tallies(_cells(since, FLOWS))
    came, left = (flows.get((flow,), NOTHING).n for flow in FLOWS)
    return _levels(snapshot_tallies(since, ["backlog", *keys]), came, left)


def _levels(later: dict[tuple, Tally], came: int, left: int) -> dict[tuple, Tally]:
    """How much was open before so many came and left, by today's agents."""
    level = later.get(("backlog",), NOTHING).n - came + left
    agents = later.get(("load_per_agent",), NOTHING).n
    return {
        ("backlog",): Tally(n=level, total=level),
        ("load_per_agent",): Tally(n=agents, total=level if agents else 0),
    }


def _split(scope: Scope, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """(figures that cells hold for this scope, the others)."""
    if scope.kinds:
        return [], list(keys)
    if scope.service_id is None and scope.priority is None:
        return list(keys), []
    single = (scope.service_id is None) != (scope.priority is None)
    if not single or scope.side != Side.SUPPLIER or scope.other_ids is not None or scope.department_ids is None:
        return [], list(keys)
    return [key for key in keys if COUNTED[key].fine], [key for key in keys if not COUNTED[key].fine]


def _grain(scope: Scope) -> str:
    if scope.service_id is not None:
        return "service"
    if scope.priority is not None:
        return "priority"
    if scope.department_ids is None:
        return "supplier" if scope.other_ids is None else "customer" if scope.side == Side.SUPPLIER else "supplier"
    return "pair" if scope.other_ids is not None else scope.side


def _cells(scope: Scope, keys: Sequence[str], *, calendar: bool = False, **more: Any) -> Cells:
    return Cells(
        grain=more.pop("grain", None) or _grain(scope),
        period=scope.period,
        figures=tuple(keys),
        supplier_ids=scope.supplier_ids,
        customer_ids=scope.customer_ids,
        service_id=scope.service_id,
        priority=scope.priority,
        calendar=calendar,
        **more,
    )


# ── Several at once ──────────────────────────────────────────────────────────


def figures_by_department(scope: Scope, keys: Iterable[str]) -> dict[int, dict[str, Figure]]:
    """The figures of the scope for each department on its other side."""
    other = "customer_id" if scope.side == Side.SUPPLIER else "supplier_id"
    return _apart(scope, list(keys), (other,), grain="pair")


def figures_by_service(scope: Scope, keys: Iterable[str]) -> dict[int, dict[str, Figure]]:
    """The figures of the scope for each service; 0 stands for requests without one."""
    keys = list(keys)
    return _apart(scope, keys, ("service_id",), grain=_grain_of_services(scope, keys))


def _grain_of_services(scope: Scope, keys: list[str]) -> str:
    """The grain that tells services apart for this scope; none where only facts do."""
    if scope.priority is not None or scope.service_id is not None or scope.kinds:
        return ""
    if scope.side == Side.SUPPLIER and scope.other_ids is None and all(COUNTED[key].fine for key in keys):
        return "service"
    return "line" if all(COUNTED[key].by_line for key in keys) else ""


def totals(scope: Scope, keys: Iterable[str]) -> dict[str, int]:
    """What the values of each counted figure add up to. A query, two where cells do not hold all of them."""
    keys = list(keys)
    stored, rest = _split(scope, keys)
    found = sums(_cells(scope, stored)) if stored else {}
    found |= exact_tallies(scope, rest) if rest else {}
    return {key: found.get((key,), NOTHING).total for key in keys}


def totals_in_pieces(
    scope: Scope, keys: Iterable[str], pieces: Sequence[Period], *, by_service: bool = False
) -> list[dict[tuple[Any, ...], int]]:
    """For each piece (figure,), or (service, figure), → what the values add up to; nothing is left out. One query.

    Pieces follow each other without a gap.
    """
    keys = list(keys)
    whole = replace(scope, period=Period(pieces[0].start, pieces[-1].end))
    apart = ("service_id",) if by_service else ()
    grain = _grain_of_services(scope, keys) if by_service else _grain(scope)
    if grain and not _split(scope, keys)[1]:
        found = sums(_cells(whole, keys, grain=grain, apart=apart), pieces=pieces)
    else:
        found = exact_tallies(whole, keys, apart=apart, pieces=pieces)
    parts: list[dict[tuple[Any, ...], int]] = [{} for _piece in pieces]
    for (place, *key), tally in found.items():
        parts[place][tuple(key)] = tally.total
    return parts


def pair_tallies(scope: Scope, keys: Iterable[str]) -> dict[tuple, Tally]:
    """(customer, supplier, figure) → sums."""
    return _apart_tallies(scope, list(keys), ("customer_id", "supplier_id"), grain="pair")


def figures_summed(
    scope: Scope, keys: Sequence[str], apart: tuple[str, ...], *, grain: str
) -> dict[tuple[int, ...], dict[str, Figure]]:
    """Ids of the columns `apart` → the figures: counted ones that need no percentiles, of cells of this grain.

    One query that answers with one row for each figure, however long the period.
    """
    result: dict[tuple[int, ...], dict[str, Figure]] = {}
    for (*ids, key), tally in sums(_cells(scope, keys, grain=grain, apart=apart)).items():
        result.setdefault(tuple(ids), {})[key] = figure_of(DEFINITIONS[key], tally)
    return result


def _apart(scope: Scope, keys: list[str], apart: tuple[str], *, grain: str) -> dict[int, dict[str, Figure]]:
    result: dict[int, dict[str, Figure]] = {}
    for (who, key), tally in _apart_tallies(scope, keys, apart, grain=grain).items():
        result.setdefault(who or 0, {})[key] = _told(scope, key, tally)
    return result


def _apart_tallies(scope: Scope, keys: list[str], apart: tuple[str, ...], *, grain: str) -> dict[tuple, Tally]:
    counted = [key for key in keys if key in COUNTED]
    found: dict[tuple, Tally] = {}
    if counted and grain and not scope.kinds:
        found = tallies(_cells(scope, counted, grain=grain, apart=apart))
    elif counted:
        found = exact_tallies(scope, counted, apart=apart)
    add_open_misses(found, scope, counted, apart)
    return found | snapshot_tallies(scope, [key for key in keys if key not in COUNTED], apart=apart)


def series(
    scope: Scope, keys: Iterable[str], pieces: Sequence[Period], *, level: int | None = None
) -> dict[str, list[Figure]]:
    """Each figure over the pieces of a period, oldest first. Pieces follow each other without a gap.

    The backlog is that at the end of each piece: what is open at the end, less what came and plus what left since.
    `level` is what is open at the end, for a caller who knows.
    """
    keys = list(keys)
    counted = [key for key in keys if key in COUNTED]
    flows = FLOWS if "backlog" in keys else []
    found = _in_pieces(scope, list(dict.fromkeys(counted + flows)), pieces)
    result = {
        key: [_told(scope, key, found.get((place, key), NOTHING)) for place in range(len(pieces))] for key in counted
    }
    if flows:
        if level is None:
            level = snapshot_tallies(scope, ["backlog"]).get(("backlog",), NOTHING).n
        result["backlog"] = _backlog(level, found, len(pieces))
    return result


def _in_pieces(scope: Scope, keys: list[str], pieces: Sequence[Period]) -> dict[tuple, Tally]:
    """(place of the piece, figure) → sums, from cells or else from facts. One query."""
    whole = replace(scope, period=Period(pieces[0].start, pieces[-1].end))
    if _split(scope, keys)[1]:
        return exact_tallies(whole, keys, pieces=pieces)
    return tallies(_cells(whole, keys), pieces=pieces)


def _backlog(level: int, found: dict[tuple, Tally], pieces: int) -> list[Figure]:
    levels = []
    for place in range(pieces - 1, -1, -1):
        levels.append(level)
        level += found.get((place, "left"), NOTHING).n - found.get((place, "created"), NOTHING).n
    return [figure_of(DEFINITIONS["backlog"], Tally(n=level, total=level)) for level in reversed(levels)]
