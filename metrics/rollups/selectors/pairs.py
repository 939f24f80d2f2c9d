"""Figures of every pair of departments, and what the pairs of one department add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from metrics.rollups.definitions import DEFINITIONS, Definition
from metrics.rollups.selectors.figures import pair_tallies
from metrics.rollups.states import Figure, Scope, Tally, figure_of
from metrics.rollups.suppression import shown_matrix

Pair = tuple[int, int]  # customer, supplier


@dataclass(frozen=True)
class Told:
    """One figure: of each pair, of each supplier with all its customers, of each customer with all its suppliers.

    Lines are added up from `parts` when somebody asks for them.
    """

    definition: Definition
    cells: Mapping[Pair, Figure]
    whole: Figure | None = None
    parts: Mapping[Pair, Tally] = field(default_factory=dict)

    @cached_property
    def suppliers(self) -> Mapping[int, Figure]:
        return _sums(self.definition, {pair: pair[1] for pair in self.parts}, self.parts)

    @cached_property
    def customers(self) -> Mapping[int, Figure]:
        return _sums(self.definition, {pair: pair[0] for pair in self.parts}, self.parts)


def figures_of_pairs(scope: Scope, keys: Iterable[str]) -> dict[str, Told]:
    """Each asked figure by key, for all pairs of the company; cells of too few are reduced to their n.

    Two queries for whatever is counted, one more for open work, however many departments there are.
    """
    keys = list(keys)
    tallies: dict[str, dict[Pair, Tally]] = {key: {} for key in keys}
    for (customer, supplier, key), tally in pair_tallies(scope, keys).items():
        if customer and supplier:
            tallies[key][customer, supplier] = tally
    return {key: _told(DEFINITIONS[key], found) for key, found in tallies.items()}


def no_figure(key: str) -> Figure:
    """What a figure is where there was nothing to count."""
    return figure_of(DEFINITIONS[key], Tally())


def _told(definition: Definition, tallies: Mapping[Pair, Tally]) -> Told:
    people = {pair: tally.people for pair, tally in tallies.items()} if definition.personal else {}
    cells = shown_matrix({pair: figure_of(definition, tally) for pair, tally in tallies.items()}, people, definition)
    if any(tally.exact for tally in tallies.values()):
        return Told(definition, cells)  # exact percentiles of the parts say nothing of the whole
    whole = _sums(definition, dict.fromkeys(tallies, 0), tallies).get(0)
    return Told(definition, cells, whole, tallies)


def _sums(definition: Definition, line_of: Mapping[Pair, int], tallies: Mapping[Pair, Tally]) -> dict[int, Figure]:
    sums: dict[int, Tally] = {}
    for pair, tally in tallies.items():
        sums.setdefault(line_of[pair], Tally()).merge(tally)
    return {line: figure_of(definition, tally) for line, tally in sums.items()}
