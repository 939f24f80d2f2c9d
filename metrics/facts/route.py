"""The way of a request through departments: hops, ping-pong and returns. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise


def without_repeats(stops: Iterable[int | None]) -> list[int]:
    """The sequence with missing stops dropped and consecutive repeats made one."""
    route: list[int] = []
    for stop in stops:
        if stop is not None and (not route or route[-1] != stop):
            route.append(stop)
    return route


def hops(route: Sequence[int]) -> int:
    return max(len(route) - 1, 0)


def bounces(route: Sequence[int]) -> int:
    """How often it went A, B and straight back to A."""
    return sum(first == third for first, third in zip(route, route[2:], strict=False))


def returns(route: Sequence[int]) -> int:
    """How often it came to a department that had held it before."""
    seen: set[int] = set()
    count = 0
    for stop in route:
        count += stop in seen
        seen.add(stop)
    return count


def passes(route: Sequence[int]) -> list[tuple[int, int]]:
    """Each step as (from, to)."""
    return list(pairwise(route))
