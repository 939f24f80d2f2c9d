"""`./desk up`: from a fresh clone to a running product, and everything stopped again at the end."""

import os
import shutil
import threading
import time
from collections.abc import Callable

from servicedesk.launcher import holding, programs
from servicedesk.launcher.assets import ensure_assets
from servicedesk.launcher.environment import RUN, Environment
from servicedesk.launcher.http import status_of
from servicedesk.launcher.layout import Layout, port_from_environment, switch_from_environment
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import Refusal, answer, last_lines, say
from servicedesk.launcher.ports import is_free
from servicedesk.launcher.processes import clear_up
from servicedesk.launcher.product import compile_catalogues, prepare, product_environment, static_mark
from servicedesk.launcher.services import given, start_services
from servicedesk.launcher.stamps import fingerprint, is_current, put
from servicedesk.launcher.stopping import StopRequested, stopping_is_deaf, stopping_raises
from servicedesk.launcher.supervision import Supervisor

DEMO_PEOPLE = ("staff", "agent", "head", "customer-head", "admin", "executive", "auditor")
LOOPBACK_NAMES = ("127.0.0.1", "::1", "localhost")
ROOM_FIRST, ROOM = 1_200_000_000, 300_000_000  # bytes: packages, or a database with the demo company and its log
_PATIENCE, _PATIENCE_WITH_ERRORS = 180.0, 10.0


def up(layout: Layout) -> int:
    """Run until Ctrl-C or SIGTERM (answer 0), or until the database fails (a Refusal)."""
    host, port = os.environ.get("HOST", "").strip() or "127.0.0.1", port_from_environment()
    _check_room(layout)
    layout.make_folders()
    lock = holding.take(layout, "up")
    orphans = clear_up(layout.children)
    if orphans:
        say(f"An earlier run was killed; stopped what it left behind: {', '.join(orphans)}.")
    if not is_free(host, port):
        raise Refusal(
            f"Port {port} is taken by another program.\n"
            f"Free it, or use another one: PORT={port + 1 if port < 65535 else 8000} ./desk up"
        )
    supervisor = Supervisor(layout.children)
    try:
        with stopping_raises():
            Run(layout, supervisor, lock, host, port).go()
    except StopRequested as request:
        say(f"\nStopping ({request}) …")
    finally:
        with stopping_is_deaf(supervisor.kill_all):
            supervisor.stop_all()
            lock.release()
    say("Everything is stopped. The data is kept.")
    return 0


class Run:
    """One run of the product, step by step."""

    def __init__(self, layout: Layout, supervisor: Supervisor, lock: FileLock, host: str, port: int) -> None:
        self.layout, self.supervisor, self.lock, self.host, self.port = layout, supervisor, lock, host, port
        self.began = time.monotonic()
        self.demo_wanted = switch_from_environment("DEMO", True)
        own = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
        self.demo_stamp = layout.stamps / (f"demo-{fingerprint([], own)[:12]}" if own else "demo")
        named = "localhost" if host in (*LOOPBACK_NAMES, "0.0.0.0", "::") else host  # noqa: S104 - read, not bound
        self.address = f"http://{named}:{port}"

    def go(self) -> None:
        self._set_up()
        addresses = start_services(self.layout, self.supervisor, self.layout.data)
        self.env = product_environment(self.layout, addresses)
        self.env.setdefault("PUBLIC_URL", self.address)
        compile_catalogues(self.layout, self.env)
        found = self._prepare()
        load_demo = self.demo_wanted and found["demo"] and (found["empty"] or is_current(self.demo_stamp, "loading"))
        demo = self.demo_wanted and (load_demo or self.demo_stamp.exists())
        self.env["DEMO"] = "1" if demo else "0"
        self._share()
        self._start_programs()
        loaded = not load_demo or self._load_demo()
        self._report(demo and loaded, missing=self.demo_wanted and not found["demo"], empty=found["empty"])
        while True:
            self.supervisor.look()
            time.sleep(0.5)

    def _set_up(self) -> None:
        """Python and front-end packages, at the same time where both package managers are at hand."""
        environment = self.environment = Environment(self.layout)  # held as long as this run lives
        if shutil.which("npm"):
            assets = Background(lambda: ensure_assets(self.layout, environment))
            environment.ensure(RUN)
            assets.result()
        else:
            environment.ensure(RUN)
            ensure_assets(self.layout, environment)

    def _prepare(self) -> dict[str, bool]:
        """Migrate and collect static files; the latter only when something they depend on has changed."""
        stamp = self.layout.stamps / "static"
        fresh = is_current(stamp, static_mark(self.layout))
        say("Preparing the database …" if fresh else "Preparing the database and the static files …")
        done = prepare(self.layout, self.env, static=not fresh)
        put(stamp, static_mark(self.layout))
        return done

    def _share(self) -> None:
        note = {"pid": os.getpid(), "command": "up", "address": self.address, "since": time.time()}
        self.lock.write({**note, "environment": holding.shared_environment(self.env)})

    def _start_programs(self) -> None:
        web = programs.web(self.layout, self.env, self.host, self.port)
        web.start()
        self._wait_for_web(web)
        self.supervisor.keep(web)
        for name in programs.WORKERS:
            self.supervisor.keep(programs.worker(self.layout, self.env, name))
        self.supervisor.keep(programs.beat(self.layout, self.env))

    def _wait_for_web(self, web: programs.Child) -> None:
        """Until it answers without an error; one that answers only errors is no start either."""
        deadline, status = time.monotonic() + _PATIENCE, 0
        try:
            while time.monotonic() < deadline and web.exit_code is None:
                status = status_of(self.host, self.port, "/health/live")
                if 0 < status < 500:
                    return
                if status:
                    deadline = min(deadline, time.monotonic() + _PATIENCE_WITH_ERRORS)
                time.sleep(0.1)
        except BaseException:
            web.kill()
            raise
        web.kill()
        how = f"answers with an error ({status})" if status else "did not start"
        raise Refusal(f"The web server {how}. The end of {web.log}:\n{last_lines(web.log)}")

    def _load_demo(self) -> bool:
        """On the first start. While it loads, the pages already answer and the workers already count."""
        say("Loading the demo company …")
        put(self.demo_stamp, "loading")
        loading = programs.demo(self.layout, self.env)
        loading.start()
        try:
            while loading.exit_code is None:
                self.supervisor.look()
                time.sleep(0.1)
        except BaseException:
            loading.kill()
            raise
        if not loading.exit_code:
            put(self.demo_stamp, "loaded")
            return True
        say(
            f"The demo company is not complete. The end of {loading.log}:\n{last_lines(loading.log, 3)}\n"
            "The desk runs all the same. To begin anew: stop it, ./desk reset, ./desk up."
        )
        return False

    def _report(self, demo: bool, *, missing: bool, empty: bool) -> None:
        lines = ["", f"  The service desk is ready: {self.address}   (after {time.monotonic() - self.began:.0f} s)", ""]
        if demo:
            lines.append("  Sign in as one of these, password: demo")
            lines += [*(f"    {name}@demo.example" for name in DEMO_PEOPLE), ""]
            if self.host not in LOOPBACK_NAMES:
                lines += [f"  Careful: {self.host} can be reached by others, and these passwords are known to all.", ""]
        elif empty:
            lines += ["  There is no demo company in this version (manage.py demo is missing)."] * missing
            lines += ["  Make the first administrator: ./desk manage create_admin you@example.org 'Your Name'", ""]
        kept = "your own database" if given("DATABASE_URL") else str(self.layout.data)
        lines += [f"  Data: {kept}   Logs: {self.layout.logs}", "  Stop with Ctrl-C, or ./desk stop.", ""]
        answer("\n".join(lines))


class Background(threading.Thread):
    """A step that runs beside another one; `result` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # raised again by `result`
            self._error = error

    def result(self) -> None:
        self.join()
        if self._error:
            raise self._error


def _check_room(layout: Layout) -> None:
    for folder, complete in ((layout.root, layout.venv.exists()), (layout.data, (layout.data / "postgres").exists())):
        needed = ROOM if complete else ROOM_FIRST
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free
        if free < needed:
            raise Refusal(
                f"The disk that holds {folder} has {free // 1_000_000} MB left; "
                f"at least {needed // 1_000_000} MB are needed.\n"
                "Free some space, or keep the data elsewhere: DATA_DIR=/path/with/space ./desk up"
            )
