"""What the requester said about the delivery, and from when it counts (docs/adr/0014)."""

from datetime import datetime

from metrics.facts.states import Facts, Happening

DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")


class Answered:
    """An answer that is not shared waits for those of others before it is in any figure."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.last: Happening | None = None

    def say(self, event: Happening, owner: int) -> None:
        """It was given or changed. `owner`: the department that delivered, where the log does not say."""
        facts, self.last = self.facts, event
        facts.rated_at = facts.rated_at or event.at
        self.count((facts.counted_at or event.at) if event.data.get("shared", True) else None, owner)

    def count(self, at: datetime | None, owner: int) -> None:
        """It counts from then on, or does not yet."""
        facts, last = self.facts, self.last
        if last is None:  # an imported log may count what it never told
            return
        data = last.data if at else {}
        facts.counted_at = at
        facts.rater_id = (data.get("person") or last.actor_id) if at else None
        facts.rated_supplier_id = (data.get("supplier") or owner) if at else None
        facts.overall, facts.effort = data.get("overall"), data.get("effort")
        for name in DIMENSIONS:
            setattr(facts, name, (data.get("dimensions") or {}).get(name))
