"""What waits today, told by hand, so that every desk and queue has something to do."""

from collections.abc import Iterator
from typing import Any

from requests_app.imports.states import Hold
from servicedesk.demo.building import HOUR
from servicedesk.demo.telling import Story, Telling, World
from servicedesk.demo.texts import read


def open_stories(world: World) -> Iterator[Story]:
    for spec in read("today")["request"]:
        yield Today(world, spec).told()


class Today(Telling):
    """A story whose words and steps are given."""

    def __init__(self, world: World, spec: dict[str, Any]) -> None:
        offered, requester = world.company.services[spec["service"]], world.company.people[spec["by"]]
        self.spec = spec
        super().__init__(world, offered, requester, offered.supplier.worktime.add(world.now, -spec["ago"] * HOUR))
        self.case.title, self.case.description = spec["title"], spec["text"]
        self.case.urgency, self.case.impact = spec["levels"]
        self.case.priority = world.matrices[self.case.supplier][self.case.urgency][self.case.impact]
        self.case.targets = self._targets(self.case.priority)

    def told(self) -> Story:
        for after, move, who, *more in self.spec["steps"]:
            self.at = min(self.supplier.worktime.add(self.filed_at, after * HOUR), self.world.now)
            self._take(move, who, [*more, "", ""])
        return self.finish()

    def _take(self, move: str, who: str, more: list[str]) -> None:
        actor = self.world.company.people[who]
        if move == "hold":
            self._step(move, actor, hold=Hold(more[0], pauses=more[0] == "customer"), note=more[1])
        elif move == "offer":
            slug, _bar, reason = more[0].partition(" | ")
            self._step(move, actor, department=self.world.company.units[slug], reason=reason)
        elif move in ("reply", "ask", "note"):
            self._step(move, actor, text=more[0])
        elif move == "deliver":
            self._step(move, actor, note=more[0])
        elif move == "resume":
            self._step(move, actor, by_reply=True)
        else:
            self._step(move, actor, reason=more[0])

    def _rate(self, ended_at: Any) -> None:
        """These wait to be rated."""
