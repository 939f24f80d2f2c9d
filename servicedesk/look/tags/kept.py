"""Parts of a page that say the same again and again: drawn once, then only put together."""

import re
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

# What is put in afresh leaves a mark that nobody outside this process knows, so nobody can write it.
SECRET = secrets.token_hex(16)
MARK = re.compile(f"{SECRET}-(\\w+)-")
EACH = "each_"


def mark(name: str) -> str:
    return f"{SECRET}-{name}-"


@register.simple_tag(takes_context=True)
def kept(context: template.Context, template_name: str, **named: Any) -> SafeString:
    """{% kept "components/_tabbar.html" shell=shell.itself %}: an include that is drawn once for each content.

    The template sees what is named and nothing else; what is named is compared by value, so it is made of frozen
    things. Beside it only the language counts. The form token, the page's address and what is named `each_…` are put
    in afresh, as text: the template prints them and asks nothing of them.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn  # who edits a template wants to see it
    content = tuple((key, None if key.startswith(EACH) else value) for key, value in named.items())
    pieces = draw(template_name, get_language(), content)
    if len(pieces) == 1:
        return pieces[0]
    fresh = named | {"csrf_token": context.get("csrf_token") or "", "here": context["request"].get_full_path()}
    turns = (escape(fresh[piece]) if place % 2 else piece for place, piece in enumerate(pieces))
    return mark_safe("".join(turns))  # noqa: S308 - pieces come from a template that escapes, the rest is escaped here


@lru_cache(maxsize=2048)
def _drawn(name: str, _language: str | None, content: tuple[tuple[str, Any], ...]) -> tuple[str, ...]:
    """The template cut at its marks: text, and the name of what comes there, in turn."""
    seen = {key: mark(key) if key.startswith(EACH) else value for key, value in content}
    seen |= {"csrf_token": mark("csrf_token"), "request": {"get_full_path": mark("here")}}
    pieces = MARK.split(render_to_string(name, seen))
    return tuple(mark_safe(piece) for piece in pieces)  # noqa: S308 - drawn by a template
