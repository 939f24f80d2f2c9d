"""Laying what two departments say of each other side by side. Pure.

A direction is agreed when the customer names the supplier and the supplier the customer. Silence of a department that
has named nobody on that side yet is no contradiction: it waits.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from feedback.chain.states import Match, Said, Side

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff]")
STEM = 4  # letters that two forms of a word share

Statement = tuple[int, str, int | None]  # who speaks, what the other is, the other (None: outside the company)


@dataclass(frozen=True)
class Link:
    """One direction between two departments. `customer_id` is None for customers outside the company.

    `spoke` names who of the two has said anything on that side: then to leave somebody out means something.
    """

    supplier_id: int
    customer_id: int | None
    by_customer: Said | None
    by_supplier: Said | None
    spoke: frozenset[str]

    @property
    def customer_names_it(self) -> bool:
        return self.by_customer is not None and self.by_customer.holds

    @property
    def supplier_names_it(self) -> bool:
        return self.by_supplier is not None and self.by_supplier.holds

    @property
    def is_named(self) -> bool:
        return self.customer_names_it or self.supplier_names_it

    @property
    def match(self) -> Match:
        if not self.is_named:
            return Match.NONE
        if self.customer_id is None:
            return Match.OUTSIDE
        if self.customer_names_it and self.supplier_names_it:
            return Match.DIFFERENT if demands_differ(*self.demands) else Match.AGREED
        silent = Side.SUPPLIER if self.customer_names_it else Side.CUSTOMER
        if silent not in self.spoke:
            return Match.WAITING
        return Match.ONLY_CUSTOMER if self.customer_names_it else Match.ONLY_SUPPLIER

    @property
    def demands(self) -> tuple[str, str]:
        """What the customer requires, and what the supplier takes that to be; of those who name it."""
        one = self.by_customer.demands if self.by_customer and self.by_customer.holds else ""
        other = self.by_supplier.demands if self.by_supplier and self.by_supplier.holds else ""
        return one, other

    @property
    def trouble(self) -> str:
        return self.by_customer.troubles if self.by_customer and self.by_customer.holds else ""


def links_of(said: Mapping[Statement, Said]) -> dict[tuple[int, int | None], Link]:
    """(supplier, customer) → what both say of it, for every direction that somebody has spoken of."""
    spoken = {(speaker, side) for speaker, side, _other in said}
    pairs = {
        (speaker, other) if side == Side.CUSTOMER else (other, speaker)
        for speaker, side, other in said
        if other is not None or side == Side.CUSTOMER
    }
    return {(supplier, customer): _link(supplier, customer, said, spoken) for supplier, customer in pairs if supplier}


def _link(supplier: int, customer: int | None, said: Mapping[Statement, Said], spoken: Set[tuple[int, str]]) -> Link:
    by_customer = said.get((customer, Side.SUPPLIER, supplier)) if customer else None
    spoke = {Side.SUPPLIER.value} if (supplier, Side.CUSTOMER) in spoken else set()
    if customer and (customer, Side.SUPPLIER) in spoken:
        spoke.add(Side.CUSTOMER.value)
    return Link(supplier, customer, by_customer, said.get((supplier, Side.CUSTOMER, customer)), frozenset(spoke))


def demands_differ(one: str, other: str) -> bool:
    """Whether two descriptions cannot mean the same: they name numbers and share none, or share not one word.

    Deliberately cautious: it finds "within 2 days" beside "within a week, 5 days", not what is meant between lines.
    """
    numbers = _numbers(one), _numbers(other)
    if all(numbers) and not numbers[0] & numbers[1]:
        return True
    words = _words(one), _words(other)
    return bool(all(words) and not words[0] & words[1])


def _numbers(text: str) -> set[str]:
    return {found.replace(",", ".") for found in NUMBER.findall(text)}


def _words(text: str) -> set[str]:
    return {found.casefold()[:STEM] for found in WORD.findall(text)}


def words_about(text: str, names: Mapping[str, int], department_id: int) -> str:
    """Of an answer about several departments, what is said of one.

    A line that begins with the name of a department and a colon is about that one, every other line about all.
    """
    return "\n".join(line for about, line in _lines(text, names) if about in (None, department_id))


def _lines(text: str, names: Mapping[str, int]) -> Iterable[tuple[int | None, str]]:
    for line in text.splitlines():
        head, colon, rest = line.replace("：", ":", 1).partition(":")
        about = names.get(head.strip().casefold()) if colon else None
        words = (rest if about else line).strip()
        if words:
            yield about, words
