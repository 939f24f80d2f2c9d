"""Folding requests anew and writing what came out. Twice, late, in any order: the same rows."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from metrics.facts.fold import fold
from metrics.facts.models import HoldingInterval, OfferFact, RequestFact, WorkFact
from metrics.facts.selectors import Zones, facts_of, histories, offers_of, work_of
from metrics.facts.states import Facts, Folded, Happening
from requests_app.calendars.selectors import day_rule_of, worktime_of

LOCK = 0x4641 << 44  # a space of its own among advisory locks
DAYS = tuple(
    field.name.removesuffix("_day") for field in RequestFact._meta.concrete_fields if field.name.endswith("_day")
)
COLUMNS = ("request_id", *(field.name for field in fields(Facts)), *(f"{anchor}_day" for anchor in DAYS))
CHUNK = 500


@dataclass(frozen=True)
class Change:
    """A request's facts as they were and as they are; None for not there."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    offers_before: list[dict[str, Any]]
    offers_after: list[dict[str, Any]]


@transaction.atomic
def refresh_facts(*, request_ids: Iterable[int]) -> list[Change]:
    """Fold these requests from their events and store the result; what changed, to be recounted by the caller.

    Each request is locked before its events are read: whoever writes last has also read last.
    """
    wanted = sorted(set(request_ids))
    changes: list[Change] = []
    for start in range(0, len(wanted), CHUNK):
        changes += _refresh(wanted[start : start + CHUNK])
    return changes


def _refresh(request_ids: list[int]) -> list[Change]:
    _lock(request_ids)
    before, offers_before, work_before = facts_of(request_ids, COLUMNS), offers_of(request_ids), work_of(request_ids)
    found = computed(request_ids)
    after, offers_after = found.facts, found.offers
    changed = [
        pk
        for pk in request_ids
        if before.get(pk) != after.get(pk)
        or offers_before.get(pk) != offers_after.get(pk)
        or work_before.get(pk) != found.work.get(pk)
    ]
    _write(changed, found)
    return [
        Change(before.get(pk), after.get(pk), offers_before.get(pk, []), offers_after.get(pk, [])) for pk in changed
    ]


def _lock(request_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s + id) FROM unnest(%s::bigint[]) AS id", [LOCK, request_ids])


@dataclass(frozen=True)
class Computed:
    """What requests fold to, as rows by request; of offers and work only requests that have any."""

    facts: dict[int, dict] = field(default_factory=dict)
    intervals: dict[int, list[dict]] = field(default_factory=dict)
    offers: dict[int, list[dict]] = field(default_factory=dict)
    work: dict[int, list[dict]] = field(default_factory=dict)


def computed(request_ids: list[int]) -> Computed:
    """These requests, folded from their events. Writes nothing."""
    zones = Zones()
    found = Computed()
    for pk, happenings in histories(request_ids):
        result = _folded(happenings)
        if result is None:
            continue
        found.facts[pk] = fact_row(pk, result, zones)
        found.intervals[pk] = _interval_rows(pk, result)
        if result.offers:
            found.offers[pk] = _offer_rows(pk, result, zones)
        if work := _work_rows(pk, result, zones):
            found.work[pk] = work
    return found


def _folded(happenings: list[Happening]) -> Folded | None:
    return fold(happenings, worktime_of, day_rule_of)


def fact_row(pk: int, result: Folded, zones: Zones) -> dict[str, Any]:
    facts = result.facts
    row = {"request_id": pk, **vars(facts)}
    for anchor in DAYS:
        if anchor == "rated":  # what people said belongs to the day from which it counts
            row["rated_day"] = zones.day(facts.counted_at, facts.rated_supplier_id or facts.supplier_id)
        else:
            row[f"{anchor}_day"] = zones.day(row[f"{anchor}_at"], facts.supplier_id)
    return row


def _interval_rows(pk: int, result: Folded) -> list[dict[str, Any]]:
    return [{"request_id": pk, "place": place, **asdict(span)} for place, span in enumerate(result.spans)]


def _offer_rows(pk: int, result: Folded, zones: Zones) -> list[dict[str, Any]]:
    facts = result.facts
    return [
        {
            "request_id": pk,
            "place": place,
            "handoff_id": offer.handoff_id,
            "sender_id": offer.from_id,
            "receiver_id": offer.to_id,
            "customer_id": facts.customer_id,
            "service_id": facts.service_id,
            "priority": facts.priority,
            "outcome": str(offer.outcome),
            "offered_at": offer.offered_at,
            "answered_at": offer.answered_at,
            "latency_ws": offer.latency_ws,
            "latency_cs": offer.latency_cs,
            "offered_day": zones.day(offer.offered_at, offer.to_id),
            "reason": "" if facts.confidential else offer.reason,
            "answer_reason": "" if facts.confidential else offer.answer_reason,
            "passed_untouched": offer.passed_untouched,
            "solved_by_receiver": offer.solved_by_receiver,
        }
        for place, offer in enumerate(result.offers)
    ]


def _work_rows(pk: int, result: Folded, zones: Zones) -> list[dict[str, Any]]:
    """A row for each department and day with anything left after corrections."""
    sums: dict[tuple[int, date], int] = {}
    for one in result.work:
        day = one.day or zones.day(one.at, one.department_id)
        if day is not None:
            sums[one.department_id, day] = sums.get((one.department_id, day), 0) + one.seconds
    return [
        {"request_id": pk, "department_id": department, "day": day, "seconds": seconds}
        for (department, day), seconds in sorted(sums.items())
        if seconds
    ]


def _write(changed: list[int], found: Computed) -> None:
    if not changed:
        return
    facts = found.facts
    HoldingInterval.objects.filter(request_id__in=changed).delete()
    OfferFact.objects.filter(request_id__in=changed).delete()
    WorkFact.objects.filter(request_id__in=changed).delete()
    RequestFact.objects.filter(request_id__in=[pk for pk in changed if pk not in facts]).delete()
    _upsert([facts[pk] for pk in changed if pk in facts])
    _insert("metrics_holdinginterval", [row for pk in changed for row in found.intervals.get(pk, [])])
    _insert("metrics_offerfact", [row for pk in changed for row in found.offers.get(pk, [])])
    _insert("metrics_workfact", [row for pk in changed for row in found.work.get(pk, [])])


def _upsert(rows: list[dict[str, Any]]) -> None:
    others = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column != "request_id")
    _insert("metrics_requestfact", rows, f"ON CONFLICT (request_id) DO UPDATE SET {others}")


def _insert(table: str, rows: list[dict[str, Any]], conflict: str = "") -> None:
    """All rows in one statement; the names of table and columns are our own."""
    if not rows:
        return
    columns = ", ".join(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) "  # noqa: S608
            f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s) {conflict}",
            [json.dumps(rows, default=_iso)],
        )


def _iso(value: date | datetime) -> str:
    return value.isoformat()
