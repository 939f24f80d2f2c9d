"""An API token for a person, printed once and nothing else, so that a script can keep it."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from requests_app.kernel.errors import DomainError
from requests_app.org.models import Person
from requests_app.org.services import MOST_DAYS, create_token


class Command(BaseCommand):
    help = "Make an API token for a person and print it. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=MOST_DAYS, help=f"how long it lasts, 1 to {MOST_DAYS}")
        parser.add_argument("--read-only", action="store_true", help="a token that only reads")

    def handle(self, *, email: str, name: str, days: int, read_only: bool, **options) -> None:
        person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person with the address {email}.")
        try:
            token = create_token(person=person, name=name, days=days, read_only=read_only)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)
