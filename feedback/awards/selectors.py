"""Reading awards: what is open, the hall of fame, the page of one as its reader may see it, what waits for somebody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from feedback.awards import policies
from feedback.awards.days import company_day
from feedback.awards.models import Award, Nomination, Nominee, Programme, Score, Voter
from feedback.awards.states import (
    ANNOUNCED,
    DECIDED,
    FORMULA,
    MEANING,
    NOMINATING,
    OPEN,
    STEPS,
    VOTING,
    Criterion,
    Reason,
    Step,
    Unit,
    Way,
)
from requests_app.org.models import Department, Person

MOST_OPEN, MOST_WON = 30, 5


def awards_for(person: Person) -> QuerySet[Award]:
    """With their programmes, and with those who won in `winners`."""
    winners = Nominee.objects.filter(won=True).select_related("department").order_by("department__name", "pk")
    rows = Award.objects.visible_to(person).select_related("programme")
    return rows.prefetch_related(Prefetch("nominees", winners, to_attr="winners"))


def open_awards(person: Person) -> QuerySet[Award]:
    return awards_for(person).filter(state__in=OPEN).order_by("-pk")[:MOST_OPEN]


def hall_of_fame(person: Person, department: Department | None = None) -> QuerySet[Award]:
    """What was announced; of one department, what it or a part of it won."""
    rows = awards_for(person).filter(state=ANNOUNCED)
    return rows.filter(_won(department)) if department else rows


def _won(department: Department) -> Q:
    won = Nominee.objects.filter(_of(department), won=True)
    return Q(pk__in=won.values("award_id"))


def _of(department: Department) -> Q:
    path = department.path or f"/{department.pk}/"
    return Q(department=department) | Q(department__path__startswith=path)


def prizes_of(person: Person, departments: Sequence[Department]) -> list[int]:
    """How many awards each of them won, in their order; one query."""
    rows = Award.objects.visible_to(person).filter(state=ANNOUNCED).order_by()
    found = rows.aggregate(**{f"n{place}": Count("pk", filter=_won(one)) for place, one in enumerate(departments)})
    return [found[f"n{place}"] for place in range(len(departments))]


def get_award(*, person: Person, pk: int) -> Award:
    found = awards_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_programme(*, person: Person, pk: int) -> Programme:
    policies.require_keep(person)
    found = Programme.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_won(*, person: Person, pk: int) -> Nominee:
    """Who won, once it is announced; for the certificate."""
    rows = Nominee.objects.filter(award__in=Award.objects.visible_to(person).filter(state=ANNOUNCED), won=True)
    found = rows.select_related("award__programme", "department").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Rule:
    """A criterion with its weight as a share of all; the heaviest first."""

    label: str
    formula: str
    weight: int
    share: float


def rules_of(award: Award) -> list[Rule]:
    weights = award.rules["weights"]
    whole, heaviest = sum(weights.values()), sorted(weights.items(), key=lambda one: (-one[1], one[0]))
    return [Rule(str(Criterion(key).label), str(FORMULA[key]), n, n / whole) for key, n in heaviest]


@dataclass(frozen=True)
class Cell:
    """A part of a score as it is told; `is_time`: in hours, else a share."""

    key: str
    label: str
    n: int
    raw: float | None
    value: float | None
    low: float | None
    high: float | None
    z: float
    is_time: bool


@dataclass(frozen=True)
class Line:
    """A unit in the table of scores. `place` None: not eligible; `cells` empty: not for this reader."""

    department: Department
    place: int | None
    score: Score
    reasons: list[str]
    cells: list[Cell]
    own: bool

    @property
    def response(self) -> float | None:
        return self.score.answered / self.score.asked if self.score.asked else None


def lines_of(award: Award, person: Person) -> list[Line]:
    """The table as this reader may see it: all in full, all in outline, or the own units alone. Two queries."""
    scores = list(award.scores.select_related("department").order_by("-bound", "department__name", "pk"))
    own = policies.own_units(person, [score.department_id for score in scores])
    everything, outline = policies.reads_parts(person, award), policies.reads_scores(person)
    eligible = [score.pk for score in scores if not score.reasons]
    lines = []
    for score in sorted(scores, key=lambda score: bool(score.reasons)):
        mine = score.department_id in own
        if mine or everything or outline:
            place = eligible.index(score.pk) + 1 if score.pk in eligible else None
            reasons = [str(Reason(reason).label) for reason in score.reasons]
            cells = _cells(score) if mine or everything else []
            lines.append(Line(score.department, place, score, reasons, cells, mine))
    return lines


def _cells(score: Score) -> list[Cell]:
    return [
        Cell(
            part["key"], str(Criterion(part["key"]).label), part["n"], part["raw"], part["value"], part["low"],
            part["high"], part["z"], part["key"] == Criterion.SPEED,
        )
        for part in score.parts
    ]  # fmt: skip


@dataclass(frozen=True)
class AwardPage:
    """An award as one person sees it. `why_no_vote` says in a sentence why they have none."""

    award: Award
    meaning: str
    rules: list[Rule]
    floors: dict[str, Any]
    unit: str
    lines: list[Line]
    full: bool
    nominees: list[Nominee]
    winners: list[Nominee]
    shows_result: bool
    jury: list[Person]
    pairs: list[tuple[str, str]]
    steps: list[Step]
    may_nominate: bool
    may_vote: bool
    has_voted: bool
    why_no_vote: str

    @property
    def cells(self) -> bool:
        return any(line.cells for line in self.lines)

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.place is None]

    @property
    def ranked(self) -> list[Line]:
        return [line for line in self.lines if line.place is not None]


def award_page(*, person: Person, pk: int, now: datetime) -> AwardPage:
    award, today = get_award(person=person, pk=pk), company_day(now)
    nominees = nominees_of(award)
    ids = [one.department_id for one in nominees]
    own = policies.own_units(person, ids) if award.state == VOTING else frozenset()
    why_not = policies.why_no_vote(person, award, ids, own) if award.state == VOTING else ""
    voting = award.state == VOTING and award.vote_until is not None and today <= award.vote_until
    result, full = policies.reads_result(person, award), policies.reads_parts(person, award)
    has_voted = award.state == VOTING and Voter.objects.filter(award=award, person=person).exists()
    hidden = award.way == Way.FIGURES and not result  # the scores would tell the decision before it is announced
    return AwardPage(
        award=award,
        meaning=MEANING[award.state],
        rules=rules_of(award),
        floors=award.rules["floors"],
        unit=str(Unit(award.rules["unit"]).label),
        lines=[] if hidden else lines_of(award, person),
        full=full,
        nominees=[] if award.way == Way.FIGURES else nominees,
        winners=[one for one in nominees if one.won] if result else [],
        shows_result=result and award.state in (DECIDED, ANNOUNCED),
        jury=[juror.person for juror in award.jurors.select_related("person").order_by("person__name", "pk")],
        pairs=_named(award.pairs) if full else [],
        steps=steps_for(person, award),
        may_nominate=may_nominate(person, award, now),
        may_vote=voting and not why_not and not has_voted,
        has_voted=has_voted,
        why_no_vote=why_not,
    )


def steps_for(person: Person, award: Award) -> list[Step]:
    return [step for step in STEPS.values() if award.state in step.sources] if policies.keeps(person) else []


def may_nominate(person: Person, award: Award, now: datetime) -> bool:
    until = award.nominate_until
    in_time = until is not None and company_day(now) <= until
    return award.state == NOMINATING and in_time and policies.takes_part(person)


def nominees_of(award: Award) -> list[Nominee]:
    said = Nomination.objects.select_related("person").order_by("-at", "-pk")
    rows = award.nominees.select_related("department").prefetch_related(Prefetch("nominations", said))
    return list(rows.order_by("department__name", "pk"))


def _named(pairs: Iterable[Collection[int]]) -> list[tuple[str, str]]:
    wanted = {pk for pair in pairs for pk in pair}
    names = dict(Department.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return [(names.get(one, ""), names.get(other, "")) for one, other in pairs]


def choices_to_nominate(person: Person, award: Award) -> QuerySet[Department]:
    """The units that reach the floors and are not the reader's own."""
    eligible = list(award.scores.filter(reasons=[]).values_list("department_id", flat=True))
    own = policies.own_units(person, eligible)
    return Department.objects.filter(pk__in=set(eligible) - own).order_by("name", "pk")


def choices_to_vote(person: Person, award: Award) -> list[Nominee]:
    nominees = nominees_of(award)
    own = policies.own_units(person, [one.department_id for one in nominees])
    return [one for one in nominees if one.department_id not in own]


@dataclass(frozen=True)
class Waiting:
    """Awards on which somebody has to do something: vote, or announce."""

    to_vote: list[Award]
    to_announce: list[Award]

    @property
    def count(self) -> int:
        return len(self.to_vote) + len(self.to_announce)


def waiting_for(person: Person, now: datetime) -> Waiting:
    """One query where no vote is open."""
    rows = Award.objects.visible_to(person).filter(Q(state=VOTING) | Q(state=DECIDED)).select_related("programme")
    found = list(rows.order_by("vote_until", "pk")[:MOST_OPEN])
    announce = [award for award in found if award.state == DECIDED and policies.keeps(person)]
    today = company_day(now)
    ripe = [one for one in found if one.state == VOTING and one.vote_until is not None and today <= one.vote_until]
    voted = set(Voter.objects.filter(award__in=ripe, person=person).values_list("award_id", flat=True)) if ripe else ()
    return Waiting([award for award in ripe if award.pk not in voted and _votes(person, award)], announce)


def _votes(person: Person, award: Award) -> bool:
    ids = list(award.nominees.values_list("department_id", flat=True))
    return not policies.why_no_vote(person, award, ids, policies.own_units(person, ids))


@dataclass(frozen=True)
class Won:
    rows: list[Nominee]


def won_by(department: Department) -> Won:
    """What the department, or a team of it, won, newest first."""
    rows = Nominee.objects.filter(_of(department), won=True, award__state=ANNOUNCED)
    return Won(list(rows.select_related("award__programme", "department").order_by("-award__last", "-pk")[:MOST_WON]))
