"""`./desk check`: everything that can be said about the code without running the tests."""

import os
import subprocess

from servicedesk.launcher.environment import TEST, Environment
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.messages import answer, say
from servicedesk.launcher.processes import end_with_parent
from servicedesk.launcher.services import THROW_AWAY
from servicedesk.launcher.steps import child_environment
from servicedesk.launcher.throwaway import throw_away

CHECKS = {
    "lint": ["-m", "ruff", "check", "--output-format", "concise", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "imports": [
        "-c",
        "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())",
        "--no-logo",
    ],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
# A production with TLS in front, as the containers run it.
_DEPLOYED = {
    "DJANGO_SETTINGS_MODULE": "servicedesk.settings.prod",
    "SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "desk.example",
    "HTTPS": "1",
    "DEMO": "0",
}


def check(layout: Layout) -> int:
    """Run every check, also after one has failed; 0 only when all are content."""
    with throw_away(layout) as own:
        Environment(own.layout).ensure(TEST)
        addresses = own.start_services(THROW_AWAY)
        env = child_environment({**os.environ, **_DEPLOYED}, DATA_DIR=str(own.layout.data), **addresses)
        failed = []
        for name, words in CHECKS.items():
            say(f"── {name}")
            command = [*end_with_parent(), str(layout.python), *words]
            if subprocess.run(command, cwd=layout.root, env=env, check=False).returncode:
                failed.append(name)
    answer(f"Failed: {', '.join(failed)}." if failed else f"All {len(CHECKS)} checks passed.")
    return 1 if failed else 0
