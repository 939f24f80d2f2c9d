"""An empty installation can promise something, and somebody can administer it."""

import pytest
from django.core.management import CommandError, call_command

from requests_app.agreements.models import Agreement
from requests_app.calendars.models import Calendar
from requests_app.calendars.selectors import current_version
from requests_app.org.models import Person
from servicedesk.first_start import ensure_defaults


@pytest.mark.django_db
def test_the_defaults_are_made_once():
    ensure_defaults()
    ensure_defaults()

    assert Calendar.objects.get().current == current_version(None)
    assert Agreement.objects.get().targets.count() == 10


@pytest.mark.django_db
def test_the_first_administrator_is_made_by_command(monkeypatch, capsys):
    monkeypatch.setenv("ADMIN_PASSWORD", "a long enough pass phrase")
    call_command("create_admin", "Boss@Example.test", "The Boss")

    person = Person.objects.get()
    assert (person.email, person.name, person.is_admin) == ("boss@example.test", "The Boss", True)
    assert person.check_password("a long enough pass phrase")
    assert capsys.readouterr().out == "boss@example.test is an administrator.\n"


def test_somebody_known_becomes_administrator_without_a_new_password(company):
    call_command("create_admin", company.agent.email)

    company.agent.refresh_from_db()
    assert company.agent.is_admin is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password"), [("boss@example.test", "short"), ("no address", "a long enough phrase")]
)
def test_a_weak_password_or_a_wrong_address_makes_nobody(monkeypatch, email, password):
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("create_admin", email)
    assert Person.objects.count() == 0
