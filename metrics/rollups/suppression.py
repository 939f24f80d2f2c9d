"""What must not be told of small groups. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from metrics.rollups.definitions import Definition, Unit
from metrics.rollups.states import Figure

Key = TypeVar("Key", bound=Hashable)


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


def _too_few(figure: Figure, definition: Definition) -> bool:
    return definition.unit != Unit.COUNT and 0 < figure.n < definition.fewest


def without_value(figure: Figure) -> Figure:
    """Only how many there were."""
    return Figure(figure.definition, figure.n, None, target=figure.target, hidden="few")
