"""The version, read from the first release heading of CHANGELOG.md so that it stands in one place only."""

import re
from functools import cache
from pathlib import Path

_CHANGES = Path(__file__).resolve().parent.parent / "CHANGELOG.md"
_HEADING = re.compile(r"^## (\d+\.\d+\.\d+)\b", re.MULTILINE)


@cache
def version() -> str:
    found = _HEADING.search(_CHANGES.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{_CHANGES} has no heading such as '## 1.2.3'.")
    return found.group(1)
