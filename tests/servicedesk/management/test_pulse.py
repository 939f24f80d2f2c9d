from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from requests_app.events.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_who_was_just_seen_is_alive(capsys):
    Heartbeat.objects.create(name="beat", at=timezone.now())
    call_command("pulse", "beat")
    assert capsys.readouterr().out.startswith("beat was seen at ")


def test_who_was_seen_long_ago_is_not():
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(CommandError, match="beat was last seen at 20"):
        call_command("pulse", "beat")


def test_who_was_never_seen_is_not():
    with pytest.raises(CommandError, match="beat was last seen at no time at all"):
        call_command("pulse", "beat")


def test_a_name_that_nobody_bears_is_told_the_others():
    with pytest.raises(CommandError, match=r"Known: beat, worker:"):
        call_command("pulse", "cron")
