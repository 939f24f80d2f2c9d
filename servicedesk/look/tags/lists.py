"""Rows of the lists of requests, and the choices of their filters."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from requests_app.kernel import formats
from servicedesk.look.tags.marks import avatar, clock_state, due, priority

register = template.Library()


@register.simple_tag
def request_row(line: Any, pick: bool = False, other: str = "") -> SafeString:
    """{% request_row line pick=True other="customer" %}: a row of a queue or list, from `desk.selectors.lists.Row`.

    The one piece of markup that stands in Python: it is drawn 25 times a page, and as a template took most of its time.
    """
    row, number = line.service_request, line.number
    if other == "customer":
        who = f'{escape(row.customer.name)}<span class="t3"> · {escape(line.requester)}</span>'
    else:
        who = f"{escape(row.customer.name)} → {escape(row.supplier.name)}"
    return mark_safe(  # noqa: S308 - everything that people wrote is escaped here, piece by piece
        f'<tr data-row>{_tick(number) if pick else ""}<td class="no num t3">{number}</td>'
        f'<td class="sub"><a href="{escape(line.url)}">{escape(row.title)}</a></td><td class="from">{who}</td>'
        f'<td class="prio">{priority(row.priority)}</td><td class="status">{escape(line.status_words)}</td>'
        f'<td class="who">{_agent(row.assignee, line.mine)}</td><td class="due r">{_due(line)}</td>'
        f'<td class="age r t3">{formats.age(line.age)}</td></tr>'
    )


def _tick(number: str) -> str:
    return (
        f'<td class="pick"><input class="form-check-input" type="checkbox" name="pick" value="{number}" data-pick '
        f'aria-label="{escape(_tick_words() % {"number": number})}"></td>'
    )


@formats.remembered
def _tick_words() -> str:
    return _("Tick %(number)s")


def _agent(assignee: Any, mine: bool) -> str:
    return _drawn_agent(assignee.name, mine) if assignee else _nobody()


@lru_cache(maxsize=2048)
def _drawn_agent(name: str, mine: bool) -> str:
    return f'{avatar(name, mine)}<span class="sr">{escape(name)}</span>'


@formats.remembered
def _nobody() -> str:
    return f'<span class="t3">{escape(_("nobody"))}</span>'


def _due(line: Any) -> SafeString:
    if line.left is None and line.state != "none":
        return clock_state(line.state)
    return due(line.left, line.state)


@register.simple_tag
def options(choices: Iterable[Any]) -> SafeString:
    """{% options select.choices %}: inside a <select>; each has value, words and whether it is on."""
    drawn = (
        f'<option value="{escape(one.value)}"{" selected" if one.on else ""}>{escape(one.words)}</option>'
        for one in choices
    )
    return mark_safe("".join(drawn))  # noqa: S308 - value and words are escaped
