"""Compiles the translations without the gettext programs, which a bare machine does not have.

`python -m servicedesk.catalogues locale` writes a `.mo` beside every `.po`.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every catalogue under the folder; answer the files written. Fuzzy entries stay untranslated."""
    written = []
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        target = source.with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues(Path(sys.argv[1]))
