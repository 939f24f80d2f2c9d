"""Offers to other departments and the way they make. Pure."""

from datetime import datetime

from metrics.facts.route import without_repeats
from metrics.facts.states import Happening, Offer, OfferOutcome
from metrics.facts.timeline import Ruler

TAKES_UP = frozenset({"request.accepted", "request.started", "request.held", "request.resumed"})
ANSWERS = {
    "handoff.accepted": OfferOutcome.ACCEPTED,
    "handoff.declined": OfferOutcome.DECLINED,
    "handoff.withdrawn": OfferOutcome.WITHDRAWN,
    "handoff.expired": OfferOutcome.LAPSED,
}


class Transfers:
    """Each offer gets one outcome.

    The desk writes its answers into the log. An imported history only shows what happened next: work by the receiver
    means accepted, anything at another department means passed on without being accepted, the rest has lapsed.
    """

    def __init__(self, first: int, answered: frozenset[int], ruler: Ruler, *, imported: bool) -> None:
        self.stops: list[int | None] = [first]
        self.offers: list[Offer] = []
        self.answered, self.ruler, self.imported = answered, ruler, imported
        self._pending: Offer | None = None
        self._pending_stop = 0

    def route(self) -> list[int]:
        return without_repeats(self.stops)

    def note_stop(self, kind: str, department: int, at: datetime) -> None:
        """Something happened to the request at this department."""
        self.stops.append(department)
        offer = self._pending
        if offer is None or not self.told_by_deeds(offer.handoff_id):
            return
        if department != offer.to_id:
            self._close(offer, OfferOutcome.BOUNCED, at)
        else:
            self._close(offer, OfferOutcome.ACCEPTED if kind in TAKES_UP else OfferOutcome.LAPSED, at)

    def offer(self, event: Happening) -> None:
        receiver = event.data.get("to") or event.data["department"]
        if self._pending is not None:  # an offer follows an offer: the first one was not taken
            passed_on = self._pending.to_id != receiver
            self._close(self._pending, OfferOutcome.BOUNCED if passed_on else OfferOutcome.LAPSED, event.at)
        self.stops.append(receiver)
        self._pending_stop = len(self.stops) - 1
        self._pending = Offer(event.data.get("handoff"), event.data.get("from"), receiver, event.at)
        self.offers.append(self._pending)

    def answer(self, event: Happening) -> None:
        """Accepted, given back, taken back or expired, as the log says."""
        offer, stop = self._pending, self._pending_stop
        if event.kind == "handoff.withdrawn":
            if offer is not None:
                self.stops[stop] = None
        elif event.data.get("department"):
            self.stops.append(event.data["department"])
        if offer is not None:
            self._close(offer, ANSWERS[event.kind], event.at)

    def told_by_deeds(self, handoff_id: int | None) -> bool:
        """True for an offer of an imported history, whose answer is not in the log."""
        return handoff_id not in self.answered and (self.imported or handoff_id is None)

    def _close(self, offer: Offer, outcome: str, at: datetime) -> None:
        offer.outcome, offer.answered_at = outcome, at
        offer.latency_ws, offer.latency_cs = self.ruler.between(offer.offered_at, at)
        self._pending = None
