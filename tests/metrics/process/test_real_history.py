"""The ways of another company's incidents, counted once by the fold and once straight from the rows of its log."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

from metrics.facts.fold import fold
from tests.metrics.facts import volvo

pytestmark = pytest.mark.skipif(not volvo.EVENTS.exists(), reason="the data are not at hand")


def way_of(steps):
    """(codes, instants) of one incident by its rows: a repeat at the same instant and team counts once."""
    rows, delivered = [(1, steps[0][0], None)], False
    for at, team, row in steps:
        if row["status"] == "Queued":
            rows.append((7, at, team))
        elif row["status"] == "Accepted":
            rows.append((2, at, team))
            if row["substatus"].startswith("Wait"):
                rows.append((4 if row["substatus"] == "Wait - User" else 5, at, team))
        elif row["status"] == "Completed" and not delivered:
            rows.append((11, at, team))
        delivered = row["status"] == "Completed" or (delivered and row["status"] not in ("Queued", "Accepted"))
    rows = list(dict.fromkeys(rows))
    return tuple(code for code, _at, _team in rows), [at for _code, at, _team in rows]


def test_variants_and_waits_are_those_of_the_rows():
    found, expected = Counter(), Counter()
    waits, plain = defaultdict(list), defaultdict(list)
    for _name, steps, events in volvo.incidents():
        life = fold(events, lambda _version: None).facts
        found[tuple(life.path)] += 1
        for pair, seconds in zip(pairwise(life.path), life.path_cs, strict=True):
            waits[pair].append(seconds)
        codes, instants = way_of(steps)
        expected[codes] += 1
        since = [(at - instants[0]) // timedelta(seconds=1) for at in instants]
        for pair, (one, other) in zip(pairwise(codes), pairwise(since), strict=True):
            plain[pair].append(other - one)

    assert sum(found.values()) == 7554
    assert found == expected
    assert waits == plain
