"""`./desk bench [--requests 500000] [--calls 200] [--large]`: how long the pages take, as multiples of a view that does nothing.

Loads the requests, starts the production web server, measures one client and eight, and prints a table with the
targets. Timings on a shared machine wander; the multiples and the processor time hold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.performance.settings"
os.environ["DEMO"] = "1"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from requests_app.calendars.worktime import Schedule, Worktime  # noqa: E402
from requests_app.catalogue.models import Service  # noqa: E402
from requests_app.desk.models import ServiceRequest  # noqa: E402
from requests_app.org.services import create_token  # noqa: E402
from tests.faults.rig import free_port  # noqa: E402
from tests.performance import large  # noqa: E402
from tests.performance.clients import Call, Timing, eight_at_a_time, memory, one_after_the_other  # noqa: E402
from tests.performance.load import load  # noqa: E402

TARGETS = {  # name → at most so many times the bare view, at the median
    "file by API": 15, "queue page": 30, "request page": 30, "search": 40, "supplier dashboard": 40, "matrix": 50,
}  # fmt: skip


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--requests", type=int, default=500_000)
    words.add_argument("--calls", type=int, default=200)
    words.add_argument("--json", type=Path, help="write the figures to this file as well")
    words.add_argument("--large", action="store_true", help="figures alone, at ten million requests (an hour)")
    words.add_argument("--facts", type=int, default=10_000_000)
    chosen = words.parse_args()
    if chosen.large:
        write(large.run(chosen.facts, chosen.calls, sys.modules[__name__], say), chosen.json)
        return 0
    say("Loading.")
    load(chosen.requests, say)
    port, web = start_web()
    try:
        results = measure(port, web, chosen.calls)
    finally:
        web.terminate()
        web.wait()
    report(results)
    write(results, chosen.json)
    return 0


def write(results: dict, path: Path | None) -> None:
    if path:
        path.write_text(json.dumps(results, indent=1, default=vars))


def start_web() -> tuple[int, subprocess.Popen]:
    port = free_port()
    env = {**os.environ, "BIND": f"127.0.0.1:{port}", "PYTHONPATH": str(ROOT), "WEB_WORKERS": "2"}
    log = Path(tempfile.gettempdir()) / "servicedesk-bench-web.log"
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"), "servicedesk.wsgi"]
    with log.open("w") as file:
        web = subprocess.Popen(command, env=env, cwd=ROOT, stdout=file, stderr=file)
    for _try in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2).close()
            return port, web
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The web server did not start:\n{log.read_text()[-3000:]}")


def measure(port: int, web: subprocess.Popen, calls: int) -> dict:
    timings, queries = [], {}
    for call in all_calls():
        timing = one_after_the_other(port, call, calls, lambda: web_pids(web), database_pids)
        timings.append(timing)
        say(f"{timing.name}: {timing.p50:.1f} ms, p95 {timing.p95:.1f} ms")
        if call.method == "GET" and not call.name.startswith("bare"):
            queries[call.name] = count_queries(call)
    create, filing = (call for call in all_calls() if call.method == "POST")
    rates = {call.name: eight_at_a_time(port, call, 8.0) for call in (create, filing)}
    return {
        "requests": ServiceRequest.objects.count(),
        "timings": timings,
        "queries": queries,
        "rates": rates,
        "memory of web, MiB": memory(web_pids(web)),
        "working time of a year, µs": year_of_worktime(),
    }


def year_of_worktime() -> float:
    """Microseconds a question, amortised over ten thousand that begin at different instants."""
    worktime = Worktime(Schedule("Europe/Berlin", tuple((day, "09:00", "17:00") for day in range(5))))
    starts = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(10_000)]
    begun = time.process_time()
    for start in starts:
        worktime.between(start, start + timedelta(days=365))
    return (time.process_time() - begun) / len(starts) * 1e6


def all_calls() -> list[Call]:
    head = get_user_model().objects.get(email="head@demo.example")
    executive = get_user_model().objects.get(email="executive@demo.example")
    staff = get_user_model().objects.get(email="staff@demo.example")
    bearer = ("Authorization", f"Bearer {create_token(person=staff)}")
    as_json = (bearer, ("Content-Type", "application/json"))
    of_head, of_executive = cookie(head), cookie(executive)
    one = ServiceRequest.objects.filter(supplier__slug="it", status="in_progress").order_by("-pk")[1:2].get()
    return [
        Call("bare view", "/bench/bare/"),
        Call("minimal create", "/bench/create/", "POST", as_json, lambda: json.dumps({"title": "x"}), 201),
        Call("file by API", "/api/v1/requests/", "POST", as_json, filing_body, 201),
        Call("my desk", "/", headers=of_head),
        Call("queue page", "/departments/it/queue/", headers=of_head),
        Call("request page", f"/requests/{one.number}/", headers=of_head),
        Call("search", "/search/?q=printer+lot7", headers=of_head),
        Call("supplier dashboard", "/departments/it/as-supplier/", headers=of_head),
        Call("customer dashboard", "/departments/it/as-customer/", headers=of_head),
        Call("matrix", "/company/", headers=of_executive),
        Call("catalogue", "/services/", headers=of_head),
    ]


def filing_body() -> str:
    """A service of the demo company that asks nothing, so that filing is all that is measured."""
    return json.dumps({"service": plain_service(), "title": f"Bench {uuid.uuid4()}", "urgency": 2, "impact": 2})


@cache
def plain_service() -> str:
    for service in Service.objects.filter(department__slug="it", privacy="department").select_related("form"):
        if not service.form or not any(question.required for question in service.form.questions):
            return service.slug
    raise SystemExit("Every service of the demo company asks something; filing cannot be measured.")


def cookie(person) -> tuple[tuple[str, str], ...]:
    """A session of the person, as the browser would send it."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return (("Cookie", f"sessionid={client.cookies['sessionid'].value}"),)


def count_queries(call: Call) -> int:
    session = dict(call.headers).get("Cookie", "").removeprefix("sessionid=")
    client = Client(HTTP_HOST="localhost")
    client.cookies["sessionid"] = session
    assert SessionStore(session).exists(session)
    client.get(call.path)
    with CaptureQueriesContext(connection) as captured:
        client.get(call.path)
    return len(captured)


def web_pids(web: subprocess.Popen) -> list[int]:
    """Asked for each time: a worker that has answered its share of requests gives way to a new one."""
    return [web.pid, *children(web.pid)]


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def database_pids() -> list[int]:
    """The backends that serve the web; ours is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def report(results: dict) -> None:
    timings: list[Timing] = results["timings"]
    bare = next(timing for timing in timings if timing.name == "bare view").p50
    say(
        f"\n{results['requests']} requests. One client; milliseconds; CPU is processor time of web and of PostgreSQL.\n"
    )
    say("| what | p50 | p95 | × bare | target | CPU web | CPU database | queries |\n|---|---|---|---|---|---|---|---|")
    for timing in timings:
        target = TARGETS.get(timing.name)
        times = timing.p50 / bare
        verdict = f"≤ {target} {'kept' if times <= target else 'MISSED'}" if target else ""
        queries = results["queries"].get(timing.name, "")
        say(f"| {timing.name} | {timing.p50:.1f} | {timing.p95:.1f} | {times:.1f} | {verdict} | {timing.cpu_web:.1f} "
            f"| {timing.cpu_database:.1f} | {queries} |")  # fmt: skip
    create, filing = results["rates"].values()
    kept = "kept" if filing >= 0.25 * create else "MISSED"
    say(
        f"\nEight clients: minimal create {create:.0f}/s, filing {filing:.0f}/s = {filing / create:.2f} (≥ 0.25 {kept})"
    )
    say(f"Web processes: {results['memory of web, MiB']:.0f} MiB resident.")
    say(f"Working time in a year: {results['working time of a year, µs']:.1f} µs a question.")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
