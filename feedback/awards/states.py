"""Awards: how they live, what they are given for, who wins. Pure: no query; docs/statistics.md says it in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_NAME, LONGEST_TEXT, LONGEST_REASON = 200, 10_000, 2_000
MOST_WEIGHT, LONGEST_DAYS = 100, 366
# SECURITY: below these nothing is made of votes. With them no single voter, who knows one vote and the outcome, can
# tell how anybody else voted: of five, the winner has at most three of the four others for sure. Counts are told to
# nobody, not even later: one vote against four would say how the four voted, and hiding only such counts says as much.
FEWEST_VOTES, FEWEST_JURORS, FEWEST_STAFF = 5, 5, 10
FROM_FIGURES = 3  # how many the figures nominate
ENOUGH_CHANCE, MOST_JOINT = 0.8, 3
METHOD = "1"  # how scores are made of figures; kept with each award


class Unit(models.TextChoices):
    """A team is a department below another one; the figures of a department hold those of its teams."""

    DEPARTMENT = "department", _("Departments")
    TEAM = "team", _("Teams (departments below another)")


class Way(models.TextChoices):
    FIGURES = "figures", _("The figures alone")
    STAFF = "staff", _("A vote of all staff")
    JURY = "jury", _("A vote of the jury")


class Tie(models.TextChoices):
    JOINT = "joint", _("They win together")
    FIGURES = "figures", _("The better score wins")


class State(models.TextChoices):
    NOMINATING = "nominating", _("Open for nominations")
    VOTING = "voting", _("Being voted on")
    DECIDED = "decided", _("Decided, not announced yet")
    ANNOUNCED = "announced", _("Announced")
    CANCELLED = "cancelled", _("Cancelled")


NOMINATING, VOTING, DECIDED, ANNOUNCED, CANCELLED = State.values
OPEN = (NOMINATING, VOTING, DECIDED)
MEANING = {NOMINATING: "info", VOTING: "info", DECIDED: "warn", ANNOUNCED: "good", CANCELLED: ""}


class Outcome(models.TextChoices):
    WINNER = "winner", _("One winner")
    JOINT = "joint", _("Joint winners")
    NONE = "none", _("No distinguishable winner")


class How(models.TextChoices):
    """By what it was decided in the end."""

    FIGURES = "figures", _("by the figures")
    VOTE = "vote", _("by the vote")
    FEW = "few", _("by the figures, as too few could vote or did")


@dataclass(frozen=True)
class Step:
    """What an administrator does with an award; the first two also happen by themselves, on their day."""

    name: str
    sources: frozenset[str]
    words: Promise
    event: str


STEPS = {
    step.name: step
    for step in (
        Step("start_vote", frozenset({NOMINATING}), _("Begin the vote now"), "award.vote_opened"),
        Step("count", frozenset({VOTING}), _("End the vote and count"), "award.decided"),
        Step("announce", frozenset({DECIDED}), _("Announce it"), "award.announced"),
        Step("cancel", frozenset(OPEN), _("Cancel the award"), "award.cancelled"),
    )
}


class Criterion(models.TextChoices):
    """What an award can be given for."""

    SATISFIED = "satisfied", _("Satisfied customers")
    KEPT = "kept", _("Agreement kept")
    ANSWERED = "answered", _("Response as agreed")
    FIRST_TIME = "first_time", _("Accepted first time")
    SPEED = "speed", _("Quick solution")
    PRAISED = "praised", _("Praise")


FORMULA: dict[str, Promise] = {
    Criterion.SATISFIED: _("Ratings of 4 or 5, of all ratings by other departments."),
    Criterion.KEPT: _("Delivered within the agreed time, of all requests with a target that was due."),
    Criterion.ANSWERED: _("Answered within the agreed time, of all requests with a target that was due."),
    Criterion.FIRST_TIME: _("Deliveries accepted without being sent back, of all that got an answer."),
    Criterion.SPEED: _("Typical working time to the first delivery: the geometric mean, shorter is better."),
    Criterion.PRAISED: _("People of other departments who praised, of all who asked for something; each counts once."),
}


class Reason(models.TextChoices):
    """Why somebody is not eligible."""

    FEW = "few", _("too few requests")
    MANY = "many", _("too many requests for this category")
    SILENT = "silent", _("too few ratings were given")
    COMPLAINT = "complaint", _("a critical complaint is open")
    FLAGS = "flags", _("too many requests with doubtful times")


@dataclass(frozen=True)
class Floors:
    """What a unit has to reach to take part. Percentages are whole numbers; `most_requests` None: no upper bound."""

    fewest_requests: int = 30
    fewest_response: int = 20
    most_flagged: int = 5
    most_requests: int | None = None

    def missed(self, seen: "Seen") -> tuple[str, ...]:
        """The floors that are not reached. Flags have to stay below their share."""
        found = [
            (seen.n < self.fewest_requests, Reason.FEW),
            (self.most_requests is not None and seen.n > self.most_requests, Reason.MANY),
            (not seen.asked or 100 * seen.answered < self.fewest_response * seen.asked, Reason.SILENT),
            (seen.complaints > 0, Reason.COMPLAINT),
            (seen.n > 0 and 100 * seen.flagged >= self.most_flagged * seen.n, Reason.FLAGS),
        ]
        return tuple(str(reason.value) for missed, reason in found if missed)


@dataclass(frozen=True)
class Seen:
    """How much is known of a unit: requests delivered, ratings asked for and given, doubtful times, open complaints."""

    n: int = 0
    asked: int = 0
    answered: int = 0
    flagged: int = 0
    complaints: int = 0


@dataclass(frozen=True)
class Part:
    """One criterion of one unit: `raw` as counted, `value` pulled toward all with its 95 % interval.

    `z` is how far the value is above all, in standard deviations between units; `n` 0: nothing known.
    """

    key: str
    n: int
    raw: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    z: float = 0.0


@dataclass(frozen=True)
class Scored:
    """A unit as it was judged. `bound` is what its true score is below with 5 %; `reasons` empty: eligible."""

    department_id: int
    seen: Seen
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    low: float = 0.0
    high: float = 0.0
    bound: float = 0.0
    chance: float = 0.0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Result:
    """All units; and the pairs who gave each other nothing but the best, far above what others give."""

    scored: list[Scored] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)


def in_order(scored: Collection[Scored]) -> list[Scored]:
    """The eligible ones, by the cautious bound, best first: whoever is little known does not lead by chance."""
    return sorted((one for one in scored if not one.reasons), key=lambda one: (-one.bound, one.department_id))


Decision = tuple[str, list[int]]


def decided_by_figures(chances: Mapping[int, float]) -> Decision:
    """One winner from a chance of 80 % of being the best; else those who reach it together; else nobody.

    At most three win together, and never all: then they cannot be told apart.
    """
    reached, found = 0.0, []
    for key in sorted(chances, key=lambda one: (-chances[one], one)):
        found.append(key)
        reached += chances[key]
        if reached >= ENOUGH_CHANCE:
            break
    if reached >= ENOUGH_CHANCE and len(found) == 1:
        return Outcome.WINNER, found
    if reached >= ENOUGH_CHANCE and len(found) <= MOST_JOINT and len(found) < len(chances):
        return Outcome.JOINT, found
    return Outcome.NONE, []


def decided_by_votes(votes: Mapping[int, int], scores: Mapping[int, float], tie: str) -> Decision:
    """The most votes win. Equal ones win together, up to three; or by their score, where the rule is that."""
    most = max(votes.values(), default=0)
    found = sorted(key for key, n in votes.items() if n == most and n)
    if len(found) > 1 and tie == Tie.FIGURES:
        best = max(scores.get(key, 0.0) for key in found)
        found = [key for key in found if scores.get(key, 0.0) == best]
    if len(found) == 1:
        return Outcome.WINNER, found
    if found and len(found) <= MOST_JOINT:
        return Outcome.JOINT, found
    return Outcome.NONE, []
