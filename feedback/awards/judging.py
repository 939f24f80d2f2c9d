"""Opening an award: units are judged by the figures of its days, and everything that made the scores is kept."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.awards import policies, services
from feedback.awards.days import company_day
from feedback.awards.keeping import floors_of, weights_of
from feedback.awards.models import Award, Juror, Nominee, Programme, Score
from feedback.awards.registry import Asked, judged
from feedback.awards.states import (
    FEWEST_JURORS,
    FROM_FIGURES,
    LONGEST_DAYS,
    METHOD,
    NOMINATING,
    Result,
    Scored,
    Way,
    in_order,
)
from feedback.awards.units import complaints_of, praise_of, units_of
from requests_app.kernel.errors import DomainError, IllegalMove, WrongInput
from requests_app.org.models import Person

SEEDS = 2**53  # what JSON and JavaScript keep exactly


@transaction.atomic
def open_award(
    *,
    by: Person,
    programme: Programme,
    first: date,
    last: date,
    nominate_until: date | None = None,
    vote_until: date | None = None,
    seed: int | None = None,
    now: datetime | None = None,
) -> Award:
    """Judge the units over the days, nominate the best by figures, and open it for nominations.

    Where the figures alone decide it is decided at once. WrongInput names the field; DomainError when fewer than two
    units reach the floors.
    """
    policies.require_keep(by)
    now = now or timezone.now()
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if not programme.is_active:
        raise IllegalMove(_("This programme has ended. Let it go on first, then open an award."))
    figures = programme.way == Way.FIGURES
    if figures:
        nominate_until = vote_until = None
    _check(programme, first, last, nominate_until, vote_until, company_day(now))
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    result = judged(_asked(programme, first, last, seed))
    best = in_order(result.scored)
    if len(best) < 2:
        raise DomainError(
            _("Fewer than two reach the floors in these days, so nobody could be told apart. Choose a longer stretch, "
              "or lower the floors of the programme.")
        )  # fmt: skip
    award = _keep(programme, result, first=first, last=last, nominate_until=nominate_until, vote_until=vote_until,
                  seed=seed, opened_at=now)  # fmt: skip
    services.record_step("award.opened", award, by, now, {"way": award.way})
    if figures:
        services.decide(award, by, now)
    return award


def _check(
    programme: Programme, first: date, last: date, nominate_until: date | None, vote_until: date | None, today: date
) -> None:
    voted = programme.way != Way.FIGURES
    few = programme.way == Way.JURY and programme.jury.count() < FEWEST_JURORS
    faults = [
        ("last", last < first, _("It ends before it begins.")),
        ("last", last >= today, _("These days are not over yet. Choose a day before today.")),
        ("first", (last - first).days >= LONGEST_DAYS, _("At most a year is judged at once. Begin later.")),
        ("nominate_until", voted and (nominate_until is None or nominate_until < today),
         _("Give a day from today on.")),
        ("vote_until", voted and (vote_until is None or nominate_until is None or vote_until <= nominate_until),
         _("Give a day after the last one for nominations.")),
        ("first", few, _("The jury has too few people. Name them in the programme first.")),
    ]  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for name, is_wrong, words in faults:
        if is_wrong:
            wrong.setdefault(name, []).append(words)
    if wrong:
        raise WrongInput(wrong)


def _asked(programme: Programme, first: date, last: date, seed: int) -> Asked:
    units = units_of(programme.unit)
    return Asked(
        units=units,
        first=first,
        last=last,
        weights=weights_of(programme),
        floors=floors_of(programme),
        praise=praise_of(units, first, last),
        complaints=complaints_of(units),
        seed=seed,
    )


def _keep(programme: Programme, result: Result, **values: Any) -> Award:
    rules = {"unit": programme.unit, "tie": programme.tie, "weights": weights_of(programme)}
    rules |= {"floors": asdict(floors_of(programme))}
    award = Award(programme=programme, way=programme.way, rules=rules, method=METHOD, state=NOMINATING, **values)
    award.pairs = [list(pair) for pair in result.pairs]
    try:
        with transaction.atomic():
            award.save()
    except IntegrityError as error:
        raise WrongInput({"first": [_("This programme has an award for these days already.")]}) from error
    Score.objects.bulk_create(_score(award, one) for one in result.scored)
    best = in_order(result.scored)[:FROM_FIGURES]
    Nominee.objects.bulk_create(Nominee(award=award, department_id=one.department_id, by_figures=True) for one in best)
    Juror.objects.bulk_create(
        Juror(award=award, person_id=pk)
        for pk in (programme.jury.order_by("pk").values_list("pk", flat=True) if programme.way == Way.JURY else [])
    )
    return award


def _score(award: Award, one: Scored) -> Score:
    kept = {name: getattr(one, name) for name in ("department_id", "score", "low", "high", "bound", "chance")}
    return Score(
        award=award, reasons=list(one.reasons), parts=[asdict(part) for part in one.parts], **asdict(one.seen), **kept
    )
