"""Lines, bars, clocks, tiles and charts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.translation import gettext as _

from requests_app.kernel import formats
from servicedesk.look import drawing
from servicedesk.look.tags.things import part_of

register = template.Library()


@register.inclusion_tag("components/_sparkline.html")
def sparkline(values: Sequence[float | None], label: str, target: float | None = None, small: bool = False) -> dict:
    """{% sparkline values "First response, 12 weeks, falling from 46 to 38 minutes" target=60 %}"""
    width, height = (72, 20) if small else (96, 26)
    drawn = drawing.spark(values, target=None if target == "" else target, width=width, height=height)
    return {"spark": drawn, "label": label, "small": small}


@register.inclusion_tag("components/_bar.html")
def bar(
    parts: Sequence[tuple[str, float]],
    label: str,
    total: float | None = None,
    thin: bool = False,
    tick: float | None = None,
) -> dict:
    """{% bar parts "25 min of 2 h used" total=7200 %}; parts are (kind, size); tick is a place on the bar."""
    cut = drawing.slices(parts, total=total)
    whole = total or sum(size for _kind, size in parts)
    tick_x = f"{min(tick / whole * 100, 99.3):.2f}%" if tick is not None and whole else ""
    return {"slices": cut, "label": label, "thin": thin, "tick_x": tick_x}


@register.inclusion_tag("components/_holders.html")
def holders(parts: Sequence[Any], total_label: str, label: str = "") -> dict:
    """Who held the time. Each part has kind, name, seconds; one bar, a key with values, the sum last."""
    rows = [
        {"kind": part_of(part, "kind"), "name": part_of(part, "name"), "seconds": part_of(part, "seconds")}
        for part in parts
    ]
    said = label or ", ".join(f"{row['name']} {formats.worktime(row['seconds'])}" for row in rows)
    return {
        "rows": rows,
        "parts": [(row["kind"], row["seconds"]) for row in rows],
        "label": said,
        "total": sum(row["seconds"] for row in rows),
        "total_label": total_label,
    }


@register.inclusion_tag("components/_clock.html")
def clock(of: Any) -> dict:
    """One clock with its bar. `of` has: label, state, elapsed, target, and if they apply parts, paused, due, why, side.

    parts are (kind, seconds) from the start, kind "us", "cust" or "pause"; without them one solid part is drawn.
    """
    elapsed, target = float(part_of(of, "elapsed") or 0), part_of(of, "target")
    paused = float(part_of(of, "paused") or 0)
    over = target is not None and elapsed > target
    parts = part_of(of, "parts") or _plain_parts(part_of(of, "side") or "us", elapsed, target if over else None)
    room = max(sum(size for _kind, size in parts), (target or 0) + paused)
    return {
        "clock": of,
        "parts": parts,
        "room": room,
        "tick": (target + paused) if over else None,
        "used_of": part_of(of, "used_of") or (elapsed, target),
        "paused_for": part_of(of, "paused_for") or paused,
    }


def _plain_parts(side: str, elapsed: float, target: float | None) -> list[tuple[str, float]]:
    """One solid part; what lies beyond the target is set apart."""
    return [(side, elapsed)] if target is None else [(side, target), ("bad", elapsed - target)]


@register.inclusion_tag("components/_tile.html")
def tile(figure: Any) -> dict:
    """One figure. Keys: name, definition, help_url, value, unit, url, series, series_label, target, state, state_words,
    change, foot, why (instead of a value)."""
    return {"figure": figure}


@register.inclusion_tag("components/_chart.html")
def chart(kind: str, data: Mapping[str, Any], table: Mapping[str, Any] | None = None, size: str = "") -> dict:
    """{% chart "control" data table "h260" %}; kinds control, stack, line, sankey, whisker.

    `data["label"]` is the sentence read out; `table` has caption, head and rows (first cell is the row's header).
    """
    return {
        "kind": kind,
        "block": json_script({**data, "words": {**_chart_words(), **data.get("words", {})}}),
        "label": data["label"],
        "table": table,
        "size": size,
    }


def _chart_words() -> dict[str, str]:
    return {
        "h": _("h"), "min": _("min"), "step": _("Week"), "value": _("Median"), "none": _("none"),
        "requests": _("requests"), "ucl": _("upper limit"), "cl": _("centre"), "lcl": _("lower limit"),
    }  # fmt: skip
