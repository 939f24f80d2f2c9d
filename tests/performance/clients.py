"""Clients that measure: one after the other on a connection kept open, or eight at a time."""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Call:
    """One kind of request; `body` is called anew for each."""

    name: str
    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: Callable[[], str] | None = None
    expects: int = 200


@dataclass(frozen=True)
class Timing:
    """Milliseconds by the clock, and of processor time in web and database, per request."""

    name: str
    n: int
    p50: float
    p95: float
    cpu_web: float
    cpu_database: float


def one_after_the_other(
    port: int, call: Call, n: int, web: Callable[[], list[int]], database: Callable[[], list[int]]
) -> Timing:
    """n requests on one connection, after a warm-up of a tenth as many."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for _warm in range(max(n // 10, 5)):
            _send(connection, call)
        before = cpu(web()), cpu(database())
        times = sorted(_send(connection, call) for _number in range(n))
        after = cpu(web()), cpu(database())
    spent = [(late - early) / n * 1000 for early, late in zip(before, after, strict=True)]
    return Timing(call.name, n, statistics.median(times), times[int(n * 0.95) - 1], *spent)


def send_all(port: int, call: Call, n: int, *, before: Callable[[], object] = lambda: None) -> list[float]:
    """Milliseconds of n requests on one connection, the quickest first; `before` is done ahead of each."""
    times = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for _number in range(n):
            before()
            times.append(_send(connection, call))
    return sorted(times)


def eight_at_a_time(port: int, call: Call, seconds: float) -> float:
    """Requests a second with eight clients."""
    counts = [0] * 8
    until = time.monotonic() + seconds

    def work(place: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            while time.monotonic() < until:
                _send(connection, call)
                counts[place] += 1

    crew = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for client in crew:
        client.start()
    for client in crew:
        client.join()
    return sum(counts) / seconds


def _send(connection: http.client.HTTPConnection, call: Call) -> float:
    began = time.perf_counter()
    connection.request(call.method, call.path, call.body() if call.body else None, dict(call.headers))
    answer = connection.getresponse()
    said = answer.read()
    spent = (time.perf_counter() - began) * 1000
    if answer.status != call.expects:
        raise SystemExit(f"{call.name} answered {answer.status} instead of {call.expects}: {said[:500]!r}")
    return spent


def cpu(pids: list[int]) -> float:
    """Seconds of processor time that these processes have used."""
    total = 0
    for pid in pids:
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(words[11]) + int(words[12])
    return total / TICKS


def memory(pids: list[int]) -> float:
    """Resident MiB of these processes together; shared pages count in each."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
