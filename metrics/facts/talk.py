"""Who wrote how often, and whether the other side was being waited for. Pure."""


class Talk:
    """A round trip is a question of the supplier that the customer answers while the work goes on.

    A chaser is a message of the customer to a supplier who has not written since the customer's last word.
    """

    def __init__(self) -> None:
        self.supplier = self.customer = self.round_trips = self.chasers = 0
        self.asked = False

    def hear(self, side: str | None, *, at_work: bool) -> None:
        if side == "supplier":
            self.supplier += 1
            self.asked = at_work
        elif side == "customer":
            self.customer += 1
            if self.asked:
                self.round_trips += 1
            elif at_work:
                self.chasers += 1
            self.asked = False

    def rest(self) -> None:
        """Delivered: what the customer writes now answers the delivery, not a question."""
        self.asked = False

    def counts(self) -> dict[str, int]:
        return {
            "supplier_messages": self.supplier,
            "customer_messages": self.customer,
            "round_trips": self.round_trips,
            "chasers": self.chasers,
        }
