"""JSON bodies, read with limits: depth, size, and no characters that PostgreSQL cannot store."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

LARGEST_BODY = 1024 * 1024
DEEPEST = 20


class StrictJSONParser(BaseParser):
    """A JSON object or list of at most 1 MiB and 20 levels; NaN, NUL and lone surrogates are refused."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise ParseError("The body is too large: at most 1 MiB.")
        if _depth(raw) > DEEPEST:
            raise ParseError(f"The body is nested too deeply: at most {DEEPEST} levels.")
        try:
            body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, parse_int=_short_int)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        _check_characters(body)
        return body


def _depth(raw: bytes) -> int:
    """How deep brackets nest, over-estimated by brackets inside strings only when those nest too."""
    depth = deepest = 0
    inside = escaped = False
    for byte in raw:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif byte in b"]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _short_int(digits: str) -> int:
    if len(digits) > 19:
        raise ValueError("a number is too long")
    return int(digits)


def _check_characters(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or not value.isascii() and any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise ParseError("The body holds a NUL character or half a surrogate pair; remove it.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_characters(key)
            _check_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_characters(inner)
