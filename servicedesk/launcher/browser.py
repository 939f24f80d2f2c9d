"""The browser that the tests drive, and the proxy: found, or installed where that is possible."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from servicedesk.launcher.messages import Refusal, say
from servicedesk.launcher.steps import child_environment, run_quietly

_SHELL = "chromium-headless-shell"  # the same engine without windows, which nobody sees in tests: a quarter quicker
_BROWSERS = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("fonts-noto-cjk", "nginx-light")
_MISSING = (
    "Chromium is missing, so the browser tests cannot run.\n"
    "Install it (Debian: apt-get install chromium fonts-noto-cjk), or set CHROMIUM to its path."
)


def find_browser(environ: Mapping[str, str] = os.environ) -> str | None:
    if given := environ.get("CHROMIUM"):
        if not Path(given).exists():
            raise Refusal(f"CHROMIUM is {given}, which does not exist. Set it to Chromium's path, or unset it.")
        return given
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def find_proxy() -> str | None:
    """nginx, which stands before the product in production; Debian keeps it off an ordinary user's path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def ensure_browser(log: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser's path. None, said loudly, when it cannot be had; on CI that is a failure."""
    quickest = environ.get("CHROMIUM") or shutil.which(_SHELL)
    complete = quickest and _chinese_is_drawn() and find_proxy()
    if not complete and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium, fonts and nginx for the tests …")
        _apt_install(log)
    found = find_browser(environ)
    if not found and environ.get("CI"):
        raise Refusal(_MISSING)
    if not found:
        say(f"\n{'!' * 78}\n{_MISSING}\nThe other tests run.\n{'!' * 78}\n")
    return found


def _apt_install(log: Path) -> None:
    env = child_environment(DEBIAN_FRONTEND="noninteractive")
    with log.open("ab") as output:
        # an installation that was interrupted, by Ctrl-C for one, stops apt-get until it is brought to its end
        run_quietly(["dpkg", "--configure", "-a"], folder=Path("/"), env=env, output=output)
        run_quietly(["apt-get", "update", "-qq"], folder=Path("/"), env=env, output=output)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        run_quietly([*install, *_PACKAGES], folder=Path("/"), env=env, output=output)
        if run_quietly([*install, _SHELL], folder=Path("/"), env=env, output=output) and not find_browser():
            run_quietly([*install, "chromium"], folder=Path("/"), env=env, output=output)  # where there is no shell


def _chinese_is_drawn() -> bool:
    """Whether a font with Chinese characters is there; without one the screenshots show boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())
