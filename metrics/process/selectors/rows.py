"""The requests behind a path, a passage or a detour: exactly those it was counted from."""

from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from metrics.facts.states import Step
from metrics.process.selectors.counting import finished
from metrics.process.states import Detour
from metrics.rollups.selectors.conditions import Where
from metrics.rollups.selectors.rows import positional
from metrics.rollups.states import Scope

LONGEST = 200
_HELD = f"({Step.HELD_CUSTOMER:d}, {Step.HELD_OTHER:d})"
_PASSES = "EXISTS (SELECT FROM unnest(f.path, f.path[2:]) AS e (a, b) WHERE {test})"
DETOURS = {
    Detour.AGAIN: _PASSES.format(test=f"e.a = e.b AND e.a NOT IN {_HELD}"),
    Detour.HELD_AGAIN: f"(SELECT count(*) FROM unnest(f.path) AS step WHERE step IN {_HELD}) > 1",  # noqa: S608
    Detour.CAME_BACK: f"f.path && ARRAY[{Step.GIVEN_BACK:d}, {Step.NOT_TAKEN:d}]::smallint[]",
    Detour.SENT_BACK: f"f.path && ARRAY[{Step.REJECTED:d}, {Step.REOPENED:d}]::smallint[]",
}


def words_of(part: str) -> str | None:
    """What a part of the process is called: "path:1-2-11", "step:2-11", "detour:again"; None for anything else."""
    kind, _colon, rest = part.partition(":")
    if kind == "detour":
        return str(Detour(rest).label) if rest in Detour.values else None
    steps = _steps(rest)
    if kind == "path" and steps:
        return _("The path %(steps)s") % {"steps": _named(steps)}
    if kind == "step" and len(steps) == 2:
        return _("The step %(steps)s") % {"steps": _named(steps)}
    return None


def _named(steps: list[Step]) -> str:
    return " → ".join(str(step.label) for step in steps)


def _steps(text: str) -> list[Step]:
    codes = text.split("-")
    known = {str(step.value): step for step in Step}
    return [known[code] for code in codes] if len(codes) <= LONGEST and known.keys() >= set(codes) else []


def request_ids_behind(scope: Scope, part: str) -> RawSQL:
    """A subquery of request ids, for `pk__in`. `part` must be one that `words_of` knows."""
    where = _where(scope, part)
    sql = f"SELECT f.request_id FROM metrics_requestfact AS f WHERE {where}"  # noqa: S608
    return RawSQL(*positional(sql, where.params))  # noqa: S611  # texts are our own, values are parameters


def count_behind(scope: Scope, part: str) -> int:
    where = _where(scope, part)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM metrics_requestfact AS f WHERE {where}", where.params)  # noqa: S608
        return cursor.fetchone()[0]


def _where(scope: Scope, part: str) -> Where:
    where = finished(scope)
    kind, _colon, rest = part.partition(":")
    if kind == "detour":
        where.add(DETOURS[Detour(rest)])
        return where
    steps: list[Any] = [step.value for step in _steps(rest)]
    if kind == "path":
        where.add("f.path = %(path)s::smallint[]", path=steps)
    else:
        where.add(_PASSES.format(test="e.a = %(a)s AND e.b = %(b)s"), a=steps[0], b=steps[1])
    return where
