"""Which groups may be shown beside their total, so that no sum or difference tells of fewer than five people. Pure.

SECURITY (security 5.7): the groups of a campaign are fixed when it opens and no one is in two of them, so all that
can be computed from a total and the shown groups is the sum over the hidden ones. That sum must be nothing or at
least `FLOOR` answers, which hiding one more group makes sure of.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from feedback.surveys.states import FLOOR

Group = TypeVar("Group", bound=Hashable)


def shown_groups(counts: Mapping[Group, int], floor: int = FLOOR) -> frozenset[Group]:
    """The groups whose figures may be shown beside the total; all of them hidden when the total is too small.

    Nothing is shown of a group without answers either, so an absent group is never told from a small one.
    """
    if sum(counts.values()) < floor:
        return frozenset()
    shown = sorted((group for group, n in counts.items() if n >= floor), key=lambda group: (counts[group], str(group)))
    hidden = sum(counts.values()) - sum(counts[group] for group in shown)
    while shown and 0 < hidden < floor:
        hidden += counts[shown.pop(0)]
    return frozenset(shown)
