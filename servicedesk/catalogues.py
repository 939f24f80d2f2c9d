"""The translations, kept without the gettext programs, which a bare machine does not have.

`python -m servicedesk.catalogues locale` writes a `.mo` beside every `.po`; `manage.py translations` keeps the `.po`.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po


@dataclass(frozen=True)
class State:
    """How far one language has come: what lacks a usable translation, and how many strings have one."""

    language: str
    untold: tuple[str, ...]
    told: int


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every catalogue under the folder; answer the files written. Fuzzy entries stay untranslated."""
    written = []
    for source, catalogue in _read(folder):
        written.append(_replace(source.with_suffix(".mo"), write_mo, catalogue))
    return written


def update_catalogues(folder: Path, strings: Catalog) -> list[Path]:
    """Bring each `.po` in line with the strings: new ones come in empty, those nobody says go. Nothing is guessed."""
    written = []
    for source, catalogue in _read(folder):
        strings.creation_date = catalogue.creation_date  # a date that changes each time only makes noise
        catalogue.update(strings, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        catalogue.project, catalogue.version = "Service desk", ""
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        written.append(_replace(source, write_po, catalogue, width=0, no_location=True, sort_output=True))
    return written


def read_catalogues(folder: Path, strings: Catalog) -> list[State]:
    """The state of each language. A translation that is fuzzy, or whose placeholders differ, does not count."""
    return [_state(catalogue, strings) for _source, catalogue in _read(folder)]


def _state(catalogue: Catalog, strings: Catalog) -> State:
    wanted = [message for message in strings if message.id]
    untold = tuple(str(message.id) for message in wanted if not _usable(catalogue, message))
    return State(str(catalogue.locale), untold, len(wanted) - len(untold))


def _usable(catalogue: Catalog, wanted) -> bool:
    found = catalogue.get(wanted.id, wanted.context)
    if found is None or found.fuzzy or found.pluralizable != wanted.pluralizable:
        return False
    words = found.string if found.pluralizable else (found.string,)
    return all(words) and not list(found.check(catalogue))


def _read(folder: Path) -> Iterator[tuple[Path, Catalog]]:
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as file:
            yield source, read_po(file, locale=source.parent.parent.name, abort_invalid=True)


def _replace(target: Path, write, catalogue: Catalog, **how) -> Path:
    """The new file stands beside the old one until it is whole."""
    fresh = target.with_name(f"{target.name}.new")
    with fresh.open("wb") as file:
        write(file, catalogue, **how)
    fresh.replace(target)
    return target


if __name__ == "__main__":
    compile_catalogues(Path(sys.argv[1]))
