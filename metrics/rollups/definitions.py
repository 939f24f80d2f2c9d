"""Every figure as data: what it counts, on which day, for whom. One engine fills them all.

`value` is SQL over a row of facts (or offers): a whole number, or NULL where the figure does not apply. A share sums
ones over all applicable rows; durations are whole seconds, negative ones are left out. `anchor` names the instant by
whose date a row belongs to a day. A new figure is a new entry here and `manage.py recompute`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import HoldReason
from requests_app.catalogue.states import NeedType

FEWEST_FOR_A_SHARE = 10
FEWEST_RESPONDENTS = 5
FEWEST_IN_A_CELL = 5  # durations and means of a pair of departments


class Unit(StrEnum):
    SECONDS = "seconds"
    SHARE = "share"
    MEAN = "mean"
    COUNT = "count"
    SCORE = "score"


class Direction(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True)
class Definition:
    key: str
    label: Promise | str
    formula: Promise | str
    unit: Unit
    direction: Direction
    anchor: str
    value: str = ""
    calendar: str = ""  # the same in calendar time
    source: str = "fact"
    supplier: str = "supplier_id"
    target: float | None = None
    personal: bool = False  # what people answered: hidden below five respondents
    fine: bool = False  # also counted ahead by service and by priority
    by_line: bool = False  # also counted ahead by pair and service
    headline: str = ""  # which number stands for the figure; by its unit if empty
    open_due: str = ""  # column: rows still open past this instant are misses too

    @property
    def is_duration(self) -> bool:
        return self.unit == Unit.SECONDS and self.headline != "mean"

    @property
    def is_snapshot(self) -> bool:
        return self.anchor == "snapshot"

    @property
    def fewest(self) -> int:
        """With fewer values in a cell between two departments than this, only n is shown."""
        if self.personal:
            return FEWEST_RESPONDENTS
        return {Unit.SHARE: FEWEST_FOR_A_SHARE, Unit.COUNT: 0}.get(self.unit, FEWEST_IN_A_CELL)


def _duration(key: str, column: str, anchor: str, label: Promise | str, formula: Promise | str, **more) -> Definition:  # type: ignore[no-untyped-def]
    return Definition(
        key, label, formula, Unit.SECONDS, more.pop("direction", Direction.LOWER), anchor,
        value=more.pop("value", f"f.{column}_ws"), calendar=more.pop("calendar", f"f.{column}_cs"), **more,
    )  # fmt: skip


def _share(key: str, value: str, anchor: str, label: Promise | str, formula: Promise | str, **more) -> Definition:  # type: ignore[no-untyped-def]
    direction = more.pop("direction", Direction.HIGHER)
    return Definition(key, label, formula, Unit.SHARE, direction, anchor, value=value, **more)


def _mean(key: str, value: str, anchor: str, label: Promise | str, formula: Promise | str, **more) -> Definition:  # type: ignore[no-untyped-def]
    direction = more.pop("direction", Direction.LOWER)
    return Definition(key, label, formula, more.pop("unit", Unit.MEAN), direction, anchor, value=value, **more)


def _count(key: str, anchor: str, label: Promise | str, formula: Promise | str, **more) -> Definition:  # type: ignore[no-untyped-def]
    return Definition(key, label, formula, Unit.COUNT, Direction.NEITHER, anchor, value=more.pop("value", "1"), **more)


def _held(key: str, label: Promise | str, formula: Promise | str) -> Definition:
    return Definition(
        key,
        label,
        formula,
        Unit.SECONDS,
        Direction.NEITHER,
        "delivered",
        value=f"f.{key}_ws",
        fine=True,
        headline="mean",
    )


def _rated(key: str, column: str, label: Promise | str, formula: Promise | str) -> Definition:
    return Definition(
        key, label, formula, Unit.SCORE, Direction.HIGHER, "rated", value=f"f.{column}",
        supplier="rated_supplier_id", personal=True, target=4.3 if column == "overall" else None,
    )  # fmt: skip


def _answered(outcome: str) -> str:
    """One for an answered offer that ended this way, zero for one that ended otherwise."""
    return f"CASE WHEN f.outcome NOT IN ('withdrawn', 'open') THEN (f.outcome = '{outcome}')::int END"


_DEFINITIONS = [
    # ── Response time ────────────────────────────────────────────────────────
    _duration("first_response_time", "first_response", "responded", _("First response"),
              _("Working time from filing to the first reply by a person, or to acceptance if that comes first. "
                "Requests first answered in the period."), fine=True),
    _duration("acceptance_time", "acceptance", "accepted", _("Time to acceptance"),
              _("Working time from filing until a department accepts the request. Requests accepted in the period.")),
    _share("response_kept", "f.response_kept::int", "response_decided", _("Response as agreed"),
           _("Answered within the agreed time, of all whose answer was due. Open requests past their time count "
             "as missed; those without a target do not count."), target=0.95, fine=True, open_due="response_due_at"),
    # ── Solving ──────────────────────────────────────────────────────────────
    _duration("resolution_time", "resolution", "first_delivered", _("Resolution"),
              _("Working time from filing to the first delivery, waiting included. Requests first delivered in the "
                "period."), fine=True),
    _duration("full_resolution_time", "full_resolution", "delivered", _("Full resolution"),
              _("Working time from filing to the last delivery, whatever was sent back or reopened in between.")),
    _share("resolution_kept", "f.resolution_kept::int", "resolution_decided", _("Agreement kept"),
           _("Delivered within the agreed time, of all whose delivery was due. Waiting for the customer does not count "
             "as time used; open requests past their time count as missed; those without a target do not count."),
           target=0.92, fine=True, open_due="resolution_due_at"),
    _share("accepted_first_time", "f.accepted_first_time::int", "verdict", _("Accepted first time"),
           _("Deliveries accepted without being sent back, of all first deliveries that got an answer in the period. "
             "No answer in time counts as accepted."), target=0.95, fine=True),
    _share("reopen_rate", "(f.reopened > 0)::int", "first_delivered", _("Reopened"),
           _("Requests reopened at least once, of those first delivered in the period."), direction=Direction.LOWER),
    _share("rework_rate", "(f.reopened > 0 OR f.rejected > 0)::int", "first_delivered", _("Rework"),
           _("Requests sent back or reopened at least once, of those first delivered in the period."),
           direction=Direction.LOWER),
    _share("solved_by_first_department", "(f.hops = 0)::int", "first_delivered", _("Solved by the first department"),
           _("Requests that never went to another department, of those first delivered in the period.")),
    _share("one_touch", "f.one_touch::int", "first_delivered", _("Solved in one go"),
           _("Delivered with at most one public reply, without handoff, return or reopening.")),
    _count("throughput", "delivered", _("Delivered"), _("Requests delivered in the period whose delivery stands."),
           fine=True),
    _count("created", "created", _("Requests"), _("Requests filed in the period."), fine=True,
           by_line=True),
    # ── Who held the time ────────────────────────────────────────────────────
    _duration("customer_wait_time", "customer_wait", "delivered", _("Customer waited"),
              _("Working time from filing to delivery without the time the customer itself was asked to answer or to "
                "judge a delivery.")),
    _duration("supplier_work_time", "supplier_work", "delivered", _("At work"),
              _("Working time that a request was new or at work, holds left out.")),
    _duration("waiting_for_customer_time", "waiting_for_customer", "created", _("Waited for the customer"),
              _("Working time on hold for the customer's answer, of requests filed in the period that had to wait."),
              direction=Direction.NEITHER),
    _duration("unowned_time", "unowned", "accepted", _("Nobody's yet"),
              _("Working time before any department had accepted the request.")),
    _held("held_by_supplier", _("Held by the supplier"),
          _("Mean working time a delivered request was held by the department that delivered it.")),
    _held("held_by_others", _("Held by other departments"),
          _("Mean working time a delivered request was held by departments other than the one that delivered it.")),
    _held("held_by_customer", _("Held by the customer"),
          _("Mean working time a delivered request waited for the customer's answer or verdict.")),
    _held("held_by_third_party", _("Held by an outside party"),
          _("Mean working time a delivered request waited for somebody outside the company.")),
    _held("held_by_nobody", _("Held by nobody yet"),
          _("Mean working time a delivered request waited to be accepted.")),
    # ── Resource use ─────────────────────────────────────────────────────────
    _share("work_coverage", "(f.logged_seconds > 0)::int", "delivered", _("Requests with time logged"),
           _("Delivered requests for which any time was logged, of all delivered in the period. The less it is, the "
             "less the load says.")),
    _mean("logged_per_request", "CASE WHEN f.logged_seconds > 0 THEN f.logged_seconds END", "delivered",
          _("Time logged per request"),
          _("Mean time logged for a delivered request, by all departments; requests without any are left out."),
          direction=Direction.NEITHER, unit=Unit.SECONDS, headline="mean"),
    # ── Communication ────────────────────────────────────────────────────────
    _mean("round_trips", "f.round_trips", "delivered", _("Questions back"),
          _("Mean number of questions of the supplier that the customer answered, per delivered request.")),
    _mean("chaser_rate", "f.chasers", "delivered", _("Chasers"),
          _("Mean number of messages of the customer while the supplier was to act and had not written since, per "
            "delivered request.")),
    _duration("answer_delay", "", "created", _("Time to answer questions"),
              _("Working time the customer took to answer, per wait; of requests filed in the period that "
                "had to wait."),
              value="f.waiting_for_customer_ws / nullif(f.customer_holds, 0)",
              calendar="f.waiting_for_customer_cs / nullif(f.customer_holds, 0)"),
    _duration("acceptance_delay", "acceptance_delay", "verdict", _("Time to accept a delivery"),
              _("Working time from the first delivery to the customer's first answer, or to closing without one.")),
    _share("asking_quality", "(f.customer_holds = 0 AND f.round_trips = 0)::int", "delivered", _("Complete requests"),
           _("Delivered requests about which the supplier had nothing to ask.")),
    _mean("handoffs_mean", "f.hops", "created", _("Handoffs"),
          _("Mean number of changes of department, of requests filed in the period, open ones included."), fine=True),
    _share("bounce_rate", "(f.returns > 0)::int", "first_delivered", _("Bounces"),
           _("Requests that came back to a department that had had them before, of those first delivered in the "
             "period."),
           direction=Direction.LOWER, target=0.04, fine=True),
    _share("ping_pong", "(f.aba > 0)::int", "created", _("Ping-pong"),
           _("Requests that went to another department and straight back, of those filed in the period."),
           direction=Direction.LOWER, fine=True),
    _mean("bounces_mean", "f.aba", "created", _("Straight returns"),
          _("Mean number of times a request went to another department and straight back.")),
    _mean("returns_mean", "f.returns", "created", _("Returns"),
          _("Mean number of times a request came back to a department that had had it before.")),
    _mean("customer_holds_mean", "f.customer_holds", "created", _("Waits for the customer"),
          _("Mean number of times a request was put on hold for the customer.")),
    _share("late_pauses", "CASE WHEN f.customer_holds > 0 THEN (f.late_pauses > 0)::int END", "created",
           _("Paused at the last moment"),
           _("Requests paused for the customer in the last tenth of the time agreed, of those that were put on hold "
             "for the customer. Filed in the period."), direction=Direction.LOWER),
    _count("handoffs_offered", "offered", _("Handoffs offered"),
           _("Handoffs offered to the department in the period, those taken back left out."), source="offer",
           supplier="receiver_id", value="CASE WHEN f.outcome <> 'withdrawn' THEN 1 END"),
    _share("handoff_accept_rate", _answered("accepted"), "offered", _("Handoffs accepted"),
           _("Handoffs accepted, of those offered to the department and answered."),
           source="offer", supplier="receiver_id"),
    _share("handoff_declined_rate",
           _answered("declined"),
           "offered", _("Handoffs given back"),
           _("Handoffs declined, of those offered to the department and answered."),
           source="offer", supplier="receiver_id", direction=Direction.LOWER),
    _share("handoff_bounce_rate",
           _answered("bounced"),
           "offered", _("Handoffs passed on"),
           _("Handoffs that went to a third department without being accepted, of those offered and answered."),
           source="offer", supplier="receiver_id", direction=Direction.LOWER),
    _share("passed_on_untouched",
           "CASE WHEN f.outcome IN ('accepted', 'bounced') THEN f.passed_untouched::int END",
           "offered", _("Passed on untouched"),
           _("Handoffs that the department passed on to another one without a message, a note or a step of work of its "
             "own, of those that came to it. Requests filed with it directly are left out: to send on what was "
             "wrongly addressed is help."),
           source="offer", supplier="receiver_id", direction=Direction.LOWER),
    _share("wrongly_declined",
           "CASE WHEN f.outcome = 'declined' THEN f.solved_by_receiver::int END",
           "offered", _("Given back, yet solved here"),
           _("Requests that the department in the end delivered itself, of the handoffs it had given back."),
           source="offer", supplier="receiver_id", direction=Direction.LOWER),
    _duration("handoff_accept_time", "", "offered", _("Time to accept a handoff"),
              _("Working time from a handoff's offer to its acceptance."), source="offer", supplier="receiver_id",
              value="CASE WHEN f.outcome = 'accepted' THEN f.latency_ws END",
              calendar="CASE WHEN f.outcome = 'accepted' THEN f.latency_cs END"),
    # ── Quality as the customers see it ──────────────────────────────────────
    _share("csat", "(f.overall >= 4)::int", "rated", _("Satisfied"),
           _("Ratings of 4 or 5, of all that began to count in the period."), supplier="rated_supplier_id",
           personal=True, target=0.85),
    _rated("rating_mean", "overall", _("Satisfaction"),
           _("Mean of the overall ratings, 1 to 5, that began to count in the period.")),
    _share("rating_response_rate", "(f.rated_at IS NOT NULL)::int", "invited", _("Ratings given"),
           _("Ratings given, of the invitations sent in the period.")),
    *[
        _rated(f"dimension_{column}", column, label, _("Mean rating of this dimension, 1 to 5."))
        for column, label in [
            ("reliability", _("Reliability")), ("assurance", _("Assurance")), ("tangibles", _("Tangibles")),
            ("empathy", _("Empathy")), ("responsiveness", _("Responsiveness")),
        ]
    ],
    _rated("effort", "effort", _("Effort"), _("Mean answer to how easy it was, 1 to 5.")),
    # ── How the customers ask, in the words of the suppliers ─────────────────
    _share("asked_well", "(f.asking_complete AND f.asking_in_time AND f.asking_right_place)::int", "asking",
           _("Asked well"), _("Requests of which the supplier says that they were complete, came in time and to the "
                              "right department, of all of which it said how they were asked in the period.")),
    _share("asked_completely", "f.asking_complete::int", "asking", _("Asked completely"),
           _("Requests with everything that was needed, of all of which the supplier said how they were asked.")),
    _share("asked_in_time", "f.asking_in_time::int", "asking", _("Asked in time"),
           _("Requests that came early enough, of all of which the supplier said how they were asked.")),
    _share("asked_in_the_right_place", "f.asking_right_place::int", "asking", _("Asked in the right place"),
           _("Requests that came to the right department, of all of which the supplier said how they were asked.")),
    # ── Open work, as it stands at the end of the period ─────────────────────
    Definition("backlog", _("Backlog"), _("Open requests at the end of the period, or now if that is earlier."),
               Unit.COUNT, Direction.LOWER, "snapshot"),
    Definition("backlog_age", _("Age of the backlog"), _("Calendar time since filing, of the requests still open."),
               Unit.SECONDS, Direction.LOWER, "snapshot"),
    Definition("overdue_open", _("Overdue"), _("Open requests past their agreed time, of all open ones with a target."),
               Unit.SHARE, Direction.LOWER, "snapshot"),
    Definition("stale_open", _("Without word"),
               _("Open requests on which nothing happened for five days, of all open ones."),
               Unit.SHARE, Direction.LOWER, "snapshot"),
    Definition("load_per_agent", _("Open per agent"), _("Open requests, divided by the department's agents and heads."),
               Unit.MEAN, Direction.NEITHER, "snapshot"),
]  # fmt: skip

DEFINITIONS: dict[str, Definition] = {definition.key: definition for definition in _DEFINITIONS}
# Flows that only the backlog's history needs: what left the backlog on a day.
_LEFT = _count("left", "left", "", "")
# How long it took, by the day of filing: together with what is still open, the whole of what was filed.
_OF_FILED = [
    _duration(f"filed_{name}", "", "created", "", "", calendar="",
              value=f"CASE WHEN f.{name}_ws >= 0 THEN f.{name}_ws END")
    for name in ("resolution", "first_response")
]  # fmt: skip
# What pages tell apart of what was filed: types of need, and how often it waited for each reason.
_APART = [
    *[_count(f"need_{kind}", "created", "", "", value=f"CASE WHEN f.need_type = '{kind}' THEN 1 END")
      for kind in NeedType.values],
    *[_mean(f"held_for_{reason}", f"(f.hold_reasons -> '{reason}' ->> 0)::int", "created", "", "")
      for reason in HoldReason.values],
]  # fmt: skip
COUNTED: dict[str, Definition] = {
    **{key: definition for key, definition in DEFINITIONS.items() if not definition.is_snapshot},
    **{definition.key: definition for definition in [_LEFT, *_OF_FILED, *_APART]},
}


@cache
def anchors() -> dict[str, list[Definition]]:
    """The counted figures by anchor."""
    found: dict[str, list[Definition]] = {}
    for definition in COUNTED.values():
        found.setdefault(definition.anchor, []).append(definition)
    return found
