"""The beat may tick as often as it likes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.actions.tasks import tell_due_actions
from requests_app.events.models import Event
from tests.factories.actions import brought_to

pytestmark = pytest.mark.django_db


def test_what_is_late_is_told_by_the_beat_once(company):
    brought_to(company, "planned")
    yesterday = timezone.localdate() - timedelta(days=1)
    CorrectiveAction.objects.update(due_on=yesterday, next_due_on=yesterday)
    for _ in range(3):
        tell_due_actions()
    assert Event.objects.filter(kind="action.overdue").count() == 1
