"""Running a replay: small ones at once, large ones by a worker that says how far it is."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.whatif import selectors
from metrics.whatif.engine import Replay
from metrics.whatif.models import FlippedRequest, WhatIf
from metrics.whatif.policies import require_replay
from metrics.whatif.states import LONGEST_DAYS, Flip
from requests_app.agreements.models import Agreement
from requests_app.agreements.terms import Terms, digest_of
from requests_app.events.services import claim_slot
from requests_app.kernel.bulk import copy_in, seldom_collected
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person

log = logging.getLogger(__name__)
CLAIM = 120  # seconds
RUNS_KEPT = 20  # of an agreement
AT_ONCE = getattr(settings, "WHATIF_AT_ONCE", 10_000)  # about a second


def ask(*, by: Person, agreement: Agreement, first: date, last: date, compare_with: int | None = None) -> WhatIf:
    """What this agreement's terms would have come to for requests filed from `first` to `last`, both included.

    `compare_with` names another version whose terms are replayed over the same requests. A small run is finished on
    return; else a worker takes it up within seconds, and `done` grows up to `total`. Of an agreement the last
    RUNS_KEPT runs stay.
    """
    require_replay(by, agreement)
    if last < first:
        raise WrongInput({"to": [_("This must not lie before the beginning.")]})
    if (last - first).days > LONGEST_DAYS:
        raise WrongInput({"to": [_("At most three years are replayed at once.")]})
    if compare_with is not None and selectors.get_compared(person=by, pk=compare_with) is None:
        raise WrongInput({"compare_with": [_("There is no such agreement that you may replay.")]})
    run = WhatIf.objects.create(
        agreement_id=agreement.pk,
        compare_with=compare_with,
        asked_by=by.pk,
        first=first,
        last=last,
        total=selectors.facts_between(agreement, first, last).count(),
    )
    _forget_old_runs(agreement)
    return carry_out(run) if run.total <= AT_ONCE else run


def _forget_old_runs(agreement: Agreement) -> None:
    runs = WhatIf.objects.filter(agreement_id=agreement.pk)
    kept = list(runs.order_by("-pk").values_list("pk", flat=True)[:RUNS_KEPT])
    runs.filter(pk__lt=kept[-1], finished_at__isnull=False).delete()


def carry_out(run: WhatIf) -> WhatIf:
    """Replay and keep the result. Safe to run again: the same past gives the same result."""
    agreement = _with_terms(run.agreement_id)
    texts = [Terms.of(agreement)] + ([Terms.of(_with_terms(run.compare_with))] if run.compare_with else [])
    selectors.flips_of(run).delete()
    found = replayed(agreement, texts, run.first, run.last, report=partial(_report, run))
    run.result, *more = (replay.result.as_json() for replay in found)
    run.compared = more[0] if more else None
    run.digest = digest_of(agreement, texts[0])
    run.total = run.done = found[0].result.n
    run.finished_at = timezone.now()
    run.save()
    return run


def _with_terms(pk: int) -> Agreement:
    rows = Agreement.objects.select_related("customer", "supplier", "service", "calendar").prefetch_related("targets")
    return rows.get(pk=pk)


def replayed(
    agreement: Agreement,
    texts: Sequence[Terms],
    first: date,
    last: date,
    *,
    report: Callable[[int, list[Flip]], None] = lambda done, flips: None,
) -> list[Replay]:
    """The replay of each of these texts over the past of this agreement's parties, which is read once.

    `report` hears after each chunk how many requests are done, and which flipped by the first text since.
    """
    now = timezone.now()
    found = [Replay(terms, selectors.gauges_for(agreement, terms), now) for terms in texts]
    with seldom_collected():
        for chunk in selectors.pasts(selectors.facts_between(agreement, first, last)):
            for replay in found:
                replay.take_in(chunk)
            flips, *_others = [replay.result.take_flips() for replay in found]
            report(found[0].result.n, flips)
    return found


@transaction.atomic
def _report(run: WhatIf, done: int, flips: list[Flip]) -> None:
    """How far it is, and what flipped since; of confidential requests nothing but the count."""
    WhatIf.objects.filter(pk=run.pk).update(done=done)
    rows = [
        FlippedRequest(run=run, request_id=flip.request_id, measure=flip.measure, would=flip.would)
        for flip in flips
        if not flip.confidential
    ]
    copy_in(FlippedRequest, rows)


def carry_out_waiting() -> int:
    """What the worker does every few seconds: each run that waits, once; how many were finished.

    A run is claimed for as long as one may take, so a worker that died leaves it to the next one.
    """
    waiting = WhatIf.objects.filter(finished_at=None, failed="").order_by("pk")
    return sum(
        _finish(pk) for pk in list(waiting.values_list("pk", flat=True)) if claim_slot(f"what-if {pk}", seconds=CLAIM)
    )


def _finish(pk: int) -> bool:
    """A run that cannot be done says so, instead of being tried for ever."""
    run = WhatIf.objects.filter(pk=pk, finished_at=None).first()
    if run is None:
        return False
    try:
        carry_out(run)
    except Exception as error:  # whatever it is, the reader must not wait for ever
        log.exception("what-if %s failed", pk)
        WhatIf.objects.filter(pk=pk).update(failed=f"{type(error).__name__}: {error}"[:500])
        return False
    return True
