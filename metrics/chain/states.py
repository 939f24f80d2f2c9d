"""The declared chain beside the requests: a direction, what both say of it, how often it is used. Pure.

A department is a heavy customer from ten requests in the period on, and a tenth of all that other departments asked of
the supplier; and the other way round a heavy supplier, by all that the customer asked of others. A named supplier
counts as never asked only in a period of at least four weeks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.chain.matching import Link
from feedback.chain.states import Match, Side
from metrics.rollups.definitions import FEWEST_FOR_A_SHARE
from metrics.rollups.statistics import wilson

HEAVY_SHARE = 0.10
FEWEST_REQUESTS = FEWEST_FOR_A_SHARE
SHORTEST_UNUSED = 28  # days


class Gap(models.TextChoices):
    """What the requests show otherwise than what is said."""

    NONE = "none", _("No difference")
    UNDECLARED = "undeclared", _("Heavy customer that the supplier does not name")
    UNNAMED = "unnamed", _("Heavy supplier that the customer does not name")
    UNUSED = "unused", _("Named supplier that was not asked")


@dataclass(frozen=True)
class Way:
    """One direction. `n` of `whole` requests that other departments filed with the supplier in the period.

    `sent` is how many the customer filed with other departments.
    """

    supplier_id: int
    customer_id: int | None
    link: Link | None
    n: int
    whole: int
    gap: Gap
    sent: int = 0

    @property
    def match(self) -> Match:
        return self.link.match if self.link else Match.NONE

    @property
    def share(self) -> float | None:
        return self.n / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the share (Wilson)."""
        return wilson(self.n, self.whole)

    @property
    def differs(self) -> bool:
        return self.gap != Gap.NONE or self.match in (Match.DIFFERENT, Match.ONLY_CUSTOMER, Match.ONLY_SUPPLIER)

    @property
    def told(self) -> bool:
        """Whether it stands in picture and table: somebody names it, or somebody should."""
        return self.match != Match.NONE or self.gap != Gap.NONE


def ways_of(
    links: Mapping[tuple[int, int | None], Link], counts: Mapping[tuple[int, int], int], *, days: int
) -> list[Way]:
    """Every direction that is named or used; what differs first, then the busiest. `counts`: (customer, supplier)."""
    between = {(supplier, customer): n for (customer, supplier), n in counts.items() if customer != supplier}
    wholes: Counter[int] = Counter()
    sent: Counter[int] = Counter()
    for (supplier, asker), n in between.items():
        wholes[supplier] += n
        sent[asker] += n
    spoke: set[tuple[str, int | None]]
    spoke = {(Side.SUPPLIER, link.supplier_id) for link in links.values() if Side.SUPPLIER in link.spoke}
    spoke |= {(Side.CUSTOMER, link.customer_id) for link in links.values() if Side.CUSTOMER in link.spoke}
    found = []
    for supplier, customer in {*links, *between}:
        n, link = between.get((supplier, customer or 0), 0), links.get((supplier, customer))
        way = Way(supplier, customer, link, n, wholes[supplier], Gap.NONE, sent[customer or 0])
        found.append(replace(way, gap=_gap(way, spoke, days=days)))
    return sorted(found, key=lambda way: (not way.differs, -way.n, way.supplier_id, way.customer_id or 0))


def _gap(way: Way, spoke: set[tuple[str, int | None]], *, days: int) -> Gap:
    """`spoke`: who has said whom they supply, and who by whom they are supplied; of others nothing is missed."""
    n, link = way.n, way.link
    named, names = (link.supplier_names_it, link.customer_names_it) if link else (False, False)
    enough = n >= FEWEST_REQUESTS
    if enough and n >= HEAVY_SHARE * way.whole and (Side.SUPPLIER, way.supplier_id) in spoke and not named:
        return Gap.UNDECLARED
    if enough and n >= HEAVY_SHARE * way.sent and (Side.CUSTOMER, way.customer_id) in spoke and not names:
        return Gap.UNNAMED
    if names and n == 0 and days >= SHORTEST_UNUSED:
        return Gap.UNUSED
    return Gap.NONE


def with_outside(ways: Iterable[Way], partners: Set[int]) -> list[Way]:
    """What is drawn: each supplier's line to the customers outside, then what is told of the company, in its order.

    Partner organisations that ask are customers outside, whether or not anybody names them: all those of a supplier are
    one line, as used as they are together.
    """
    outside: dict[int, list[Way]] = {}
    inside = []
    for way in ways:
        if way.customer_id is None or (way.customer_id in partners and (way.told or way.n)):
            outside.setdefault(way.supplier_id, []).append(way)
        elif way.told:
            inside.append(way)
    merged = sorted((_as_one(of_one) for of_one in outside.values()), key=lambda way: (-way.n, way.supplier_id))
    return [*merged, *inside]


def _as_one(ways: Sequence[Way]) -> Way:
    named = sorted(ways, key=lambda way: (way.match == Match.NONE, way.customer_id is not None))
    gap = next((way.gap for way in ways if way.gap != Gap.NONE), Gap.NONE)
    return replace(named[0], customer_id=None, n=sum(way.n for way in ways), gap=gap)


def only_of(ways: Iterable[Way], department_id: int) -> list[Way]:
    return [way for way in ways if department_id in (way.supplier_id, way.customer_id)]
