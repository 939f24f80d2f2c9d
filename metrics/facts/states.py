"""What is known of one request once its events are folded. Pure data.

A name ending in `_ws` holds whole seconds of working time by the calendar the request was filed under, one ending in
`_cs` the same span in calendar time. Spans are differences of whole seconds since filing, so parts add up exactly.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Happening(NamedTuple):
    """An event as the fold needs it."""

    kind: str
    at: datetime
    actor_id: int | None
    data: dict[str, Any]


class Outcome(models.TextChoices):
    OPEN = "open", pgettext_lazy("outcome", "Open")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


class Party(models.TextChoices):
    """Who held a stretch of time."""

    DEPARTMENT = "department", _("Department")
    CUSTOMER = "customer", _("Customer")
    THIRD_PARTY = "third_party", _("Outside party")
    NOBODY = "nobody", _("Nobody yet")


class Stage(models.TextChoices):
    """What was going on meanwhile."""

    NEW = "new", _("Waits to be accepted")
    WORK = "work", _("At work")
    HELD = "held", _("On hold")
    VERDICT = "verdict", _("Delivered, waits for the verdict")


class OfferOutcome(models.TextChoices):
    OPEN = "open", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Given back")
    BOUNCED = "bounced", _("Passed on without being accepted")
    LAPSED = "lapsed", _("Overtaken by other work")
    WITHDRAWN = "withdrawn", _("Taken back")


class Step(models.IntegerChoices):
    """A station on the way of a request. The numbers are stored: never give one another meaning."""

    FILED = 1, _("Filed")
    ACCEPTED = 2, pgettext_lazy("step", "Accepted")
    STARTED = 3, pgettext_lazy("step", "Begun")
    HELD_CUSTOMER = 4, _("On hold: the customer")
    HELD_OTHER = 5, _("On hold: something else")
    RESUMED = 6, pgettext_lazy("step", "Resumed")
    OFFERED = 7, _("Offered on")
    HANDED_OVER = 8, _("Handed over")
    GIVEN_BACK = 9, _("Given back")
    NOT_TAKEN = 10, _("Offer not taken")
    DELIVERED = 11, _("Delivered")
    REJECTED = 12, _("Sent back")
    REOPENED = 13, pgettext_lazy("step", "Reopened")
    CONFIRMED = 14, _("Accepted by the customer")
    CLOSED = 15, _("Closed")
    DECLINED = 16, _("Declined")
    CANCELLED = 17, _("Cancelled")


HOLDS = (Step.HELD_CUSTOMER, Step.HELD_OTHER)


@dataclass(frozen=True)
class Span:
    """A stretch of time with one holder, [started_at, ended_at); no end yet while it lasts."""

    party: str
    department_id: int | None
    stage: str
    started_at: datetime
    ended_at: datetime | None
    ws: int | None
    cs: int | None


@dataclass
class Offer:
    """A handoff offered to a department, and what became of it."""

    handoff_id: int | None
    from_id: int | None
    to_id: int
    offered_at: datetime
    outcome: str = OfferOutcome.OPEN
    answered_at: datetime | None = None
    latency_ws: int | None = None
    latency_cs: int | None = None
    reason: str = ""  # as given with the offer, and with the answer that gave it back
    answer_reason: str = ""
    passed_untouched: bool = False  # the receiver let it go on without a message or a step of work
    solved_by_receiver: bool = False  # in the end the receiver delivered it, though perhaps not at this offer


@dataclass(frozen=True)
class Worked:
    """Seconds of work on a day, for a department; negative where an earlier entry was put right."""

    department_id: int
    day: date | None  # none: that of `at`, where the department is
    at: datetime
    seconds: int


@dataclass
class Facts:
    """One request in numbers. The columns of RequestFact bear the same names."""

    customer_id: int
    supplier_id: int  # who holds it now, or held it last
    first_supplier_id: int
    service_id: int | None
    requester_id: int | None
    priority: int
    created_at: datetime
    need_type: str = ""
    customer_kind: str = ""
    channel: str = ""
    confidential: bool = False

    outcome: str = Outcome.OPEN
    responded_at: datetime | None = None
    accepted_at: datetime | None = None
    first_delivered_at: datetime | None = None
    delivered_at: datetime | None = None  # the last delivery, as long as it stands
    verdict_at: datetime | None = None  # the customer's first answer to a delivery
    closed_at: datetime | None = None
    left_at: datetime | None = None  # when the supplier's work ended; none while it is open
    last_event_at: datetime | None = None

    first_response_ws: int | None = None
    first_response_cs: int | None = None
    acceptance_ws: int | None = None
    acceptance_cs: int | None = None
    resolution_ws: int | None = None
    resolution_cs: int | None = None
    full_resolution_ws: int | None = None
    full_resolution_cs: int | None = None
    customer_wait_ws: int | None = None
    customer_wait_cs: int | None = None
    supplier_work_ws: int | None = None
    supplier_work_cs: int | None = None
    waiting_for_customer_ws: int | None = None
    waiting_for_customer_cs: int | None = None
    unowned_ws: int | None = None
    unowned_cs: int | None = None
    acceptance_delay_ws: int | None = None
    acceptance_delay_cs: int | None = None
    # Once delivered, the working time by holder; the five parts make up full_resolution_ws.
    held_by_supplier_ws: int | None = None  # the department that delivered
    held_by_others_ws: int | None = None
    held_by_customer_ws: int | None = None
    held_by_third_party_ws: int | None = None
    held_by_nobody_ws: int | None = None

    response_target: int | None = None
    response_kept: bool | None = None
    response_due_at: datetime | None = None  # only while it can still be kept
    response_breached_at: datetime | None = None
    response_decided_at: datetime | None = None  # when it was kept or became missed
    resolution_target: int | None = None
    resolution_kept: bool | None = None
    resolution_due_at: datetime | None = None
    resolution_breached_at: datetime | None = None
    resolution_decided_at: datetime | None = None

    deliveries: int = 0
    rejected: int = 0
    reopened: int = 0
    accepted_first_time: bool | None = None
    route: list[int] = field(default_factory=list)
    hops: int = 0
    aba: int = 0
    returns: int = 0
    # Each time it went to another department and straight back: [from, to, working seconds until it was back].
    detours: list[list[int]] = field(default_factory=list)
    offers: int = 0
    supplier_messages: int = 0
    customer_messages: int = 0
    round_trips: int = 0
    chasers: int = 0
    one_touch: bool | None = None
    logged_seconds: int = 0  # of work, by whatever department
    holds: int = 0
    customer_holds: int = 0
    late_pauses: int = 0  # pauses begun in the last tenth of the time agreed for the resolution
    hold_reasons: dict[str, list[int]] = field(default_factory=dict)  # reason → [times, ws, cs]

    taken_on_at: datetime | None = None  # accepted, given to somebody, or delivered: whatever came first
    acceptance_kept: bool | None = None  # whether that was in time, where a time was promised
    acceptance_due_at: datetime | None = None

    # Steps in order (codes of Step), and the seconds from each to the next.
    path: list[int] = field(default_factory=list)
    path_ws: list[int] = field(default_factory=list)
    path_cs: list[int] = field(default_factory=list)

    calendar_version_id: int | None = None
    # "stood": [[why, from, to or null]], "levels": [[priority, until]]: for a replay under other terms.
    course: dict[str, list[list]] = field(default_factory=dict)

    invited_at: datetime | None = None
    rated_at: datetime | None = None  # answered; it is in the figures of what was said since `counted_at`
    counted_at: datetime | None = None
    rater_id: int | None = None
    rated_supplier_id: int | None = None
    overall: int | None = None
    reliability: int | None = None
    assurance: int | None = None
    tangibles: int | None = None
    empathy: int | None = None
    responsiveness: int | None = None
    effort: int | None = None

    # What the supplier said about the asking, once.
    asking_at: datetime | None = None
    asking_complete: bool | None = None
    asking_in_time: bool | None = None
    asking_right_place: bool | None = None

    data_quality: str = ""  # "negative": an end lies before its start


@dataclass(frozen=True)
class Folded:
    """The whole result: the numbers, who held it when, each offer, and the work that was logged."""

    facts: Facts
    spans: list[Span]
    offers: list[Offer]
    work: list[Worked] = field(default_factory=list)
