"""Who is mailed at which step, and that nobody is told what they may not read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from feedback.actions.due import tell_what_is_due
from requests_app.events.services import deliver
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from tests.factories.actions import STEPS, brought_to, opened, take

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """(kind, to whom) of what is queued, and then sent."""
    deliver("feedback.action_letters")
    rows = OutgoingMail.objects.filter(kind__startswith="action.", state="queued")
    found = sorted(rows.values_list("kind", "person__name"))
    send_waiting()
    return found


def test_each_step_tells_whoever_has_the_next_one(company):
    action = opened(company)
    found = {"opened": told()}
    for step in STEPS["verified"]:
        action = take(company, action, step)
        found[step] = told()
    head, owner, customer = "Sofia Supplier", "Ansel Assigned", "Hanna Head"
    assert found == {
        "opened": [],  # whoever did it is not told
        "contain": [],
        "analyse": [],
        "plan": [("action.planned", owner), ("action.planned", customer)],
        "finish": [("action.done", customer)],
        "verify": [("action.verified", owner), ("action.verified", head)],
    }
    assert mail.outbox[-1].subject.endswith(": Laptops come late")
    assert f"/feedback/actions/{action.pk}/" in mail.outbox[-1].body


def test_when_it_comes_back_both_heads_are_told(company):
    start = timezone.now() - timedelta(days=20)
    brought_to(company, "verified", at=start)
    told()
    brought_to(company, "analysed", at=timezone.now())
    assert [who for kind, who in told() if kind == "action.reopened"] == ["Hanna Head", "Sofia Supplier"]


def test_what_is_late_is_told_to_its_owner_and_both_heads(company):
    action = brought_to(company, "planned")
    told()
    tell_what_is_due(today=action.due_on + timedelta(days=1))
    assert told() == [("action.overdue", name) for name in ("Ansel Assigned", "Hanna Head", "Sofia Supplier")]


def test_what_has_ended_since_is_no_news(company):
    action = brought_to(company, "planned")
    deliver("feedback.action_letters")
    take(company, action, "cancel")
    send_waiting()
    assert mail.outbox == []
