"""From texts to themes and recurring needs, before anything is stored. Loads numpy and scipy, through grouping."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from metrics.rollups.statistics import discoveries
from metrics.themes.grouping import NEEDS, THEMES, groups_of, telling
from metrics.themes.states import (
    FEWEST_ALIKE,
    FLOOR,
    MOST_TEXTS,
    MOST_THEMES,
    MOST_WORDS,
    WORD_FLOOR,
    Agreement,
    Change,
    Source,
    Text,
    people_in,
)
from metrics.themes.words import features_of, surfaces_of, tone_of
from requests_app.kernel.rates import rate_change

Features = Mapping[str, int]


@dataclass(frozen=True)
class FoundTheme:
    """A theme with its texts of the period; `values` are the columns of a Theme but for its place and reading."""

    texts: list[Text]
    values: dict[str, Any]


@dataclass(frozen=True)
class FoundNeed:
    texts: list[Text]
    values: dict[str, Any]


def lately(texts: Sequence[Text]) -> list[Text]:
    return [text for text in texts if text.lately]


def themes_in(texts: Sequence[Text], source: Source, stems: Mapping[str, str]) -> list[FoundTheme]:
    """Themes that enough people speak of in the period, the commonest first, all changes tested together.

    A theme changes against all that was said: as a share of the texts, not as a count.
    """
    kept = sorted(texts, key=lambda text: (text.on, text.kind, text.pk), reverse=True)[:MOST_TEXTS]
    features = [features_of(text.words, stems) for text in kept]
    surfaces = surfaces_of((text.words for text in kept), stems)
    floor = FLOOR[source]
    found = []
    for group in groups_of(features, THEMES):
        inside = [kept[place] for place in group]
        if people_in(lately(inside)) >= floor:
            concept, words = _name(group, features, kept, surfaces)
            if concept or words:
                found.append((inside, concept, words))
    found.sort(key=lambda theme: (-len(lately(theme[0])), theme[1], theme[2]))
    whole = [len(lately(kept)), sum(not text.lately for text in kept)]
    comparable = people_in([text for text in kept if not text.lately]) >= floor
    ps = [_p(inside, whole) if comparable else None for inside, _concept, _words in found]
    told = iter(discoveries([p for p in ps if p is not None]))
    return [
        FoundTheme(lately(inside), _values(inside, concept, words, whole, p, floor, p is not None and next(told)))
        for (inside, concept, words), p in zip(found, ps, strict=True)
    ][:MOST_THEMES]


def _values(
    inside: list[Text], concept: str, words: list[str], whole: list[int], p: float | None, floor: int, clear: bool
) -> dict[str, Any]:
    now, before = lately(inside), [text for text in inside if not text.lately]
    tones = [tone for text in now if not text.secret and (tone := tone_of(text.words)) is not None]
    scores = [text.score for text in now if text.score is not None]
    return {
        "concept": concept,
        "words": words,
        "n": len(now),
        "people": people_in(now),
        "before": len(before) if not before or people_in(before) >= floor else None,
        "change": _change(len(now), len(before), whole) if clear else "",
        "p": p,
        "tone": fmean(tones) if len(tones) >= floor else None,
        "toned": len(tones) if len(tones) >= floor else 0,
        "score": fmean(scores) if len(scores) >= floor else None,
        "scored": len(scores) if len(scores) >= floor else 0,
    }


def _p(inside: list[Text], whole: list[int]) -> float:
    now = len(lately(inside))
    return rate_change(now, len(inside) - now, exposure=whole[0], exposure_before=whole[1])


def _change(now: int, before: int, whole: list[int]) -> str:
    return Change.RISES if now * whole[1] > before * whole[0] else Change.FALLS


def _name(
    group: Sequence[int], features: Sequence[Features], texts: Sequence[Text], surfaces: Mapping[str, str]
) -> tuple[str, list[str]]:
    """(the concept that half of the texts name, the words that tell it from the rest), used by enough people each."""
    members = set(group)
    inside, rest = (
        [features[place] for place in range(len(features)) if (place in members) == within] for within in (True, False)
    )
    concepts = Counter(one for one in (name for found in inside for name in found) if one.startswith("*"))
    concept, n = concepts.most_common(1)[0] if concepts else ("", 0)
    words = []
    for word, _z in telling(inside, rest):
        if not word.startswith("*") and people_in([texts[p] for p in group if word in features[p]]) >= WORD_FLOOR:
            words.append(surfaces.get(word, word))
    return (concept[1:] if 2 * n >= len(inside) else ""), words[:MOST_WORDS]


def agreement_in(texts: Sequence[Text]) -> Agreement:
    """Of texts beside a rating: does the tone point where the rating does? A 3, and no word of tone, point nowhere."""
    pairs = [(tone_of(text.words), text.score - 3) for text in texts if text.lately and text.score is not None]
    pointing = [(tone, off) for tone, off in pairs if tone and off]
    return Agreement(sum((tone > 0) == (off > 0) for tone, off in pointing), len(pointing))


def needs_in(texts: Sequence[Text], stems: Mapping[str, str]) -> list[FoundNeed]:
    """Groups of similar requests of one service, the commonest first; changes are by count, over as many weeks."""
    features = [features_of(text.words, stems) for text in texts]
    surfaces = surfaces_of((text.words for text in texts), stems)
    found = []
    for group in groups_of(features, NEEDS):
        inside = [texts[place] for place in group]
        now = lately(inside)
        words = _common_words(group, features, texts, surfaces) if len(now) >= FEWEST_ALIKE else []
        if words:
            found.append((now, len(inside) - len(now), words))
    ps = [rate_change(len(now), before, exposure=1, exposure_before=1) for now, before, _words in found]
    clear = discoveries(ps)
    rows = [
        FoundNeed(now, {
            "anchor": min(text.pk for text in now), "words": words, "n": len(now), "before": before,
            "customers": len({text.crowd for text in now}), "p": p,
            "change": (Change.RISES if len(now) > before else Change.FALLS) if told else "",
        })
        for (now, before, words), p, told in zip(found, ps, clear, strict=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda need: -need.values["n"])


def _common_words(
    group: Sequence[int], features: Sequence[Features], texts: Sequence[Text], surfaces: Mapping[str, str]
) -> list[str]:
    """What the requests say in common, the most used first; a word of fewer people than may name anything is none."""
    counts: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for place in group:
        for word in features[place]:
            if not word.startswith("*"):
                counts[word] += 1
                people.setdefault(word, set()).add(texts[place].person)
    used = sorted(counts, key=lambda word: (-counts[word], word))
    told = [word for word in used if len(people[word]) >= WORD_FLOOR]
    return [surfaces.get(word, word) for word in told[:MOST_WORDS]]


def enough(texts: Sequence[Text], source: Source) -> bool:
    return people_in(list(texts)) >= FLOOR[source]
