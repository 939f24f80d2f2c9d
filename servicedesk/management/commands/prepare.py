"""`manage.py prepare`: everything between new code and a running product, in one process start.

Safe to repeat, and safe to run twice at the same time: an advisory lock lets one after the other in.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from servicedesk.first_start import ensure_defaults

_LOCK = 0x5E2F1CE  # any number, as long as every installation of this version uses the same


class Command(BaseCommand):
    help = "Migrate the database and collect static files. Prints what was done as one line of JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-static", action="store_true", help="leave the static files as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        self._connect()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")  # another one may migrate for minutes; waiting for it is right
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            cursor.execute("RESET lock_timeout")
            migrated = self._migrate()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        if not options["no_static"]:
            # Old files go, but never from a folder that somebody else has chosen and may share.
            ours = Path(settings.STATIC_ROOT).is_relative_to(settings.DATA_DIR)
            call_command("collectstatic", interactive=False, verbosity=0, clear=ours)
        known = get_commands()
        done = {"migrated": migrated, "empty": not get_user_model().objects.exists(), "demo": "demo" in known}
        self.stdout.write(json.dumps(done))

    def _connect(self) -> None:
        """A wrong address is the one mistake everybody makes once: say it without a traceback, without the password."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            where = settings.DATABASES[DEFAULT_DB_ALIAS]
            reason = str(error).strip().splitlines()[0]
            place = f"{where['NAME']} at {where['HOST']}:{where['PORT']}"
            raise CommandError(f"The database {place} cannot be used: {reason}. Check DATABASE_URL.") from error

    def _migrate(self) -> bool:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        ensure_defaults()
        return True
