"""Parts of a page that say the same again and again: drawn once, then only put together."""

import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# What is different each time leaves a mark that nobody outside this process knows, so nobody can write it.
TOKEN, HERE = secrets.token_hex(16), secrets.token_hex(16)


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, **named: Any) -> SafeString:
    """{% kept "components/_tabbar.html" shell=shell.itself %}: an include that is drawn once for each content.

    The template sees what is named and nothing else; what is named is compared by value, so it is made of frozen
    things. Beside it only the language counts; the form token and the page's address are put in afresh.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn  # who edits a template wants to see it
    pieces = draw(name, get_language(), tuple(named.items()))
    if len(pieces) == 1:
        return pieces[0][1]
    fresh = {TOKEN: str(context.get("csrf_token") or ""), HERE: context["request"].get_full_path()}
    drawn = "".join(text if mark is None else escape(fresh[mark]) for mark, text in pieces)
    return mark_safe(drawn)  # noqa: S308 - pieces come from a template that escapes, what lies between is escaped here


@lru_cache(maxsize=2048)
def _drawn(name: str, _language: str | None, named: tuple[tuple[str, Any], ...]) -> tuple[tuple[str | None, str], ...]:
    """The template cut at its marks: (None, text) or (mark, "") in turn."""
    text = render_to_string(name, dict(named) | {"csrf_token": TOKEN, "request": {"get_full_path": HERE}})
    pieces: list[tuple[str | None, str]] = []
    for place, part in enumerate(text.split(TOKEN)):
        if place:
            pieces.append((TOKEN, ""))
        for turn, words in enumerate(part.split(HERE)):
            if turn:
                pieces.append((HERE, ""))
            pieces.append((None, mark_safe(words)))  # noqa: S308 - drawn by a template
    return tuple(pieces)
