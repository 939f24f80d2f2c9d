"""The product's template tags. Reference with examples: docs/look.md."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk.look import drawing, formats, statuses
from servicedesk.look.rows import FieldRow

register = template.Library()

DEMO_ACCOUNTS = [
    ("staff", gettext_lazy("works in Sales and asks")),
    ("agent", gettext_lazy("answers in IT Services")),
    ("head", gettext_lazy("leads IT Services")),
    ("customer-head", gettext_lazy("leads Sales")),
    ("admin", gettext_lazy("sets the rules")),
    ("executive", gettext_lazy("reads all figures")),
    ("auditor", gettext_lazy("reads everything, changes nothing")),
]

# ── Numbers, durations, instants ─────────────────────────────────────────────


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    return "" if value is None else formats.number(value, int(digits))


@register.filter
def signed(value: float | Decimal | None, digits: int = 0) -> str:
    return "" if value is None else formats.number(value, int(digits), signed=True)


@register.filter
def percent(share: float | Decimal | None, digits: int = 1) -> str:
    return "" if share is None else formats.percent(share, int(digits))


@register.filter
def points(difference: float | Decimal | None, digits: int = 1) -> str:
    return "" if difference is None else formats.points(difference, int(digits))


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def filesize(byte_count: int | None) -> str:
    return "" if byte_count is None else formats.size(byte_count)


@register.filter
def worktime(seconds: float | None, form: str = "") -> str:
    """{{ s|worktime }} "3 h 20 min"; {{ s|worktime:"short" }} "3 h 20"."""
    return "" if seconds is None else formats.worktime(seconds, short=form == "short")


@register.filter
def caltime(seconds: float | None, form: str = "") -> str:
    return "" if seconds is None else formats.caltime(seconds, short=form == "short")


@register.filter
def age(seconds: float | None) -> str:
    return "" if seconds is None else formats.age(seconds)


@register.filter
def days(count: int | None) -> str:
    return "" if count is None else formats.days(count)


@register.simple_tag
def when(at: datetime | None, style: str = "near") -> SafeString | str:
    """{% when dt %} → <time> relative to today; the exact instant and zone on hover."""
    if at is None:
        return ""
    shown = formats.moment(at, style=style)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), shown.exact, shown.text)


# ── Icons, states, people ────────────────────────────────────────────────────


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "check" %}, decorative; with a label it is read out."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="ic" {}><use href="{}#{}"/></svg>', role, static("vendor/icons.svg"), name)


@register.simple_tag
def state(meaning: str, words: str, icon_name: str = "", tag: bool = False) -> SafeString:
    """{% state "warn" "Due today" %}: icon and word; meaning good, warn, bad, hold, info or ""."""
    drawn = icon(icon_name or statuses.MEANING_ICONS[meaning])
    classes = " ".join(part for part in ("st", meaning, "tag" if tag else "") if part)
    return format_html('<span class="{}">{}{}</span>', classes, drawn, words)


@register.simple_tag
def status(code: str, words: str = "", tag: bool = False) -> SafeString:
    """{% status request.status %}: the status of a request, the same everywhere."""
    icon_name, meaning = statuses.REQUEST[code]
    return state(meaning, words or statuses.request_words(code), icon_name, tag)


@register.simple_tag
def handoff_state(code: str, words: str) -> SafeString:
    icon_name, meaning = statuses.HANDOFF[code]
    return state(meaning, words, icon_name)


@register.simple_tag
def clock_state(code: str) -> SafeString:
    icon_name, meaning, words = statuses.CLOCK[code]
    return state(meaning, words, icon_name)


@register.simple_tag
def priority(value: int, words: str = "") -> SafeString:
    """{% priority request.priority %}: arrow and word; 1 is the most pressing."""
    icon_name, meaning = statuses.PRIORITY[value]
    return state(meaning, words or statuses.priority_words(value), icon_name)


@register.simple_tag
def due(seconds_left: float | None, state_code: str = "running") -> SafeString:
    """{% due seconds "running" %}: working time left, over, or kept while paused, for a table cell."""
    if seconds_left is None:
        return format_html('<span class="dk-why">{}</span>', _("no target"))
    icon_name, meaning, words = statuses.due(seconds_left, state_code)
    return format_html(
        '<span class="{}">{}<span>{}</span></span>', f"st dk-due {meaning}".strip(), icon(icon_name), words
    )


@register.filter
def initials(name: Any) -> str:
    """Two letters for the circle: "Ines Moreau" → IM, "陈伟" → 陈伟."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper() if words[0].isascii() else words[0][:2]
    return (words[0][0] + words[-1][0]).upper()


@register.simple_tag
def avatar(name: Any, me: bool = False) -> SafeString:
    """The circle with initials; decorative, so write the name beside it."""
    return format_html('<span class="dk-ava{}" aria-hidden="true">{}</span>', " me" if me else "", initials(name))


@register.simple_tag(takes_context=True)
def person(context: template.Context, who: Any, nobody: str = "") -> SafeString | str:
    """A name; the reader's own is "You"; without anybody the word given, or "nobody"."""
    if who is None:
        return format_html('<span class="dk-why">{}</span>', nobody or _("nobody"))
    reader = context.get("user")
    return _("You") if reader is not None and reader.pk == who.pk else str(who)


@register.simple_tag
def none(reason: str) -> SafeString:
    """{% none "no rated requests yet" %}: why a cell is empty."""
    return format_html('<span class="dk-why">{}</span>', reason)


# ── Lines and bars ───────────────────────────────────────────────────────────


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
    rows = [{"kind": _of(part, "kind"), "name": _of(part, "name"), "seconds": _of(part, "seconds")} for part in parts]
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
    elapsed, target = float(_of(of, "elapsed") or 0), _of(of, "target")
    paused = float(_of(of, "paused") or 0)
    over = target is not None and elapsed > target
    parts = _of(of, "parts") or _plain_parts(_of(of, "side") or "us", elapsed, target if over else None)
    room = max(sum(size for _kind, size in parts), (target or 0) + paused)
    return {"clock": of, "parts": parts, "room": room, "tick": (target + paused) if over else None}


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


@register.simple_tag
def chart_scripts() -> SafeString:
    """In the block `scripts` of pages with charts."""
    modules = ("js/charts.js", "js/charts_time.js", "js/charts_parts.js")
    library = format_html('<script src="{}" defer></script>', static("vendor/echarts.min.js"))
    return library + format_html_join(
        "", '<script src="{}" type="module"></script>', ((static(name),) for name in modules)
    )


# ── Parts of pages ───────────────────────────────────────────────────────────


@register.inclusion_tag("components/_sentence.html")
def sentence(of: Any, plain: bool = False) -> dict:
    """{% sentence page.sentence %}: who must do what by when. `of` has `act`, `until`, `left`, `after`."""
    return {"sentence": of, "over": -(_of(of, "left") or 0), "plain": plain}


@register.inclusion_tag("components/_empty.html")
def empty(title: str, text: str, url: str = "", button: str = "", icon_name: str = "plus") -> dict:
    """{% empty "No joint group yet" "What it is and why it helps." url "Start a group" %}"""
    return {"title": title, "text": text, "url": url, "button": button, "icon_name": icon_name}


@register.inclusion_tag("components/_crumbs.html")
def crumbs(*pairs: str) -> dict:
    """{% crumbs services_url "Services" department.name %}: url and word in turn; the last may be a word alone."""
    links = list(zip(pairs[0::2], pairs[1::2], strict=False))
    return {"links": links, "last": pairs[-1] if len(pairs) % 2 else ""}


@register.inclusion_tag("components/_pages.html", takes_context=True)
def pages(context: template.Context, page: Any, words: str = "") -> dict:
    """{% pages page "15 of 42 shown" %}: previous and next of a keyset page; keeps the other parameters."""
    query = context["request"].GET
    return {
        "words": words,
        "previous": _with(query, page.previous),
        "next": _with(query, page.next),
        "path": context["request"].path,
    }


@register.inclusion_tag("components/_chips.html", takes_context=True)
def chips(context: template.Context, filters: Sequence[Any]) -> dict:
    """{% chips page.filters %}: each has name, words, param and perhaps value (one of several); × takes it away."""
    query = context["request"].GET
    rows = [
        {"name": _of(row, "name"), "words": _of(row, "words"), "url": context["request"].path + _without(query, row)}
        for row in filters
    ]
    return {"filters": rows}


@register.inclusion_tag("components/_field.html")
def field(
    bound: forms.BoundField, label: str = "", help_text: str | None = None, short: bool = False, rows: int = 0
) -> dict:
    """{% field form.title %}: label above, help under it, errors above the control, all tied together."""
    return {"row": FieldRow(bound, label=label, help_text=help_text, short=short, rows=rows)}


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form: forms.BaseForm, title: str = "") -> dict:
    """At the head of a form that was refused: what is not about one field, and links to the fields."""
    return {"form": form, "title": title, "fields": [bound for bound in form if bound.errors and not bound.is_hidden]}


@register.inclusion_tag("components/_score.html")
def score(name: str, label: str, value: int | None = None, required: bool = False, help_text: str = "") -> dict:
    """Radios 1 to 5 with a word for each, usable without script."""
    words = [_("poor"), _("weak"), _("fair"), _("good"), _("excellent")]
    return {
        "name": name, "label": label, "value": value, "required": required, "help_text": help_text,
        "choices": list(enumerate(words, start=1)), "words": json.dumps(words),
    }  # fmt: skip


@register.simple_tag
def demo_accounts() -> list[dict]:
    """Whom the demo company lets in, for the sign-in page; nobody in a real one."""
    if not settings.DEMO:
        return []
    return [{"email": f"{name}@demo.example", "role": role} for name, role in DEMO_ACCOUNTS]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """{% query sort="due" cursor=None %}: this page's parameters with some changed; None takes one away."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}" if params else context["request"].path


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _with(params: Any, cursor: str) -> str:
    if not cursor:
        return ""
    changed = params.copy()
    changed["cursor"] = cursor
    return f"?{changed.urlencode()}"


def _without(params: Any, row: Any) -> str:
    changed = params.copy()
    changed.pop("cursor", None)
    kept = [value for value in changed.getlist(_of(row, "param")) if _of(row, "value") not in (None, value)]
    changed.setlist(_of(row, "param"), kept)
    return f"?{changed.urlencode()}" if changed else ""
