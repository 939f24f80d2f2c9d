"""What Sales needs of IT."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback.needs.models import Need
from feedback.needs.services import propose, take_step
from feedback.needs.states import Words
from tests.factories.company import Company

# The usual way through the life of a need, with the state that each step leads to.
WAY = {"analysed": "analyse", "decided": "decide", "carried_out": "carry_out", "evaluated": "evaluate"}


def needed(company: Company, **more: Any) -> Need:
    """Proposed by the requester for Sales, on the board of IT."""
    values = {"by": company.requester, "department": company.it, "title": "One sign-in for all", "text": "Seven today."}
    return propose(**(values | more))


def words_for(company: Company, step: str) -> Words:
    more: dict[str, Any] = {}
    if step == "analyse":
        more = {"urgency": 3, "importance": 4}
    if step == "decide":
        more = {"owner": company.agent, "due_on": timezone.localdate() + timedelta(days=30)}
    return Words(note=f"Words of {step}", **more)


def need_at(company: Company, state: str, **more: Any) -> Need:
    """A need that the head of IT has brought to this state."""
    need = needed(company, **more)
    if state == "set_aside":
        return take_step(by=company.supplier_head, need=need, name="set_aside", words=words_for(company, "set_aside"))
    for reached, step in WAY.items():
        if need.state == state:
            break
        need = take_step(by=company.supplier_head, need=need, name=step, words=words_for(company, step))
        assert need.state == reached
    return need
