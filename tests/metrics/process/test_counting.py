"""What the database counts, against plain Python over the rows of the log, and with the requests behind each count."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.process.selectors.counting import asked, edge_rows, path_rows
from metrics.process.selectors.rows import count_behind, request_ids_behind, words_of
from metrics.process.states import Detour, code_of, times
from metrics.rollups.selectors.rows import positional
from metrics.rollups.states import Period, Scope, Side
from metrics.rollups.statistics import median_ranks, percentile
from requests_app.events.models import Event

CODES = {
    "request.filed": 1, "request.accepted": 2, "request.started": 3, "request.resumed": 6, "handoff.offered": 7,
    "handoff.accepted": 8, "handoff.declined": 9, "handoff.withdrawn": 10, "handoff.expired": 10,
    "request.delivered": 11, "request.rejected": 12, "request.reopened": 13, "request.confirmed": 14,
    "request.closed": 15, "request.declined": 16, "request.cancelled": 17,
}  # fmt: skip
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
SPLIT = date(2026, 3, 1)


def scope_of(side=Side.SUPPLIER, departments=(1, 2), period=YEAR, **more):
    return Scope(side, departments, period, timezone.now(), ZoneInfo("Europe/Berlin"), **more)


def ways():
    """request → [(code, instant)], straight from the log."""
    found = defaultdict(list)
    for pk, kind, at, data in Event.objects.order_by("at", "id").values_list("subject_id", "kind", "at", "data"):
        code = CODES.get(kind)
        if kind == "request.held":
            code = 4 if data["reason"] == "customer" else 5
        if code:
            found[pk].append((code, at))
    return found


def chosen(facts):
    """The ways of these finished requests: [(codes, seconds between)]."""
    by_request = ways()
    pks = facts.exclude(outcome="open").values_list("pk", flat=True)
    return {
        pk: (
            tuple(code for code, _at in by_request[pk]),
            [(other - one) // timedelta(seconds=1) for (_a, one), (_b, other) in pairwise(by_request[pk])],
        )
        for pk in pks
    }


SCOPES = [
    (scope_of(), {"supplier_id__in": (1, 2)}),
    (scope_of(Side.CUSTOMER, (3,)), {"customer_id": 3}),
    (scope_of(departments=(1,), other_ids=(2,)), {"supplier_id": 1, "customer_id": 2}),
    (scope_of(departments=(1,), service_id=11), {"supplier_id": 1, "service_id": 11}),
    (scope_of(period=Period(date(2026, 2, 1), date(2026, 3, 1))), {"supplier_id__in": (1, 2),
     "created_day__gte": date(2026, 2, 1), "created_day__lt": date(2026, 3, 1)}),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "filters"), SCOPES)
def test_paths_are_those_of_the_log(many_lives, scope, filters):
    plain = chosen(RequestFact.objects.filter(**filters))
    totals = defaultdict(list)
    for path, waits in plain.values():
        totals[path].append(sum(waits))

    rows = path_rows(scope, calendar=True).get(False, [])

    assert {row.path: (row.n, row.total) for row in rows} == {
        path: (len(sums), sum(sums)) for path, sums in totals.items()
    }
    assert [row.median is None for row in rows] == [False] * min(len(rows), 20) + [True] * max(len(rows) - 20, 0)
    for row in rows[:20]:
        assert row.median == pytest.approx(percentile(totals[row.path], 0.5))
        assert row.p90 == pytest.approx(percentile(totals[row.path], 0.9))
    assert sum(row.kept for row in rows) == RequestFact.objects.filter(
        pk__in=plain, resolution_kept=True
    ).count()  # fmt: skip


@pytest.mark.parametrize(("scope", "filters"), SCOPES)
def test_passages_are_those_of_the_log(many_lives, scope, filters):
    waits, again = defaultdict(list), Counter()
    for path, seconds in chosen(RequestFact.objects.filter(**filters)).values():
        held = False
        for pair, second in zip(pairwise(path), seconds, strict=True):
            waits[pair].append(second)
            if pair[0] in (4, 5):
                again[pair] += held
                held = True

    rows = edge_rows(scope, calendar=True).get(False, [])

    assert {row.pair: (row.n, row.total, row.again) for row in rows} == {
        pair: (len(values), sum(values), again[pair]) for pair, values in waits.items()
    }
    for row in rows:
        values = sorted(waits[row.pair])
        ranks = median_ranks(len(values))
        assert row.median == pytest.approx(percentile(values, 0.5))
        assert row.p90 == pytest.approx(percentile(values, 0.9))
        assert row.interval == (ranks and pytest.approx((values[ranks[0]], values[ranks[1]])))


def test_a_period_cut_in_two_counts_every_request_once(many_lives):
    scope = scope_of()
    halves, whole = path_rows(scope, split=SPLIT), path_rows(scope)[False]
    early = RequestFact.objects.filter(supplier_id__in=(1, 2), created_day__lt=SPLIT).exclude(outcome="open")

    assert sum(row.n for row in halves[False]) == early.count() > 0
    assert sum(row.n for rows in halves.values() for row in rows) == sum(row.n for row in whole)
    cut = edge_rows(scope, split=SPLIT)
    assert sum(row.total for rows in cut.values() for row in rows) == sum(row.total for row in whole)


def test_what_was_asked_counts_the_open_ones_apart(many_lives):
    rows, facts = asked(scope_of()), RequestFact.objects.filter(supplier_id__in=(1, 2))

    assert sum(n for _service, _other, n, _open in rows) == facts.count()
    assert sum(still for _service, _other, _n, still in rows) == facts.filter(outcome="open").count() > 0


# ── The requests behind ──────────────────────────────────────────────────────


def ids_behind(scope, part):
    with connection.cursor() as cursor:
        raw = request_ids_behind(scope, part)
        cursor.execute(raw.sql, raw.params)
        return {row[0] for row in cursor.fetchall()}


def test_behind_every_path_passage_and_detour_are_the_requests_it_was_counted_from(many_lives):
    scope, plain = scope_of(), chosen(RequestFact.objects.filter(supplier_id__in=(1, 2)))
    expected = defaultdict(set)
    for pk, (path, _waits) in plain.items():
        expected[f"path:{code_of(path)}"].add(pk)
        for pair in pairwise(path):
            expected[f"step:{code_of(pair)}"].add(pk)
        for kind in Detour:
            if times(kind, path):
                expected[f"detour:{kind.value}"].add(pk)

    for part, pks in expected.items():
        assert ids_behind(scope, part) == pks
        assert count_behind(scope, part) == len(pks)
    assert len(expected) > 30


def test_a_part_is_named_in_words():
    assert words_of("path:1-2-11-14") == "The path Filed → Accepted → Delivered → Accepted by the customer"
    assert words_of("step:1-2") == "The step Filed → Accepted"
    assert words_of("detour:came_back") == "Offered on and not taken"


@pytest.mark.parametrize(
    "part", ["", "path:", "path:1-99", "path:1--2", "step:1", "step:1-2-3", "detour:late", "x:1", "path:" + "1-" * 300]
)
def test_anything_else_is_no_part(part):
    assert words_of(part) is None


def test_named_parameters_become_positional_ones():
    assert positional("a = %(a)s AND b = ANY(%(b)s)", {"a": 1, "b": [2]}) == ("a = %s AND b = ANY(%s)", [1, [2]])
