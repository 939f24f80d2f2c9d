"""What two departments say differently of each other as points of the agenda of their talks."""

from datetime import datetime
from typing import Any

from feedback.chain.policies import can_read
from feedback.chain.selectors import disagreements
from feedback.chain.states import PointKind
from feedback.chain.wording import relation_address
from feedback.talks.agenda import Topic, provide_topics
from feedback.talks.models import TalkSeries
from feedback.talks.states import Point
from feedback.talks.wording import word_with
from requests_app.org.models import Person


def declared(series: TalkSeries, now: datetime) -> list[Topic]:
    """One for each kind of disagreement about the customer that the supplier serves."""
    both = (series.supplier, series.customer)
    kinds = {
        point.kind for point in disagreements(both)
        if (point.supplier_id, point.customer_id) == (series.supplier_id, series.customer_id)
    }  # fmt: skip
    slugs = {"supplier": series.supplier.slug, "customer": series.customer.slug}
    return [Topic(Point.DECLARED, data={"point": kind, **slugs}) for kind in PointKind.values if kind in kinds]


def seen(person: Person, series: TalkSeries, topics: list[Topic]) -> list[Topic]:
    """What is said of the two is read on their common page by whoever reads either department's words."""
    return topics if can_read(person, series.supplier) or can_read(person, series.customer) else []


def said(data: dict[str, Any]) -> tuple[str, str]:
    return str(PointKind(data["point"]).label), relation_address(data["supplier"], data["customer"])


def register() -> None:
    """Called once, while the apps start."""
    provide_topics(Point.DECLARED, declared, seen)
    word_with(Point.DECLARED, said)
