"""Parts of pages: sentences, empty states, crumbs, pages of a list, filters, rows of forms."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.utils.translation import gettext as _

from servicedesk.look.rows import FieldRow
from servicedesk.look.tags.things import part_of

register = template.Library()


@register.inclusion_tag("components/_sentence.html")
def sentence(of: Any, plain: bool = False) -> dict:
    """{% sentence page.sentence %}: who must do what by when. `of` has `act`, `until`, `left`, `after`."""
    return {"sentence": of, "over": -(part_of(of, "left") or 0), "plain": plain}


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
        {
            "name": part_of(row, "name"),
            "words": part_of(row, "words"),
            "url": context["request"].path + _without(query, row),
        }
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
def score(
    name: str,
    label: str,
    value: int | None = None,
    required: bool = False,
    help_text: str = "",
    words: Sequence[str] = (),
) -> dict:
    """Radios 1 to 5 with a word for each, usable without script."""
    words = list(words) or [_("poor"), _("weak"), _("fair"), _("good"), _("excellent")]
    return {
        "name": name, "label": label, "value": value, "required": required, "help_text": help_text,
        "choices": list(enumerate(words, start=1)), "words": json.dumps(words), "first": words[0], "last": words[-1],
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """{% query sort="due" cursor=None %}: this page's parameters with some changed; None takes one away.

    It may follow an address of another page, so without parameters it is a bare question mark.
    """
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}"


def _with(params: Any, cursor: str) -> str:
    if not cursor:
        return ""
    changed = params.copy()
    changed["cursor"] = cursor
    return f"?{changed.urlencode()}"


def _without(params: Any, row: Any) -> str:
    changed = params.copy()
    changed.pop("cursor", None)
    kept = [value for value in changed.getlist(part_of(row, "param")) if part_of(row, "value") not in (None, value)]
    changed.setlist(part_of(row, "param"), kept)
    return f"?{changed.urlencode()}" if changed else ""
