"""The labelled texts, and how the groups that were found in them are judged."""

import tomllib
from datetime import date
from pathlib import Path

from metrics.themes.reading import stems_of
from metrics.themes.states import Text
from metrics.themes.words import features_of

LABELLED = tomllib.loads((Path(__file__).parent / "labelled.toml").read_text(encoding="utf-8"))
DAY = date(2026, 3, 2)


def features(texts: list[str]):
    stems = stems_of(Text("", 0, 0, "", words, DAY) for words in texts)
    return [features_of(words, stems) for words in texts]
