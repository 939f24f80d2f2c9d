"""What two departments should talk about, in sentences. Pure but for the address of the page."""

from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.chain.matching import Link
from feedback.chain.states import Match, Point, PointKind

LONGEST_QUOTE = 160
Names = Mapping[int, tuple[str, str]]  # id → slug and name


def relation_address(one: str, other: str) -> str:
    """The page of two departments, by slugs; whoever asks, it is the same."""
    return reverse("relation", args=sorted((one, other)))


def points_of(link: Link, names: Names) -> list[Point]:
    """Nothing where both agree, or where one has not said anything yet."""
    if link.customer_id is None or not link.is_named:
        return []
    supplier, customer = names[link.supplier_id], names[link.customer_id]
    said = {"supplier": supplier[1], "customer": customer[1]}
    address = relation_address(supplier[0], customer[0])

    def point(kind: str, words: str, **more: str) -> Point:
        return Point(kind, link.supplier_id, link.customer_id or 0, words % (said | more), address)

    return [*_of_naming(link, point), *_of_demands(link, point), *_of_trouble(link, point)]


Make = Callable[..., Point]


def _of_naming(link: Link, point: Make) -> list[Point]:
    if link.match == Match.ONLY_CUSTOMER:
        words = _(
            "%(customer)s names %(supplier)s as its supplier, %(supplier)s does not name %(customer)s as a customer."
        )
        return [point(PointKind.ONE_SIDED, words)]
    if link.match == Match.ONLY_SUPPLIER:
        words = _(
            "%(supplier)s names %(customer)s as its customer, %(customer)s does not name %(supplier)s as a supplier."
        )
        return [point(PointKind.ONE_SIDED, words)]
    return []


def _of_demands(link: Link, point: Make) -> list[Point]:
    if link.match not in (Match.AGREED, Match.DIFFERENT):
        return []
    wanted, understood = link.demands
    quoted = {"wanted": _quote(wanted), "understood": _quote(understood)}
    if link.match == Match.DIFFERENT:
        words = _("%(customer)s requires of %(supplier)s: “%(wanted)s”. %(supplier)s takes it to be: “%(understood)s”.")
        return [point(PointKind.DEMANDS, words, **quoted)]
    if wanted and not understood:
        words = _("%(customer)s requires of %(supplier)s: “%(wanted)s”. %(supplier)s does not say that it knows.")
        return [point(PointKind.UNKNOWN, words, **quoted)]
    return []


def _of_trouble(link: Link, point: Make) -> list[Point]:
    if not link.trouble:
        return []
    words = _("%(customer)s has trouble with what it gets from %(supplier)s: “%(trouble)s”.")
    return [point(PointKind.TROUBLE, words, trouble=_quote(link.trouble))]


def _quote(text: str) -> str:
    line = "; ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
