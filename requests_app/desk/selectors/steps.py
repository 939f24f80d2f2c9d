"""What this reader could do to a request now: the next step with at most two buttons, and everything else."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import HoldReason
from requests_app.desk import policies
from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.states import ENDED, ON_HOLD, OPEN
from requests_app.org.models import Person


@dataclass(frozen=True)
class Step:
    """A button. `opens`: it shows a form first; else it acts at once. `confirm`: a question asked before."""

    code: str
    words: str
    icon: str
    url: str
    opens: bool = False
    key: str = ""
    primary: bool = False


# code → (words, icon, opens a form, shortcut)
LOOK: dict[str, tuple[Promise, str, bool, str]] = {
    "accept": (_("Accept"), "check", False, ""),
    "start": (_("Start work"), "player-play", False, ""),
    "deliver": (_("Deliver"), "package", True, "d"),
    "hold": (_("Put on hold"), "player-pause", True, ""),
    "resume": (_("Go on"), "player-play", False, ""),
    "confirm": (_("Accept delivery"), "check", False, ""),
    "reject": (_("What would put it right?"), "arrow-back-up", True, ""),
    "decline": (_("Decline"), "ban", True, ""),
    "cancel": (_("Cancel the request"), "x", True, ""),
    "reopen": (_("Reopen"), "rotate-clockwise", True, ""),
}
# Which moves stand in the box, most natural first; the rest is in the menu.
IN_THE_BOX = ("confirm", "reject", "accept", "resume", "deliver", "start", "decline", "reopen")


@dataclass(frozen=True)
class Steps:
    """`box`: at most two. `menu`: what else is possible. `answer`: writing a reply is the next step."""

    box: tuple[Step, ...]
    menu: tuple[Step, ...]
    answer: bool = False


def steps_of(person: Person, service_request: ServiceRequest, handoff: Handoff | None) -> Steps:
    allowed = policies.actions_for(person, service_request)
    moves = [_move(service_request, code) for code in sorted(allowed, key=_natural)]
    box = [step for step in moves if step.code in IN_THE_BOX][:2]
    if handoff is not None:
        box = _handoff_steps(person, service_request, handoff)
    answer = _waits_for(person, service_request) and not box
    rest = [step for step in moves if step not in box]
    menu = [*_other_steps(person, service_request, handoff), *rest]
    marked = tuple(_primary(step) if not place else step for place, step in enumerate(box))
    return Steps(box=marked, menu=tuple(menu), answer=answer)


def _address(name: str, number: str, *rest: str) -> str:
    return _form(name, *rest) % number


@cache
def _form(name: str, *rest: str) -> str:
    """The address with a gap for the number; a page asks for a dozen of them."""
    return reverse(f"desk:{name}", args=["SR-000000", *rest]).replace("%", "%%").replace("SR-000000", "%s")


def _natural(code: str) -> int:
    return IN_THE_BOX.index(code) if code in IN_THE_BOX else len(IN_THE_BOX)


def _primary(step: Step) -> Step:
    return Step(step.code, step.words, step.icon, step.url, step.opens, step.key, primary=True)


def _move(service_request: ServiceRequest, code: str) -> Step:
    words, icon, opens, key = LOOK[code]
    return Step(code, str(words), icon, _address("move", service_request.number, code), opens, key)


def _handoff_steps(person: Person, service_request: ServiceRequest, handoff: Handoff) -> list[Step]:
    """An offer is answered by those it was made to, and taken back by those who made it."""

    def step(code: str, words: Promise, icon: str, *, opens: bool) -> Step:
        return Step(code, str(words), icon, reverse("desk:answer", args=[handoff.pk, code]), opens)

    if policies.can_answer_handoff(person, handoff):
        return [
            step("accept", _("Take over"), "check", opens=False),
            step("decline", _("Give back"), "arrow-back-up", opens=True),
        ]
    if policies.allows(person, service_request, "request.reject_or_transfer"):
        return [step("withdraw", _("Take the offer back"), "arrow-back-up", opens=False)]
    return []


def _waits_for(person: Person, service_request: ServiceRequest) -> bool:
    asks = "RQ" in policies.contexts(person, service_request)
    return asks and service_request.status == ON_HOLD and service_request.hold_reason == HoldReason.CUSTOMER


def _other_steps(person: Person, service_request: ServiceRequest, handoff: Handoff | None) -> list[Step]:
    """What is not a move of the life: who works on it, where it goes, how urgent it is, what it says."""
    found = []

    def offer(permission: str, code: str, words: Promise, icon: str, *, opens: bool = True, key: str = "") -> None:
        if policies.allows(person, service_request, permission):
            url = _address(code, service_request.number)
            found.append(Step(code, str(words), icon, url, opens, key))

    if service_request.status not in ENDED:
        offer("request.take_unassigned", "take", _("Take it"), "user-check", opens=False)
        offer("request.assign_other", "assign", _("Give to an agent"), "users", key="a")
        if handoff is None and service_request.status in OPEN:
            offer("request.reject_or_transfer", "handoff", _("Offer to another department"), "arrow-bar-to-right")
        offer("request.set_priority", "priority", _("Change the priority"), "flag", key="p")
    offer("request.edit_text", "edit", _("Edit the text"), "pencil", key="e")
    return found
