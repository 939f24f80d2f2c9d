"""What every command that runs our code needs: settings in the environment, translations, static files."""

import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.messages import DISK_FULL_WORDS, Refusal, disk_full, indented
from servicedesk.launcher.processes import PRIVATE, end_with_parent
from servicedesk.launcher.services import given
from servicedesk.launcher.stamps import fingerprint, is_current, put
from servicedesk.launcher.steps import child_environment, run_step


def product_environment(
    layout: Layout, addresses: Mapping[str, str], environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Production settings; a secret key of this installation's own when none is given."""
    env = child_environment(environ, DATA_DIR=str(layout.data), **addresses)
    env.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.prod")
    if not given("SECRET_KEY", environ):
        env["SECRET_KEY_FILE"] = str(_secret_key_file(layout))
    return env


def _secret_key_file(layout: Layout) -> str:
    file = layout.data / "secret_key"
    if not file.exists():
        fresh = layout.data / "secret_key.new"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        fresh.rename(file)
    return str(file)


def manage_py(layout: Layout, *words: str) -> list[object]:
    return [layout.python, layout.root / "manage.py", *words]


def prepare(layout: Layout, env: Mapping[str, str], *, static: bool) -> dict[str, bool]:
    """Migrate, and collect static files if told to. Answers what `manage.py prepare` found and did."""
    words = manage_py(layout, "prepare", *([] if static else ["--no-static"]))
    done = subprocess.run(
        [*end_with_parent(), *map(str, words)],
        env=dict(env),
        cwd=layout.root,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        umask=PRIVATE,
    )
    if DISK_FULL_WORDS in done.stderr:
        raise disk_full(layout.data)
    if done.returncode:
        log = layout.logs / "prepare.log"
        log.write_text(done.stderr)
        end = indented(done.stderr.splitlines()[-3:])
        raise Refusal(f"The database could not be prepared. It said:\n{end}\nAll of it: {log}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compile_catalogues(layout: Layout, env: Mapping[str, str]) -> None:
    """Translations become machine-readable; only when one of them has changed."""
    folder = layout.root / "locale"
    catalogues = sorted(folder.rglob("*.po"))
    stamp, value = layout.root / ".venv" / "catalogues.stamp", fingerprint(catalogues)
    if is_current(stamp, value) and all(file.with_suffix(".mo").exists() for file in catalogues):
        return
    run_step(
        [layout.python, "-m", "servicedesk.catalogues", folder],
        log=layout.logs / "setup.log",
        folder=layout.root,
        env=env,
        failure="The translations could not be compiled.",
    )
    put(stamp, value)


def static_mark(layout: Layout) -> str:
    """Changes with everything that collecting static files depends on, and when what was collected is gone."""
    root, place = layout.root, Path(os.environ.get("STATIC_ROOT", "") or layout.data / "static")
    there = str(place) if (place / "staticfiles.json").exists() else "nowhere"
    return fingerprint([root / "static", root / "requirements.lock", root / "servicedesk" / "settings"], there)
