"""Keyset pages: the cursor names the last row seen, so page 1 000 costs what page 1 costs."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from requests_app.kernel.errors import WrongInput

LONGEST_CURSOR = 1000


@dataclass(frozen=True)
class Page:
    """One page of rows; `next` and `previous` are cursors or empty."""

    rows: list[Any]
    next: str
    previous: str


def encode_cursor(values: Sequence[Any], *, back: bool = False) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([back, plain]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, width: int) -> tuple[bool, list[Any]]:
    """The direction and the key values, or WrongInput. Cursors come from outside: everything is doubted."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        back, values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(back, bool) or not isinstance(values, list) or len(values) != width:
            raise ValueError
        if not all(_is_plain(value) for value in values):
            raise ValueError
        return back, values
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise _damaged() from error


def _is_plain(value: Any) -> bool:
    """A value that a key can have and that PostgreSQL can compare: no NUL, no half a pair, no infinity."""
    if isinstance(value, str):
        return "\x00" not in value and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return type(value) is int


def keyset_page(rows: QuerySet, *, order: Sequence[str], cursor: str = "", size: int = 50) -> Page:
    """A page of `rows` in `order` (field names, '-' for descending, unique and never null in combination)."""
    back, after = decode_cursor(cursor, len(order)) if cursor else (False, None)
    asked = [_flipped(field) for field in order] if back else list(order)
    found = rows.order_by(*asked)
    if after is not None:
        found = _filtered(found, asked, after)
    page = list(found[: size + 1])
    more, page = len(page) > size, page[:size]
    if back:
        page.reverse()
    has_next, has_previous = (bool(after), more) if back else (more, after is not None)
    return _page(page, order, has_next=has_next, has_previous=has_previous)


def first_page(found: Sequence[Any], *, order: Sequence[str], size: int) -> Page:
    """The first page of what was `found` in this order, one row more than the page holds where there is one."""
    return _page(list(found[:size]), order, has_next=len(found) > size, has_previous=False)


def _page(rows: list[Any], order: Sequence[str], *, has_next: bool, has_previous: bool) -> Page:
    return Page(
        rows=rows,
        next=encode_cursor(_key(rows[-1], order)) if rows and has_next else "",
        previous=encode_cursor(_key(rows[0], order), back=True) if rows and has_previous else "",
    )


def _filtered(rows: QuerySet, order: Sequence[str], after: Sequence[Any]) -> QuerySet:
    try:
        return rows.filter(_beyond(order, after))
    except (ValueError, TypeError, OverflowError, ValidationError) as error:
        raise _damaged() from error


def _damaged() -> WrongInput:
    return WrongInput({"cursor": [_("This page link is damaged. Start again from the first page.")]})


def _flipped(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _key(row: Any, order: Sequence[str]) -> list[Any]:
    return [getattr(row, field.lstrip("-")) for field in order]


def _beyond(order: Sequence[str], after: Sequence[Any]) -> Q:
    """Rows strictly past the key, written so that a composite index serves it."""
    condition = Q()
    for depth, field in enumerate(order):
        name = field.lstrip("-")
        step = Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": after[depth]})
        for earlier in range(depth):
            step &= Q(**{order[earlier].lstrip("-"): after[earlier]})
        condition |= step
    if len(order) > 1:  # the redundant bound on the first column lets PostgreSQL start inside the index
        first = order[0].lstrip("-")
        condition &= Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": after[0]})
    return condition
