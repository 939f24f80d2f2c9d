"""`manage.py create_admin EMAIL NAME`: the first administrator of an installation without demo company."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from requests_app.events.services import record
from requests_app.org.models import Person
from servicedesk.first_start import ensure_defaults


class Command(BaseCommand):
    help = "Make somebody an administrator. The password is asked for, or read from ADMIN_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        email, name = options["email"].strip().lower(), options["name"].strip()
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            person = self._new_person(email, name or email.split("@")[0])
        person.is_admin = person.is_active = True
        person.save()
        ensure_defaults()
        record(kind="config.changed", subject_kind="person", subject_id=person.pk, data={
            "what": "person", "before": {}, "after": {"is_admin": True},
        })  # fmt: skip
        self.stdout.write(f"{person.email} is an administrator.")

    def _new_person(self, email: str, name: str) -> Person:
        person = Person(email=email, name=name)
        password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Password: ")
        try:
            validate_email(email)
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.set_password(password)
        person.save()
        return person
