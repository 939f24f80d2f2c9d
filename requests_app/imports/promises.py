"""All promises in memory, for many requests of many days at once: what `promise_for` answers one by one."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from requests_app.agreements.models import Target
from requests_app.agreements.selectors import specificity
from requests_app.agreements.states import Days, Life, Time, target_data


class _Offer(NamedTuple):
    rank: int
    valid_from: datetime
    valid_to: datetime | None
    measure: str
    time: Time
    agreement: int


class PromiseBook:
    """Read once; agreements made afterwards are not in it."""

    def __init__(self) -> None:
        self._offers: dict[tuple[int | None, int | None, int | None, int], list[_Offer]] = defaultdict(list)
        columns = (
            "agreement__customer_id", "agreement__supplier_id", "agreement__service_id", "priority",
            "agreement__valid_from", "agreement__valid_to", "measure", "seconds", "days", "agreement_id",
        )  # fmt: skip
        signed = Target.objects.filter(agreement__life=Life.SIGNED).values_list(*columns)
        for customer, supplier, service, priority, since, until, measure, seconds, days, agreement in signed:
            rank = specificity(customer_id=customer, supplier_id=supplier, service_id=service)
            time = Days(days) if days else seconds
            offer = _Offer(rank, since, until, measure, time, agreement)
            self._offers[customer, supplier, service, priority].append(offer)

    def targets(
        self, *, customer: int, supplier: int, service: int, priority: int, at: datetime, calendar: int
    ) -> dict[str, dict[str, Any]]:
        """measure → seconds, calendar version and agreement, as a filing at `at` writes them into the log."""
        best: dict[str, _Offer] = {}
        for offer in self._in_force(customer, supplier, service, priority, at):
            held = best.get(offer.measure)
            if held is None or offer.rank > held.rank:
                best[offer.measure] = offer
        return {
            measure: {**target_data(offer.time), "calendar": calendar, "agreement": offer.agreement}
            for measure, offer in best.items()
        }

    def _in_force(self, customer: int, supplier: int, service: int, priority: int, at: datetime) -> Iterator[_Offer]:
        for who in (customer, None):
            for whom in (supplier, None):
                for what in (service, None):
                    for offer in self._offers.get((who, whom, what, priority), ()):
                        if offer.valid_from <= at and (offer.valid_to is None or at < offer.valid_to):
                            yield offer
