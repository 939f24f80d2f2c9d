"""Time zones by name, the same everywhere because they come from the pinned tzdata package."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> tuple[str, ...]:
    """The names a person can choose from: places and UTC, no abbreviations and no leftovers."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """The same as groups of a select: region, then (name, "Berlin, Europe": found by typing the place)."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in zones():
        region, _, place = name.partition("/")
        words = f"{place}, {region}" if place else region
        regions.setdefault(region, []).append((name, words.replace("_", " ")))
    return list(regions.items())
