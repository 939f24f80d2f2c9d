"""What people of the demo company write, with the gaps filled by chance."""

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
GAP = re.compile(r"\{(\w+)\}")
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    "zh-hans": [f"{month}月" for month in range(1, 13)],
}


@cache
def read(name: str) -> dict[str, Any]:
    """A TOML file of this package."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def services() -> list[tuple[str, dict[str, Any]]]:
    """(slug of the department, service) for all of the catalogue, in a fixed order."""
    files = sorted((HERE / "services").glob("*.toml"))
    return [(file.stem, service) for file in files for service in read(f"services/{file.stem}")["service"]]


class Writer:
    """Chooses phrases in the language of a person and fills their gaps."""

    def __init__(self, dice: Random, names: list[str]) -> None:
        self.dice, self.names = dice, names
        self.talk = read("talk")

    def say(self, what: str, language: str, **known: str) -> str:
        """A phrase of this kind, in English where the language has none."""
        phrases = self.talk.get(language, {}).get(what) or self.talk["en"][what]
        return self.fill(self.dice.choice(phrases), language, **known)

    def say_three(self, what: str, language: str) -> dict[str, str]:
        """The three sentences of somebody who sends a delivery back."""
        phrases = self.talk.get(language, {}).get(what) or self.talk["en"][what]
        found = (self.fill(text, language) for text in self.dice.choice(phrases))
        return dict(zip(("agreed", "received", "remedy"), found, strict=True))

    def fill(self, text: str, language: str = "en", **known: str) -> str:
        return GAP.sub(lambda gap: known.get(gap[1]) or self._chance(gap[1], language), text)

    def _chance(self, gap: str, language: str) -> str:
        dice = self.dice
        if gap == "name":
            return dice.choice(self.names)
        if gap == "n":
            return str(dice.choice([2, 3, 3, 4, 5, 6, 8, 12, 15, 20, 24]))
        if gap == "month":
            return dice.choice(MONTHS[language])
        if gap == "order":
            return f"{dice.choice('ABKM')}-{dice.randrange(10_000, 99_999)}"
        if gap == "invoice":
            return f"{dice.choice(['2025', '2026'])}-{dice.randrange(1000, 9999)}"
        return dice.choice(self.talk["fill"][gap])
