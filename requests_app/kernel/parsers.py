"""JSON bodies, read with limits: depth, size, and no characters that PostgreSQL cannot store."""

import json
import math
import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LARGEST_BODY = 1024 * 1024
DEEPEST = 20
LONGEST_NUMBER = 19

# Possessive and with an optional end, so that one pass suffices whatever is sent: no backtracking.
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_SURROGATES = re.compile("[\ud800-\udfff]")


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """At most 1 MiB and 20 levels; NaN, infinities, NUL, lone surrogates and keys given twice are refused."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise TooLarge(_("The body is too large: at most 1 MiB."))
        if _is_too_deep(raw):
            raise ParseError(_("The body is nested too deeply: at most %(n)s levels.") % {"n": DEEPEST})
        try:
            body = json.loads(
                raw.decode("utf-8"),
                parse_constant=_no_constant,
                parse_int=_short_int,
                parse_float=_finite_float,
                object_pairs_hook=_each_once,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not the JSON that is expected here: %(why)s") % {"why": error}) from error
        _check_characters(body)
        return body


def _is_too_deep(raw: bytes) -> bool:
    """Judged before parsing, because the parser itself recurses. Brackets inside strings do not count."""
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", raw)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _short_int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def _finite_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:40]!a} is there twice")
    return found


def _check_characters(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and _SURROGATES.search(value)):
            raise ParseError(_("The body holds a NUL character or half a surrogate pair. Remove it."))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_characters(key)
            _check_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_characters(inner)
