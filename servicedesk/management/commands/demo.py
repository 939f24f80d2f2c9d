"""`manage.py demo`: a company with a year behind it, to look around in."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from requests_app.desk.models import ServiceRequest
from requests_app.kernel.bulk import seldom_collected
from requests_app.org.models import Department
from servicedesk.demo.building import DOMAIN, PASSWORD
from servicedesk.demo.loading import load_demo
from servicedesk.look.tags.frame import DEMO_ACCOUNTS


class Command(BaseCommand):
    help = "Fill an empty database with the demo company: departments, people, services and a year of requests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, and be content, if there is something already"
        )
        parser.add_argument("--even-without-demo-mode", action="store_true", help="load it although DEMO is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or options["even_without_demo_mode"]):
            raise CommandError(
                f"The demo company lets everybody in with the password “{PASSWORD}”, so it is loaded in demo mode "
                "only. Set DEMO=1 for a desk to try out."
            )
        if ServiceRequest.objects.exists() or Department.objects.exists():
            if options["if_empty"]:
                self.stdout.write("There is a company in this database already; nothing was loaded.")
                return
            raise CommandError("There is a company in this database already. The demo company needs an empty one.")
        began = time.monotonic()
        with seldom_collected():
            loaded = load_demo(now=timezone.now(), tell=lambda line: self.stderr.write(f"  {line}"))
        self.stdout.write(
            f"{loaded.departments} departments, {loaded.people} people, {loaded.services} services, "
            f"{loaded.requests} requests with {loaded.events} events and {loaded.ratings} ratings, "
            f"loaded in {time.monotonic() - began:.1f} s."
        )
        self.stdout.write(f"Sign in as one of these, password: {PASSWORD}")
        for name, role in DEMO_ACCOUNTS:
            self.stdout.write(f"  {name}@{DOMAIN}  {role}")
