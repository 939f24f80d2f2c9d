"""Small histories as files, and mappings for them."""

from datetime import datetime
from pathlib import Path

import pytest

from requests_app.imports.services import Importing
from tests.requests_app.imports.histories import EVENTS, HEADER, NOW


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def write(tmp_path):
    """write("a.csv", text) → its path."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def job(write, tmp_path):
    """job("c1,2024-01-05T08:00,accept,IT,Desk,pia,high,web", …) → an import of these rows under EVENTS."""

    def made(*rows: str, mapping: str = EVENTS, header: str = HEADER, **more) -> Importing:
        return Importing(
            source=write("history.csv", "\n".join([header, *rows]) + "\n"),
            mapping_path=write("mapping.toml", mapping),
            folder=tmp_path / "staging",
            **{"now": NOW} | more,
        )

    return made
