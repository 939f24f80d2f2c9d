"""`./desk bench --large [--facts 10000000]`: figures at ten million requests beside the same at a hundred thousand.

Times the pages of twelve months cold (figures have just changed, so nothing is kept) and warm, the rebuild of all
cells, the folding of events, percentiles against exact ones, and how far figures lag while fifty events a second come.
"""

import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.facts.services import computed
from metrics.rollups import rebuilding
from metrics.rollups.models import Rollup
from metrics.rollups.selectors import as_of, figures
from metrics.rollups.selectors.exact import exact_tallies
from metrics.rollups.services import note_generation
from metrics.rollups.states import DAY, Period, Scope, Side
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department
from tests.performance.clients import Call, one_after_the_other, send_all
from tests.performance.load import load, load_facts

ROOT = Path(__file__).resolve().parents[2]
SMALL = 100_000
MOST_MS, MOST_TIMES, LEAST_RATE, MOST_LAG = 100, 1.5, 20_000, 5
EVENTS_A_SECOND = 50
YEAR = 365
WORKER = ("worker", "--queues", "interactive,figures", "--concurrency", "2", "--without-gossip", "--without-mingle")


@dataclass(frozen=True)
class Page:
    name: str
    cold: float
    cold_p95: float
    warm: float
    warm_p95: float


def run(facts: int, calls: int, bench, say: Callable[[str], None]) -> dict:  # type: ignore[no-untyped-def]
    """All of it; `bench` is the module that starts the web and makes the calls."""
    load(SMALL, say)
    with _unhurried():
        small = _pages(bench, calls, say)
        load_facts(facts, say)
        rate = _rebuild(say)
        large = _pages(bench, calls, say)
        results = {
            "facts": RequestFact.objects.count(), "cells": Rollup.objects.count(),
            "rebuilt a second": rate, "folded a second": _folding(),
            "worst percentile": _worst_percentile(), "lag": _lag(bench, say),
            "small": small, "large": large,
        }  # fmt: skip
    report(results, say)
    return results


@contextmanager
def _unhurried() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    yield


def page_calls(cookie: Callable) -> list[Call]:  # type: ignore[type-arg]
    people = get_user_model().objects
    head = cookie(people.get(email="head@demo.example"))
    executive = cookie(people.get(email="executive@demo.example"))
    return [
        Call("supplier dashboard", "/departments/it/as-supplier/?period=year", headers=head),
        Call("customer dashboard", "/departments/it/as-customer/?period=year", headers=head),
        Call("matrix", "/company/?period=year", headers=executive),
        Call("charts", "/departments/it/charts/", headers=head),
        Call("one chart", "/departments/it/charts/resolution_time/", headers=head),
    ]


def _pages(bench, calls: int, say: Callable[[str], None]) -> list[Page]:  # type: ignore[no-untyped-def]
    port, web = bench.start_web()
    found = []
    try:
        for call in page_calls(bench.cookie):
            cold = send_all(port, call, calls, before=note_generation)
            warm = one_after_the_other(port, call, calls, lambda: bench.web_pids(web), bench.database_pids)
            page = Page(call.name, statistics.median(cold), cold[int(calls * 0.95) - 1], warm.p50, warm.p95)
            say(
                f"{page.name}: cold {page.cold:.0f} ms, p95 {page.cold_p95:.0f}; warm {page.warm:.0f}, {page.warm_p95:.0f}"
            )
            found.append(page)
    finally:
        web.terminate()
        web.wait()
    return found


def _rebuild(say: Callable[[str], None]) -> float:
    """Facts a second counted into an empty table of cells."""
    facts = RequestFact.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE metrics_rollup")
    began = time.monotonic()
    cells = rebuilding.rebuild_cells()
    spent = time.monotonic() - began
    say(f"{facts} facts counted into {cells} cells in {spent:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE metrics_rollup")
    return facts / spent


def _folding() -> float:
    """Requests a second folded from their events, in one process."""
    ids = list(ServiceRequest.objects.order_by("pk").values_list("pk", flat=True)[:5000])
    began = time.monotonic()
    for start in range(0, len(ids), rebuilding.CHUNK):
        computed(ids[start : start + rebuilding.CHUNK])
    return len(ids) / (time.monotonic() - began)


def _worst_percentile() -> float:
    """The largest relative error of a median or p90 of twelve months, of cells against sorting every value."""
    department = Department.objects.get(slug="it")
    today = timezone.localdate()
    period, now = Period(today - DAY * YEAR, today + DAY), timezone.now()
    scope = Scope(Side.SUPPLIER, (department.pk,), period, now, timezone.get_current_timezone())  # type: ignore[arg-type]
    keys = ["resolution_time", "first_response_time", "customer_wait_time"]
    told, exact = figures(scope, keys), exact_tallies(scope, keys)
    worst = 0.0
    for key in keys:
        for mine, sure in ((told[key].median, exact[key,].exact[0]), (told[key].p90, exact[key,].exact[1])):
            worst = max(worst, abs(mine - sure) / sure if mine is not None and sure else 0.0)
    return worst


# ── How far figures lag ──────────────────────────────────────────────────────


def _lag(bench, say: Callable[[str], None], seconds: float = 60) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Seconds by which figures lag while events come: sampled ten times a second."""
    port, web = bench.start_web()
    processes = [web, _celery(*WORKER), _celery("beat", "--pidfile", "")]
    try:
        say("filing, and watching how far figures lag")
        return _watch(port, bench, seconds)
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _celery(*words: str) -> subprocess.Popen:
    """As the product runs it."""
    command = [sys.executable, "-m", "celery", "--app", "servicedesk", "--quiet", *words]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT)


def _watch(port: int, bench, seconds: float) -> dict[str, float]:  # type: ignore[no-untyped-def]
    call = next(call for call in bench.all_calls() if call.name == "file by API")
    send_all(port, call, 5)
    _wait_until_caught_up()
    first, before = time.monotonic(), _last_event()
    until = first + seconds
    crew = [threading.Thread(target=_file_now_and_then, args=(port, call, until)) for _each in range(8)]
    for client in crew:
        client.start()
    lags = []
    while time.monotonic() < until:
        now = timezone.now()
        lags.append((now - as_of(now)).total_seconds())
        time.sleep(0.1)
    for client in crew:
        client.join()
    came = _last_event() - before
    _wait_until_caught_up()
    return {"p50": statistics.median(lags), "p95": sorted(lags)[int(len(lags) * 0.95) - 1], "events/s": came / seconds}


def _file_now_and_then(port: int, call: Call, until: float) -> None:
    """One of eight that together make fifty events a second; a filing is one."""
    while time.monotonic() < until:
        began = time.monotonic()
        send_all(port, call, 1)
        pause = 8 / EVENTS_A_SECOND * random.uniform(0.7, 1.3) - (time.monotonic() - began)
        time.sleep(max(pause, 0))


def _last_event() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM events_event")
        return cursor.fetchone()[0]


def _wait_until_caught_up() -> None:
    """The copies bring work along: many of them are closed by themselves as soon as a worker looks."""
    for _try in range(4500):
        now = timezone.now()
        if as_of(now) == now:
            return
        time.sleep(0.2)
    raise SystemExit("The worker did not catch up within a quarter of an hour.")


def report(results: dict, say: Callable[[str], None]) -> None:
    say(f"\n{results['facts']} requests in figures, {results['cells']} cells; milliseconds of twelve months.\n")
    say("| page | cold | p95 | warm | p95 | cold at 100 000 | × | verdict |\n|---|---|---|---|---|---|---|---|")
    for small, large in zip(results["small"], results["large"], strict=True):
        times = large.cold / small.cold
        kept = large.cold_p95 <= MOST_MS and times <= MOST_TIMES
        say(f"| {large.name} | {large.cold:.0f} | {large.cold_p95:.0f} | {large.warm:.0f} | {large.warm_p95:.0f} "
            f"| {small.cold:.0f} | {times:.2f} | {'kept' if kept else 'MISSED'} |")  # fmt: skip
    lag = results["lag"]
    say(f"\nRebuild: {results['rebuilt a second']:.0f} requests/s (≥ {LEAST_RATE}). "
        f"Folding events: {results['folded a second']:.0f} requests/s and process. "
        f"Worst percentile: {results['worst percentile']:.2%} from exact (≤ 1 %). "
        f"Lag at {lag['events/s']:.0f} events/s: median {lag['p50']:.1f} s, p95 {lag['p95']:.1f} s "
        f"(≤ {MOST_LAG}).")  # fmt: skip
