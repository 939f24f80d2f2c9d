"""What a mapping says about one value: a constant, a column, a text built of columns, with translations.

In TOML: `customer = "Company"`, `id = { column = "case" }`, `title = { template = "{product}: {summary}" }`,
`priority = { column = "impact", values = { High = 2, "*" = 4 }, default = 3, take = "last" }`. The default stands for
an empty cell, `*` for every text that is not listed; without it such a text is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Cells = Mapping[str, str]
PLACE = re.compile(r"\{([^{}]+)\}")
ANYTHING_ELSE = "*"
KEYS = {"column", "template", "values", "default", "take"}


class BadValue(ValueError):
    """The row does not say what the mapping needs; the message says what is wrong with it."""


class BadMapping(ValueError):
    """The mapping itself cannot be used. The message names the place and the remedy."""


@dataclass(frozen=True)
class Value:
    """How to get one text out of a row. `take` says which row of a case speaks: the first or last that has it."""

    constant: str | None = None
    column: str = ""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    take: str = "first"

    def columns(self) -> set[str]:
        return {self.column} - {""} | set(PLACE.findall(self.template))

    def read(self, cells: Cells) -> str:
        """The text, empty when the row says nothing; BadValue when it says something the mapping does not know."""
        if self.constant is not None:
            return self.constant
        text = self._template(cells) if self.template else cells.get(self.column, "")
        if not text:
            return self.default or ""
        if self.values:
            found = self.values.get(text, self.values.get(ANYTHING_ELSE))
            if found is None:
                raise BadValue(f"{self.column or 'the text'} is “{text[:60]}”, which the mapping does not translate")
            return found
        return text

    def _template(self, cells: Cells) -> str:
        return " ".join(PLACE.sub(lambda match: cells.get(match[1], ""), self.template).split())


def parse_value(raw: Any, place: str) -> Value:
    """From TOML; BadMapping names `place`."""
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        return Value(constant=str(raw))
    if not isinstance(raw, dict):
        raise BadMapping(f"{place}: write a text, or a table with column or template")
    if unknown := set(raw) - KEYS:
        raise BadMapping(f"{place}: {', '.join(sorted(unknown))} is not known here; use {', '.join(sorted(KEYS))}")
    if ("column" in raw) == ("template" in raw):
        raise BadMapping(f"{place}: give either a column or a template")
    if raw.get("take", "first") not in ("first", "last"):
        raise BadMapping(f"{place}.take: write first or last")
    if not isinstance(raw.get("values", {}), dict):
        raise BadMapping(f"{place}.values: write a table of text and its translation")
    values = {str(key): str(value) for key, value in raw.get("values", {}).items()}
    default = str(raw["default"]) if "default" in raw else None
    return Value(None, raw.get("column", ""), raw.get("template", ""), values, default, raw.get("take", "first"))


@dataclass(frozen=True)
class Condition:
    """One condition on one column: it holds one of these texts, none of them, something, nothing, or a pattern."""

    column: str
    texts: frozenset[str] = frozenset()
    negated: bool = False
    pattern: re.Pattern[str] | None = None

    def holds(self, cells: Cells) -> bool:
        text = cells.get(self.column, "")
        found = bool(self.pattern.search(text)) if self.pattern else text in self.texts
        return found != self.negated


def parse_test(column: str, raw: Any, place: str) -> Condition:
    """`"Open"`, `["Open", "New"]`, `{ not = ["Open"] }`, `{ missing = true }`, or `{ matches = "^wait" }`."""
    if isinstance(raw, str):
        return Condition(column, frozenset({raw}))
    if isinstance(raw, list) and raw and all(isinstance(text, str) for text in raw):
        return Condition(column, frozenset(raw))
    if isinstance(raw, dict) and len(raw) == 1:
        (word, given), *_rest = raw.items()
        if word == "not":
            inner = parse_test(column, given, place)
            return Condition(column, inner.texts, not inner.negated, inner.pattern)
        if word == "missing" and isinstance(given, bool):
            return Condition(column, frozenset({""}), negated=not given)
        if word == "matches" and isinstance(given, str):
            try:
                return Condition(column, pattern=re.compile(given))
            except re.error as error:
                raise BadMapping(f"{place}.{column}: the pattern cannot be read: {error}") from None
    raise BadMapping(f"{place}.{column}: write a text, a list of texts, or one of not, missing, matches")
