import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from requests_app.agreements.models import Agreement
from servicedesk.launcher.layout import CHECKOUT
from servicedesk.launcher.ports import free_port


@pytest.mark.django_db
def test_a_migrated_database_is_left_as_it_is(capsys):
    call_command("prepare", "--no-static")

    done = json.loads(capsys.readouterr().out)
    assert (done["migrated"], done["empty"]) == (False, True)
    assert list(Agreement.objects.all()) == []


@pytest.mark.django_db
def test_it_says_when_somebody_is_there(capsys, company):
    call_command("prepare", "--no-static")
    assert json.loads(capsys.readouterr().out)["empty"] is False


def test_a_wrong_address_is_one_sentence_without_the_password():
    env = {**os.environ, "DATABASE_URL": f"postgres://me:hidden@127.0.0.1:{free_port()}/nowhere"}
    said = subprocess.run(
        [sys.executable, CHECKOUT / "manage.py", "prepare"], env=env, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert said.stderr.startswith("CommandError: The database nowhere at 127.0.0.1:")
    assert "Connection refused" in said.stderr
    assert "hidden" not in said.stderr
    assert said.stderr.count("\n") == 1
