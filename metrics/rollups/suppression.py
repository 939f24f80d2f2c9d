"""What must not be told of small groups. Pure."""

from collections.abc import Hashable, Iterable, Mapping, Set
from typing import TypeVar

from metrics.rollups.definitions import FEWEST_RESPONDENTS, Definition, Unit
from metrics.rollups.states import Figure, Scope

Key = TypeVar("Key", bound=Hashable)


def shown_of(scope: Scope, figure: Figure) -> Figure:
    """The figure as it may be told of this scope.

    Filters overlap, so what was answered about all requests less those of one kind would tell of the few others.
    Answers are therefore told of a department, a pair, a service or a priority, and of nothing finer.
    """
    hides = figure.definition.personal and scope.tells_no_answers and figure.n
    return without_value(figure, "narrowed") if hides else figure


def shown_cells(cells: Mapping[Key, Figure], definition: Definition) -> dict[Key, Figure]:
    """The cells with those of too few values reduced to their n.

    Of what people answered, one hidden cell beside the known whole could be worked out by subtraction, so the
    smallest other one is hidden with it.
    """
    shown = {key: without_value(figure) if _too_few(figure, definition) else figure for key, figure in cells.items()}
    if definition.personal:
        hidden = [key for key, figure in shown.items() if figure.hidden]
        told = [key for key, figure in shown.items() if not figure.hidden and figure.n]
        if len(hidden) == 1 and told:
            smallest = min(told, key=lambda key: shown[key].n)
            shown[smallest] = without_value(shown[smallest])
    return shown


Pair = tuple[int, int]


def shown_matrix(
    cells: Mapping[Pair, Figure], people: Mapping[Pair, Set[int]], definition: Definition
) -> dict[Pair, Figure]:
    """The cells of a matrix beside which the sums of its rows and columns are told.

    Of what people answered, the hidden cells of a row or a column are what its sum leaves when the told ones are
    taken off; so the smallest told ones are hidden too, until at least five people stand behind what is left.
    `people` are those who answered, up to five a cell.
    """
    shown = shown_cells(cells, definition)
    if not definition.personal:
        return shown
    lines = [
        [pair for pair in shown if pair[side] == line] for side in (0, 1) for line in {pair[side] for pair in shown}
    ]
    while more := {pair for line in lines if (pair := _next_to_hide(shown, people, line))}:
        shown |= {pair: without_value(shown[pair]) for pair in more}
    return shown


def _next_to_hide(shown: Mapping[Pair, Figure], people: Mapping[Pair, Set[int]], line: Iterable[Pair]) -> Pair | None:
    line = [pair for pair in line if shown[pair].n]
    hidden = [pair for pair in line if shown[pair].hidden]
    told = [pair for pair in line if not shown[pair].hidden]
    behind = set().union(*(people.get(pair, set()) for pair in hidden))
    if not hidden or not told or (len(hidden) > 1 and len(behind) >= FEWEST_RESPONDENTS):
        return None
    return min(told, key=lambda pair: (shown[pair].n, pair))


def _too_few(figure: Figure, definition: Definition) -> bool:
    return definition.unit != Unit.COUNT and 0 < figure.n < definition.fewest


def without_value(figure: Figure, why: str = "few") -> Figure:
    """Only how many there were."""
    return Figure(figure.definition, figure.n, None, target=figure.target, hidden=why)
