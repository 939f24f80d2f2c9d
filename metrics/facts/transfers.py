"""Offers to other departments and the way they make. Pure."""

from datetime import datetime

from metrics.facts.route import without_repeats
from metrics.facts.states import Happening, Offer, OfferOutcome
from metrics.facts.timeline import Ruler

TAKES_UP = frozenset({"request.accepted", "request.started", "request.held", "request.resumed"})
# What shows that a department did something with a request beyond taking it and passing it on.
WORKS = frozenset(
    {"request.started", "request.held", "request.resumed", "request.delivered", "request.declined",
     "message.internal", "work.logged"}
)  # fmt: skip
ANSWERS = {
    "handoff.accepted": OfferOutcome.ACCEPTED,
    "handoff.declined": OfferOutcome.DECLINED,
    "handoff.withdrawn": OfferOutcome.WITHDRAWN,
    "handoff.expired": OfferOutcome.LAPSED,
}
LONGEST_REASON = 200


class Transfers:
    """Each offer gets one outcome.

    The desk writes its answers into the log. An imported history only shows what happened next: work by the receiver
    means accepted, anything at another department means passed on without being accepted, the rest has lapsed.
    """

    def __init__(self, first: int, answered: frozenset[int], ruler: Ruler, *, imported: bool) -> None:
        self.stops: list[int | None] = [first]
        self.since: list[datetime] = [ruler.origin]  # when it came to each stop
        self.offers: list[Offer] = []
        self.answered, self.ruler, self.imported = answered, ruler, imported
        self._pending: Offer | None = None
        self._pending_stop = 0
        self._held: Offer | None = None  # the offer by which its holder has it, unless it was filed there
        self._untouched = True

    def route(self) -> list[int]:
        return without_repeats(self.stops)

    def detours(self) -> list[list[int]]:
        """[a, b, seconds] for each time it went from a to b and straight back: working time from leaving to return."""
        way: list[tuple[int, datetime]] = []
        for stop, at in zip(self.stops, self.since, strict=True):
            if stop is not None and (not way or way[-1][0] != stop):
                way.append((stop, at))
        return [
            [a, b, self.ruler.between(left, back)[0]]
            for (a, _came), (b, left), (again, back) in zip(way, way[1:], way[2:], strict=False)
            if a == again
        ]

    def note_stop(self, kind: str, department: int, at: datetime) -> None:
        """Something happened to the request at this department."""
        self._stop(department, at)
        offer = self._pending
        if offer is not None and self.told_by_deeds(offer.handoff_id):
            if department != offer.to_id:
                self._close(offer, OfferOutcome.BOUNCED, at)
            else:
                self._close(offer, OfferOutcome.ACCEPTED if kind in TAKES_UP else OfferOutcome.LAPSED, at)
        if self._held is not None and department != self._held.to_id:
            self._let_go()

    def note_work(self, event: Happening, department: int) -> None:
        """A message to the customer by a person, a note, logged work or a step: the holder did something with it."""
        spoke = event.kind == "message.public" and event.data.get("side") == "supplier"
        did = (spoke and event.data.get("human", True)) or event.kind in WORKS
        if did and self._held is not None and department == self._held.to_id:
            self._untouched = False

    def note_solver(self, department: int) -> None:
        for offer in self.offers:
            offer.solved_by_receiver = offer.to_id == department

    def offer(self, event: Happening) -> None:
        receiver = event.data.get("to") or event.data["department"]
        if self._pending is not None:  # an offer follows an offer: the first one was not taken
            passed_on = self._pending.to_id != receiver
            self._close(self._pending, OfferOutcome.BOUNCED if passed_on else OfferOutcome.LAPSED, event.at)
        self._stop(receiver, event.at)
        self._pending_stop = len(self.stops) - 1
        self._pending = Offer(event.data.get("handoff"), event.data.get("from"), receiver, event.at)
        self._pending.reason = _reason(event)
        self.offers.append(self._pending)

    def answer(self, event: Happening) -> None:
        """Accepted, given back, taken back or expired, as the log says."""
        offer, stop = self._pending, self._pending_stop
        if event.kind == "handoff.withdrawn":
            if offer is not None:
                self.stops[stop] = None
        elif event.data.get("department"):
            self._stop(event.data["department"], event.at)
        if offer is not None:
            offer.answer_reason = _reason(event)
            self._close(offer, ANSWERS[event.kind], event.at)

    def told_by_deeds(self, handoff_id: int | None) -> bool:
        """True for an offer of an imported history, whose answer is not in the log."""
        return handoff_id not in self.answered and (self.imported or handoff_id is None)

    def _stop(self, department: int, at: datetime) -> None:
        self.stops.append(department)
        self.since.append(at)

    def _close(self, offer: Offer, outcome: str, at: datetime) -> None:
        offer.outcome, offer.answered_at = outcome, at
        offer.latency_ws, offer.latency_cs = self.ruler.between(offer.offered_at, at)
        offer.passed_untouched = outcome == OfferOutcome.BOUNCED
        if outcome == OfferOutcome.ACCEPTED:
            self._let_go()
            self._held, self._untouched = offer, True
        self._pending = None

    def _let_go(self) -> None:
        """Whoever had it has passed it on."""
        if self._held is not None:
            self._held.passed_untouched = self._untouched
        self._held = None


def _reason(event: Happening) -> str:
    """In one line, as far as a column holds."""
    return " ".join(str(event.data.get("reason") or "").split())[:LONGEST_REASON]
