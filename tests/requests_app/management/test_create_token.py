from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from requests_app.org.models import ApiToken

pytestmark = pytest.mark.django_db


def create_token(*args: str) -> str:
    out = StringIO()
    call_command("create_token", *args, stdout=out)
    return out.getvalue()


def test_prints_a_token_that_works_and_nothing_else(company, client):
    text = create_token(company.requester.email.upper())
    assert text == f"{text.strip()}\n"
    answer = client.get("/api/v1/people/me/", headers={"Authorization": f"Bearer {text.strip()}"})
    assert answer.json()["email"] == company.requester.email


def test_takes_a_name_a_life_and_a_limit(company):
    create_token(company.requester.email, "--name", "nightly report", "--days", "7", "--read-only")
    token = ApiToken.objects.get()
    assert (token.name, token.read_only) == ("nightly report", True)
    assert round((token.expires_at - token.created_at) / timedelta(days=1)) == 7


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["nobody@example.test"], "no active person"),
        (["rita.requester@example.test", "--days", "366"], "1 to 365 days"),
        (["rita.requester@example.test", "--name", ""], "needed"),
    ],
)
def test_says_what_is_wrong(company, args, says):
    with pytest.raises(CommandError, match=says):
        create_token(*args)
    assert ApiToken.objects.count() == 0


def test_gives_nothing_to_somebody_who_left(company):
    company.requester.is_active = False
    company.requester.save()
    with pytest.raises(CommandError, match="no active person"):
        create_token(company.requester.email)
