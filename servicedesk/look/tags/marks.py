"""Icons, states and people: the small marks of every page."""

from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from requests_app.kernel.formats import remembered
from servicedesk.look import statuses

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=2048)
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
@remembered
def status(code: str, words: str = "", tag: bool = False) -> SafeString:
    """{% status request.status %}: the status of a request, the same everywhere."""
    icon_name, meaning = statuses.REQUEST[code]
    return state(meaning, words or statuses.request_words(code), icon_name, tag)


@register.simple_tag
def handoff_state(code: str, words: str) -> SafeString:
    icon_name, meaning = statuses.HANDOFF[code]
    return state(meaning, words, icon_name)


@register.simple_tag
@remembered
def clock_state(code: str) -> SafeString:
    icon_name, meaning, words = statuses.CLOCK[code]
    return state(meaning, words, icon_name)


@register.simple_tag
@remembered
def priority(value: int, words: str = "") -> SafeString:
    """{% priority request.priority %}: arrow and word; 1 is the most pressing."""
    icon_name, meaning = statuses.PRIORITY[value]
    return state(meaning, words or statuses.priority_words(value), icon_name)


@register.simple_tag
def due(seconds_left: float | None, state_code: str = "running") -> SafeString:
    """{% due seconds "running" %}: working time left, over, or kept while paused, for a table cell."""
    if seconds_left is None:
        return format_html('<span class="dk-why">{}</span>', _("no target"))
    return _due(*statuses.due(seconds_left, state_code))


@lru_cache(maxsize=8192)
def _due(icon_name: str, meaning: str, words: str) -> SafeString:
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
    return _avatar(str(name), bool(me))


@lru_cache(maxsize=2048)
def _avatar(name: str, me: bool) -> SafeString:
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
