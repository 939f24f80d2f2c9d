"""A question of Sales to IT in the forum, and a reply."""

from typing import Any

from feedback.forum.models import Reply, Topic
from feedback.forum.services import ask, reply
from tests.factories.company import Company


def topic_of(company: Company, **more: Any) -> Topic:
    values = {
        "by": company.requester, "department": company.it, "title": "Why do passwords expire?",
        "body": "Every ninety days.", "subject": "access",
    }  # fmt: skip
    return ask(**(values | more))


def replied(company: Company, topic: Topic | None = None, **more: Any) -> Reply:
    values = {"by": company.agent, "body": "They will not from May on."}
    return reply(topic=topic or topic_of(company), **(values | more))
