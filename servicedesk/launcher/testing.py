"""`./desk test` and `./desk bench`: our own services, our own browser, nothing of the installation touched."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from servicedesk.launcher.assets import ensure_assets
from servicedesk.launcher.browser import ensure_browser
from servicedesk.launcher.environment import TEST, Environment
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.messages import Refusal, say
from servicedesk.launcher.processes import end_with_parent
from servicedesk.launcher.product import compile_catalogues, prepare, product_environment
from servicedesk.launcher.services import THROW_AWAY
from servicedesk.launcher.steps import child_environment
from servicedesk.launcher.throwaway import throw_away

# Rules must be tested completely; pyproject.toml holds the limit for everything else.
RULES = [f"*/{name}{end}" for name in ("states", "policies", "services", "selectors") for end in (".py", "/*.py")]


def test(layout: Layout, words: Sequence[str]) -> int:
    """Run the tests; the long ones, unless they are chosen from, also show how much of the code is reached.

    Counting the lines makes every test a third slower, so the run that everybody waits for goes without.
    """
    long = "--long" in words
    chosen = [word for word in words if word != "--long"]
    counted = long and not chosen
    with throw_away(layout) as own:
        place = own.layout
        set_up(place)
        addresses = own.start_services(THROW_AWAY)
        browser = ensure_browser(place.logs / "apt.log")
        env = child_environment(**{**addresses, "DJANGO_SETTINGS_MODULE": "servicedesk.settings.test"})
        env["TMPDIR"] = str(_temporary(place))
        if browser:
            env["CHROMIUM"] = browser
        compile_catalogues(place, env)
        command = ["pytest", "-n", str(os.cpu_count() or 1), *_selection(long, bool(browser))]
        code = _run(place, [*command, *(["--cov", "--cov-report="] if counted else chosen)], env)
        if counted:
            code = _coverage(place, env) or code
        if not browser:
            say("The browser tests were NOT run: there is no Chromium on this machine.")
        return code


def bench(layout: Layout, words: Sequence[str]) -> int:
    """Measure on throw-away services that write to the disk as real ones do."""
    script = layout.root / "tests" / "performance" / "bench.py"
    if not script.exists():
        raise Refusal("There are no measurements in this version (tests/performance/bench.py is missing).")
    with throw_away(layout) as own:
        place = own.layout
        set_up(place)
        env = product_environment(place, own.start_services(()))
        compile_catalogues(place, env)
        prepare(place, env, static=True)
        return _run(place, [str(script), *words], env)


def set_up(layout: Layout) -> None:
    """The environment with the test tools, and the front end."""
    environment = Environment(layout)
    environment.ensure(TEST)
    ensure_assets(layout, environment)


def _temporary(place: Layout) -> Path:
    """What the tests leave in temporary folders goes with ours."""
    folder = place.data / "tmp"
    folder.mkdir()
    return folder


def _selection(long: bool, browser: bool) -> list[str]:
    """pytest's own default leaves out the long tests; here that choice is made together with the browser's."""
    wanted = [word for word, kept in (("not long", not long), ("not browser", not browser)) if kept]
    return ["-m", " and ".join(wanted)]


def _coverage(layout: Layout, env: Mapping[str, str]) -> int:
    """Two limits: the one of pyproject.toml for everything, a higher one for the rules."""
    report = ["coverage", "report", "--skip-covered", "--skip-empty"]
    everything = _run(layout, report, env)
    rules = _run(layout, [*report, "--show-missing", f"--include={','.join(RULES)}", "--fail-under=99"], env)
    if everything or rules:
        say("Coverage is below its limits: see the files above.")
    return everything or rules


def _run(layout: Layout, words: Sequence[str], env: Mapping[str, str]) -> int:
    module = [] if words[0].endswith(".py") else ["-m"]
    command = [*end_with_parent(), str(layout.python), *module, *words]
    process = subprocess.Popen(command, env=dict(env), cwd=layout.root)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
