"""The incident log of another company as events of ours, read the way its description says. For tests only."""

import csv
import gzip
from datetime import datetime
from itertools import groupby
from pathlib import Path

from metrics.facts.states import Happening

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
EVENTS, EXPECTED = DATA / "volvo_incidents_events.csv.gz", DATA / "volvo_incidents_expected.json"


def incidents():
    """(incident, its rows in order, its events)."""
    with gzip.open(EVENTS, "rt") as file:
        rows = sorted(
            (
                (row["incident"], datetime.fromisoformat(row["time"]), place, row)
                for place, row in enumerate(csv.DictReader(file))
            ),
            key=lambda entry: entry[:3],
        )
    teams: dict[str, int] = {}
    for name, group in groupby(rows, key=lambda entry: entry[0]):
        steps = [(at, teams.setdefault(row["team"], len(teams) + 1), row) for _name, at, _place, row in group]
        yield name, steps, list(events_of(steps))


def events_of(steps):
    at, team, _row = steps[0]
    yield Happening(
        "request.filed",
        at,
        None,
        {"customer": 0, "supplier": team, "department": team, "channel": "import", "calendar": None},
    )
    delivered = False
    for at, team, row in steps:
        place = {"department": team}
        if row["status"] == "Queued":
            delivered = False
            yield Happening("handoff.offered", at, None, place | {"to": team, "handoff": None})
        elif row["status"] == "Accepted":
            delivered = False
            yield Happening("request.accepted", at, None, place)
            if row["substatus"].startswith("Wait"):
                reason = "customer" if row["substatus"] == "Wait - User" else "other"
                yield Happening("request.held", at, None, place | {"reason": reason, "pauses": reason == "customer"})
        elif row["status"] == "Completed" and not delivered:
            delivered = True
            yield Happening("request.delivered", at, None, place)
        else:
            yield Happening("request.assigned", at, None, place)
