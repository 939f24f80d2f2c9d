"""Texts as what can be compared: stems in English and Russian, pairs of characters in Chinese, concepts in all. Pure.

Stems come from outside, as PostgreSQL makes them: word → stem, empty for words that say nothing ("the", "и").
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon.toml"
WORD = re.compile(r"[a-zß-öø-ɏ]{2,}(?:['’][a-z]+)?|[а-яё]{2,}")
HAN = re.compile(r"[\u3400-\u9fff]+")
# Characters that hold a sentence together: a pair with one of them is no word.
HOLDING = frozenset(
    "的了是在和就都很也我你他她它们这那有被把给到要会能可以还又再才从对于与及而但因为所一个不没吗呢吧啊着过"
)
LANGUAGES = ("en", "ru", "zh")
Words = Mapping[str, tuple[str, ...]]


@cache
def lexicon() -> dict:
    return tomllib.loads(LEXICON.read_text(encoding="utf-8"))


def language_of(text: str) -> str:
    """By the letters of which there are most, a Chinese character counting as much as two."""
    lowered = text.lower()
    counts = {
        "zh": 2 * sum(len(run) for run in HAN.findall(text)),
        "ru": len(re.findall(r"[а-яё]", lowered)),
        "en": len(re.findall(r"[a-z]", lowered)),
    }
    return max(counts, key=lambda name: counts[name])


def words_in(text: str) -> list[str]:
    """Words of English and Russian, in lower case."""
    return WORD.findall(text.lower())


def pairs_in(text: str) -> list[str]:
    """Neighbouring characters of Chinese, but for those that hold a sentence together."""
    return [
        run[place : place + 2]
        for run in HAN.findall(text)
        for place in range(len(run) - 1)
        if not HOLDING & set(run[place : place + 2])
    ]


def features_of(text: str, stems: Mapping[str, str]) -> Counter[str]:
    """What a text is made of: stems, pairs of characters, and "*concept" for each concept that it names."""
    found = Counter(stem for word in words_in(text) if (stem := stems.get(word, "")))
    found.update(pairs_in(text))
    found.update(f"*{concept}" for concept in concepts_in(text))
    return found


def concepts_in(text: str) -> list[str]:
    lowered = _plain(text)
    return [name for name, shape in _concepts().items() if shape.search(lowered)]


@cache
def _concepts() -> dict[str, re.Pattern[str]]:
    """A beginning, a phrase or a whole word where a word begins; Chinese anywhere."""
    found = {}
    for name, words in lexicon()["concept"].items():
        starts = [_shape(start) for start in (*words["en"], *words["ru"])]
        pieces = [rf"(?<![a-zа-я])(?:{'|'.join(starts)})", *(re.escape(word) for word in words["zh"])]
        found[name] = re.compile("|".join(pieces))
    return found


def _shape(start: str) -> str:
    whole = start.endswith(".")
    return re.escape(_plain(start.removesuffix("."))) + (r"(?![a-zа-я])" if whole else "")


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def surfaces_of(texts: Iterable[str], stems: Mapping[str, str]) -> dict[str, str]:
    """stem → the form in which people wrote it most often."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        for word in words_in(text):
            if stem := stems.get(word, ""):
                seen.setdefault(stem, Counter())[word] += 1
    return {stem: min(forms, key=lambda form: (-forms[form], form)) for stem, forms in seen.items()}


# ── Tone ─────────────────────────────────────────────────────────────────────


def tone_of(text: str) -> float | None:
    """−1 (all words of tone are bad) to 1 (all are good); None without such a word. What "not" stands before turns."""
    good, bad = _toned(text, lexicon()["good"], lexicon()["bad"])
    return (good - bad) / (good + bad) if good + bad else None


def _toned(text: str, good: Words, bad: Words) -> tuple[int, int]:
    found = [0, 0]
    lowered, turns = _plain(text), frozenset((*lexicon()["turn"]["en"], *lexicon()["turn"]["ru"]))
    words = words_in(lowered)
    for side, kind in enumerate((good, bad)):
        for phrase in _phrases(kind):
            if phrase in lowered:
                found[side] += 1
                words = [word for word in words if word not in phrase.split()]
    for place, word in enumerate(words):
        turned = any(one in turns or one.endswith(("n't", "n’t")) for one in words[max(place - 2, 0) : place])
        sides = [side for side, kind in enumerate((good, bad)) if _begins(word, kind)]
        if sides:
            found[sides[0] ^ turned] += 1
    for side, kind in enumerate((good, bad)):
        for match in (match for one in kind["zh"] for match in re.finditer(one, text)):
            turned = text[max(match.start() - 1, 0) : match.start()] in (*lexicon()["turn"]["zh"],)
            found[side ^ turned] += 1
    return found[0], found[1]


def _phrases(kind: Words) -> list[str]:
    return [_plain(one) for name in ("en", "ru") for one in kind[name] if " " in one]


def _begins(word: str, kind: Words) -> bool:
    """A word by its beginning; one with a full stop after it as it is."""
    starts = (one for name in ("en", "ru") for one in kind[name])
    return any(word == one[:-1] if one.endswith(".") else word.startswith(_plain(one)) for one in starts)
