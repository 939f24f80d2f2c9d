"""The life of an award: nominating, voting in secret, counting, announcing, cancelling; the award is locked first."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.awards import policies
from feedback.awards.days import company_day
from feedback.awards.models import Award, Nomination, Nominee, Tally, Voter
from feedback.awards.states import (
    ANNOUNCED,
    CANCELLED,
    DECIDED,
    FEWEST_JURORS,
    FEWEST_STAFF,
    FEWEST_VOTES,
    LONGEST_REASON,
    NOMINATING,
    STEPS,
    VOTING,
    Decision,
    How,
    State,
    Way,
    decided_by_figures,
    decided_by_votes,
)
from feedback.awards.voters import count_voters
from requests_app.events.services import record
from requests_app.kernel.errors import DomainError, IllegalMove, WrongInput, require_text
from requests_app.kernel.formats import day
from requests_app.org.models import Department, Person


def lock_award(pk: int) -> Award:
    return Award.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)


def record_step(kind: str, award: Award, by: Person | None, at: datetime, more: dict[str, Any]) -> None:
    data = {"programme": award.programme_id} | more
    record(kind=kind, subject_kind="award", subject_id=award.pk, by=by, at=at, data=data)


# ── Nominating ───────────────────────────────────────────────────────────────


@transaction.atomic
def nominate(
    *, by: Person, award: Award, department: Department, reason: str, now: datetime | None = None
) -> Nomination:
    """Say why a unit should win; said again it replaces one's earlier words. Only those who reach the floors."""
    now = now or timezone.now()
    award = lock_award(award.pk)
    policies.require_nominate(by, department.pk)
    _require_open(award, NOMINATING, award.nominate_until, now, _("Nominations ended on %(day)s."))
    score = award.scores.filter(department=department).first()
    if score is None:
        raise WrongInput({"department": [_("This award is not for it. Choose one from the list.")]})
    if score.reasons:
        raise WrongInput({"department": [_("It does not reach the floors of this award; the page says which.")]})
    reason = require_text("reason", reason, longest=LONGEST_REASON)
    nominee, _made = Nominee.objects.get_or_create(award=award, department=department)
    row, _new = Nomination.objects.update_or_create(
        nominee=nominee, person=by, defaults={"reason": reason, "at": now}
    )  # fmt: skip
    record_step("award.nominated", award, by, now, {"department": department.pk})
    return row


def _require_open(award: Award, state: str, until: date | None, now: datetime, ended: str) -> None:
    if award.state != state:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": award.get_state_display()}
        )
    if until is not None and company_day(now) > until:
        raise IllegalMove(ended % {"day": day(until)})


# ── Voting ───────────────────────────────────────────────────────────────────


@transaction.atomic
def cast_vote(*, by: Person, award: Award, nominee_id: int, now: datetime | None = None) -> None:
    """One secret vote, which nobody can change, not even who cast it.

    SECURITY: no event, no time, no idempotency key, and one statement that writes all tallies of the award anew:
    whatever is read of the rows afterwards, of their order or of their transaction ids, is the same for each choice.
    """
    now = now or timezone.now()
    award = lock_award(award.pk)
    _require_open(award, VOTING, award.vote_until, now, _("The vote ended on %(day)s."))
    nominees = dict(award.nominees.order_by("pk").values_list("pk", "department_id"))
    if nominee_id not in nominees:
        raise WrongInput({"nominee": [_("Choose one of the nominated.")]})
    policies.require_vote(by, award, nominees.values(), nominees[nominee_id])
    if Voter.objects.filter(award=award, person=by).exists():
        raise IllegalMove(_("You have voted already. As the vote is secret, it cannot be changed."))
    Voter.objects.create(award=award, person=by)
    one_more = Case(When(nominee_id=nominee_id, then=Value(1)), default=Value(0))
    Tally.objects.filter(nominee__award=award).update(votes=F("votes") + one_more)


# ── Steps ────────────────────────────────────────────────────────────────────


@transaction.atomic
def take_step(*, by: Person, award: Award, name: str, note: str = "", now: datetime | None = None) -> Award:
    """Begin the vote, count, announce or cancel; cancelling says why."""
    policies.require_keep(by)
    step = STEPS.get(name)
    if step is None:
        error = DomainError(_("There is no such step. The steps are: %(moves)s.") % {"moves": ", ".join(STEPS)})
        error.code, error.status = "unknown_action", 400
        raise error
    now, award = now or timezone.now(), lock_award(award.pk)
    if award.state not in step.sources:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": award.get_state_display()}
        )
    if name == "cancel":
        _cancel(award, by, require_text("note", note, longest=LONGEST_REASON), now)
    elif name == "announce":
        _announce(award, by, now)
    elif name == "count":
        decide(award, by, now)
    else:
        _begin_vote(award, by, now)
    return award


def _begin_vote(award: Award, by: Person | None, now: datetime) -> None:
    """Where too few could vote for it to stay secret, the figures decide among the nominated."""
    fewest = FEWEST_JURORS if award.way == Way.JURY else FEWEST_STAFF
    if count_voters(award, fewest) < fewest:
        decide(award, by, now)
        return
    award.state = VOTING
    award.save(update_fields=["state"])
    Tally.objects.bulk_create(Tally(nominee=one) for one in award.nominees.order_by("pk"))
    record_step("award.vote_opened", award, by, now, {})


def decide(award: Award, by: Person | None, now: datetime) -> None:
    """Who wins; what was counted is forgotten. Inside the caller's transaction, the award locked."""
    award.how, (award.outcome, winners) = _decision(award)
    award.state, award.decided_at = DECIDED, now
    award.save(update_fields=["how", "outcome", "state", "decided_at"])
    for pk in winners:
        Nominee.objects.update_or_create(award=award, department_id=pk, defaults={"won": True})
    _forget_votes(award)
    record_step("award.decided", award, by, now, {"outcome": str(award.outcome), "how": str(award.how)})


def _decision(award: Award) -> tuple[str, Decision]:
    eligible = {row.department_id: row for row in award.scores.filter(reasons=[])}
    if award.way == Way.FIGURES:
        return How.FIGURES, decided_by_figures({pk: row.chance for pk, row in eligible.items()})
    votes = dict(Tally.objects.filter(nominee__award=award).values_list("nominee__department_id", "votes"))
    if sum(votes.values()) >= FEWEST_VOTES:
        scores = {pk: row.score for pk, row in eligible.items()}
        return How.VOTE, decided_by_votes(votes, scores, award.rules["tie"])
    nominated = award.nominees.values_list("department_id", flat=True)
    return How.FEW, decided_by_figures({pk: eligible[pk].chance for pk in nominated})


def _forget_votes(award: Award) -> None:
    """SECURITY: after the count, and when it is cancelled, nothing of the vote is left but the outcome."""
    Voter.objects.filter(award=award).delete()
    Tally.objects.filter(nominee__award=award).delete()


def _announce(award: Award, by: Person, now: datetime) -> None:
    award.state, award.announced_at = ANNOUNCED, now
    award.save(update_fields=["state", "announced_at"])
    winners = list(award.nominees.filter(won=True).order_by("pk").values_list("department_id", flat=True))
    record_step("award.announced", award, by, now, {"outcome": award.outcome, "winners": winners})


def _cancel(award: Award, by: Person, note: str, now: datetime) -> None:
    before, award.state, award.note = award.state, CANCELLED, note
    award.save(update_fields=["state", "note"])
    award.nominees.update(won=False)
    _forget_votes(award)
    record_step("award.cancelled", award, by, now, {"before": State(before).value, "note": note})


def move_on(*, now: datetime | None = None) -> int:
    """What falls due by day: a vote begins after the last day of nominations and is counted after its own."""
    now = now or timezone.now()
    today = company_day(now)
    ripe = Award.objects.filter(state=NOMINATING, nominate_until__lt=today)
    ripe |= Award.objects.filter(state=VOTING, vote_until__lt=today)
    return sum(_move_on(pk, today, now) for pk in ripe.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _move_on(pk: int, today: date, now: datetime) -> bool:
    award = lock_award(pk)
    if award.state == NOMINATING and award.nominate_until and award.nominate_until < today:
        _begin_vote(award, None, now)
    elif award.state == VOTING and award.vote_until and award.vote_until < today:
        decide(award, None, now)
    else:
        return False
    return True
