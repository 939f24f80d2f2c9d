"""What awards are judged by, from the facts: whole days, requests of other departments, nothing confidential.

SECURITY: of ratings all count, as in every other figure (docs/adr/0014): without the confidential ones the difference
to the satisfaction on the dashboard would be what their few requesters said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Avg, Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Greatest, Ln

from feedback.awards.registry import Asked, judge_with
from feedback.awards.states import Criterion, Result, Scored, Seen
from metrics.awards.statistics import Known, known_shares, known_times, reciprocal_pairs, scores_of
from metrics.benchmark.states import Sums
from metrics.facts.models import RequestFact
from metrics.rollups.definitions import FEWEST_RESPONDENTS

Row = dict[str, Any]
# Shares: the day by which they count, what is good, of what. Ratings are of the department that was rated.
SHARES = {
    Criterion.KEPT: ("resolution_decided_day", Q(resolution_kept=True), Q(resolution_kept__isnull=False)),
    Criterion.ANSWERED: ("response_decided_day", Q(response_kept=True), Q(response_kept__isnull=False)),
    Criterion.FIRST_TIME: ("verdict_day", Q(accepted_first_time=True), Q(accepted_first_time__isnull=False)),
    Criterion.SATISFIED: ("rated_day", Q(overall__gte=4), Q(overall__isnull=False)),
}


@dataclass(frozen=True)
class Counts:
    """The facts of one stretch of days, by unit."""

    asked: Asked

    def rows(self, day: str, *, rated: bool = False) -> QuerySet:
        """Facts by supplier; what a unit asks of itself, or a department of its team, does not count."""
        supplier = "rated_supplier_id" if rated else "supplier_id"
        own = Q()
        for departments in self.asked.units.values():
            own |= Q(**{f"{supplier}__in": departments}, customer_id__in=departments)
        stretch = {f"{day}__gte": self.asked.first, f"{day}__lte": self.asked.last}
        known = {} if rated else {"confidential": False}
        rows = RequestFact.objects.filter(**known, **stretch).exclude(own)
        return rows.values(supplier=F(supplier)).order_by()

    def by_unit(self, rows: Any) -> dict[int, Row]:
        """The sums of the departments of each unit."""
        by_department = {row["supplier"]: row for row in rows}
        found: dict[int, Row] = {}
        for unit, departments in self.asked.units.items():
            own = [by_department[pk] for pk in departments if pk in by_department]
            names = {name for row in own for name in row if name != "supplier"}
            found[unit] = {name: sum(row[name] or 0 for row in own) for name in names}
        return found

    def shares(self, key: str) -> dict[int, tuple[int, int]]:
        day, good, of = SHARES[Criterion(key)]
        personal = key == Criterion.SATISFIED
        rows = self.rows(day, rated=personal).annotate(good=Count("pk", filter=good), n=Count("pk", filter=of))
        cells = {unit: (row.get("good", 0), row.get("n", 0)) for unit, row in self.by_unit(rows).items()}
        if not personal:
            return cells
        people = self.people("rated_day", "rater_id", rated=True)
        return {unit: cell for unit, cell in cells.items() if people[unit] >= FEWEST_RESPONDENTS}

    def people(self, day: str, who: str, *, rated: bool = False) -> dict[int, int]:
        """How many different people, for each unit as a whole."""
        seen: dict[int, set[int]] = {unit: set() for unit in self.asked.units}
        unit_of = {pk: unit for unit, departments in self.asked.units.items() for pk in departments}
        pairs = self.rows(day, rated=rated).filter(**{f"{who}__isnull": False}).values_list("supplier", who).distinct()
        for supplier, person in pairs:
            if supplier in unit_of:
                seen[unit_of[supplier]].add(person)
        return {unit: len(people) for unit, people in seen.items()}

    def times(self) -> dict[int, Sums]:
        """Sums of the logarithms of working hours to the first delivery; less than a second counts as one."""
        hours = Greatest(Cast(F("resolution_ws"), FloatField()), Value(1.0)) / 3600.0
        rows = self.rows("first_delivered_day").filter(resolution_ws__isnull=False).annotate(log=Ln(hours))
        counted = rows.values("supplier").annotate(
            n=Count("pk"), total=Sum("log"), squares=Avg(F("log") * F("log")) * Count("pk")
        )
        return {
            unit: Sums(row["n"], row["total"], row["squares"])
            for unit, row in self.by_unit(counted).items()
            if row.get("n")
        }

    def praised(self) -> dict[int, tuple[int, int]]:
        served = self.people("created_day", "requester_id")
        return {
            unit: (min(self.asked.praise.get(unit, 0), served[unit]), served[unit])
            for unit in self.asked.units
            if served[unit]
        }

    def seen(self) -> dict[int, Seen]:
        """What the floors ask for."""
        delivered = self.by_unit(
            self.rows("first_delivered_day").annotate(n=Count("pk"), flagged=Count("pk", filter=~Q(data_quality="")))
        )
        invited = self.by_unit(
            self.rows("invited_day").annotate(asked=Count("pk"), answered=Count("pk", filter=Q(rated_at__isnull=False)))
        )
        return {
            unit: Seen(
                delivered[unit].get("n", 0), invited[unit].get("asked", 0), invited[unit].get("answered", 0),
                delivered[unit].get("flagged", 0), self.asked.complaints.get(unit, 0),
            )
            for unit in self.asked.units
        }  # fmt: skip

    def pairs(self) -> list[tuple[int, int]]:
        rows = self.rows("rated_day", rated=True).filter(overall__isnull=False)
        given = rows.values_list("customer_id", "supplier").annotate(n=Count("pk"), total=Sum("overall"))
        return reciprocal_pairs({(by, to): (n, total) for by, to, n, total in given})


def judge(asked: Asked) -> Result:
    """Every unit with its floors, the eligible ones with scores. The same facts and seed give the same result."""
    counts, chance = Counts(asked), np.random.default_rng(asked.seed)
    units = {
        unit: Scored(unit, seen, reasons=asked.floors.missed(seen)) for unit, seen in sorted(counts.seen().items())
    }
    eligible = {unit: one for unit, one in units.items() if not one.reasons}
    parts = {key: _part(counts, key, chance) for key in sorted(asked.weights)}
    scored = scores_of(eligible, parts, asked.weights, chance) if eligible else []
    rest = [one for unit, one in units.items() if unit not in eligible]
    return Result([*scored, *rest], counts.pairs())


def _part(counts: Counts, key: str, chance: np.random.Generator) -> Mapping[int, Known]:
    if key == Criterion.SPEED:
        return known_times(key, counts.times(), chance)
    return known_shares(key, counts.praised() if key == Criterion.PRAISED else counts.shares(key), chance)


def register() -> None:
    """Called once, while the apps start."""
    judge_with(judge)
