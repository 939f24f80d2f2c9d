"""The rows behind a figure: whoever computes figures says which requests a figure was made of.

`/requests/?figure=…&side=…&department=…&from=…&to=…` lists them, so that the figure and the list agree.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from requests_app.desk.selectors.lists import Wanted
from requests_app.org.models import Person

PARAMS = (
    "figure", "side", "department", "from", "to", "part", "only", "age", "need_type", "customer_kind", "channel",
)  # fmt: skip
RequestIds = Callable[[Person, dict[str, str], Wanted], "Behind | None"]


@dataclass(frozen=True)
class Behind:
    """The requests behind a figure, what it is called, and, for whom the figure is, how many there are in all.

    `handoffs` of these requests were counted, where a figure counts handoffs. `minded` are the filters that the figure
    itself was narrowed by: as it stood then, which may be another department than today.
    """

    words: str
    request_ids: Any
    n: int | None
    handoffs: int | None = None
    minded: frozenset[str] = frozenset()
    params: dict[str, str] = field(default_factory=dict)


class Figures:
    """`find` is hung in by the package of figures; without one there is no figure to look behind."""

    find: RequestIds | None = None
