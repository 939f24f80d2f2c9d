"""Finds every string that is marked for translation, without the gettext programs that a bare machine lacks."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation.template import templatize

APPS = ("servicedesk", "requests_app", "feedback", "metrics")
# How our modules call gettext; templatize() writes the same names for templates.
KEYWORDS = DEFAULT_KEYWORDS | {
    "_t": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def extract_strings(root: Path) -> Catalog:
    """Every marked string of the product's modules and templates, in the order of files and lines; no translations."""
    found = Catalog(charset="utf-8")
    for path, source in _sources(root):
        for line, function, message, comments in extract_python(
            io.BytesIO(source.encode()), KEYWORDS, ["Translators"], {}
        ):
            said, context = _said(function, message)
            if said:
                found.add(
                    said, locations=[(str(path.relative_to(root)), line)], context=context, auto_comments=comments
                )
    return found


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    """Each file as Python source: modules as they are, templates as Django rewrites them for extraction."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield path, "\n".join([text, *_in_fstrings(text)])
    for kind in ("*.html", "*.txt"):
        for path in sorted((root / "templates").rglob(kind)):
            yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


def _in_fstrings(source: str) -> Iterator[str]:
    """Calls within f-strings as lines of their own: before Python 3.12 the tokens of an f-string are one."""
    for string in ast.walk(ast.parse(source)):
        if isinstance(string, ast.JoinedStr):
            yield from (ast.unparse(call) for call in ast.walk(string) if isinstance(call, ast.Call))


def _said(function: str, message: str | tuple | None) -> tuple[str | tuple[str, ...] | None, str | None]:
    """What a call says (singular and plural as a pair) and its context; nothing when it is given a variable."""
    words = tuple(word for word in (message if isinstance(message, tuple) else (message,)) if isinstance(word, str))
    context = words[0] if "pgettext" in function and words else None
    words = words[1:] if context else words
    if "ngettext" in function or "npgettext" in function:
        return (words[:2] if len(words) >= 2 else None), context
    return (words[0] if words and words[0] else None), context
