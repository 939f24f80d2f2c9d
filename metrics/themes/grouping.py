"""Which texts are alike, and the words that tell a group from the rest. Pure.

It loads numpy and scipy, so only what groups texts in a worker may import it.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform


@dataclass(frozen=True)
class Measure:
    """Up to which distance (1 − cosine) groups are joined, on average, and what a concept weighs against a word."""

    cut: float
    concept: float


# As measured on labelled texts (docs/statistics.md): what people say shares few words, requests of a service many.
THEMES, NEEDS = Measure(0.80, 2.5), Measure(0.75, 1.5)
PRIOR = 0.5  # of a word in the log-odds, for each time it was used anywhere
TELLING = 0.6  # z from which on a word tells a group from the rest
Features = Mapping[str, int]


def groups_of(texts: Sequence[Features], measure: Measure) -> list[list[int]]:
    """Places of texts that are alike, the largest groups first; texts without features stand nowhere.

    tf-idf with lengths of one; average linkage of cosine distances, cut where the measure says.
    """
    places = [place for place, features in enumerate(texts) if features]
    if len(places) < 2:
        return [[place] for place in places]
    vectors = _vectors([texts[place] for place in places], measure.concept)
    distances = 1.0 - (vectors @ vectors.T).toarray()
    np.fill_diagonal(distances, 0.0)
    labels = fcluster(linkage(squareform(distances.clip(min=0.0), checks=False), "average"), measure.cut, "distance")
    found: dict[int, list[int]] = {}
    for place, label in zip(places, labels.tolist(), strict=True):
        found.setdefault(label, []).append(place)
    return sorted(found.values(), key=lambda group: (-len(group), group))


def _vectors(texts: Sequence[Features], concept: float) -> csr_matrix:
    holding = Counter(feature for features in texts for feature in features)
    columns = {feature: place for place, feature in enumerate(sorted(holding))}
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for features in texts:
        weights = {
            one: _weight(n, holding[one], len(texts)) * (concept if one.startswith("*") else 1.0)
            for one, n in features.items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        indices += [columns[one] for one in weights]
        values += [weight / length for weight in weights.values()]
        starts.append(len(indices))
    data: NDArray[np.float64] = np.array(values)
    return csr_matrix((data, indices, starts), shape=(len(texts), len(columns)))


def _weight(n: int, holding: int, texts: int) -> float:
    return (1 + log(n)) * (log((1 + texts) / (1 + holding)) + 1.0)


def telling(group: Sequence[Features], rest: Sequence[Features]) -> list[tuple[str, float]]:
    """(word, z) of the words that are used more in the group than in the rest, the most telling first.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, eq. 16, 20 and 22); a text counts a
    word once.
    """
    here, there = (Counter(one for features in texts for one in features) for texts in (group, rest))
    prior = {one: PRIOR * (here[one] + there[one]) for one in here}
    whole = PRIOR * (here.total() + there.total())
    found = []
    for one, weight in prior.items():
        a, b = here[one] + weight, there[one] + weight
        odds = log(a / max(here.total() + whole - a, weight)) - log(b / max(there.total() + whole - b, weight))
        found.append((one, odds / sqrt(1 / a + 1 / b)))
    return sorted((pair for pair in found if pair[1] >= TELLING), key=lambda pair: (-pair[1], pair[0]))


def purity(groups: Sequence[Sequence[int]], labels: Sequence[Hashable]) -> float:
    """Share of the grouped texts whose label is the commonest one of their group."""
    grouped = sum(len(group) for group in groups)
    most = sum(Counter(labels[place] for place in group).most_common(1)[0][1] for group in groups if group)
    return most / grouped if grouped else 0.0
