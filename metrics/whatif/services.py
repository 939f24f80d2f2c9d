"""Running a replay: small ones at once, large ones by a worker that says how far it is."""

import logging
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.whatif import selectors
from metrics.whatif.engine import Replay, months_in
from metrics.whatif.models import WhatIf
from metrics.whatif.policies import require_replay
from metrics.whatif.states import Result
from requests_app.agreements.models import Agreement
from requests_app.agreements.terms import Terms
from requests_app.events.services import claim_slot
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person

log = logging.getLogger(__name__)
CLAIM = 120  # seconds
LONGEST_DAYS = 3 * 366
AT_ONCE = getattr(settings, "WHATIF_AT_ONCE", 5000)  # about half a second


def ask(*, by: Person, agreement: Agreement, first: date, last: date) -> WhatIf:
    """What this agreement's terms would have come to for requests filed from `first` to `last`.

    A small run is finished on return; else a worker takes it up within seconds, and `done` grows up to `total`.
    """
    require_replay(by, agreement)
    if last < first:
        raise WrongInput({"to": [_("This must not lie before the beginning.")]})
    if (last - first).days > LONGEST_DAYS:
        raise WrongInput({"to": [_("At most three years are replayed at once.")]})
    total = selectors.facts_between(agreement, first, last).count()
    run = WhatIf.objects.create(
        agreement_id=agreement.pk, round=agreement.round, asked_by=by.pk, first=first, last=last, total=total
    )
    return carry_out(run) if total <= AT_ONCE else run


def carry_out(run: WhatIf) -> WhatIf:
    """Replay and keep the result. Safe to run again: the same past gives the same result."""
    agreement = Agreement.objects.select_related("customer", "supplier", "service", "calendar").get(pk=run.agreement_id)
    result = replayed(agreement, Terms.of(agreement), run.first, run.last, report=lambda done: _report(run, done))
    run.result, run.done, run.finished_at = result.as_json(), result.n, timezone.now()
    run.total = result.n
    run.save()
    return run


def replayed(
    agreement: Agreement, terms: Terms, first: date, last: date, *, report: Callable[[int], None] = lambda done: None
) -> Result:
    """The replay of any terms over the past of this agreement's parties."""
    replay = Replay(terms, selectors.gauges_for(agreement, terms), timezone.now())
    month_of = months_in(timezone.get_default_timezone())
    for chunk in selectors.pasts(selectors.facts_between(agreement, first, last)):
        replay.take_in(chunk, month_of)
        report(replay.result.n)
    return replay.result


def _report(run: WhatIf, done: int) -> None:
    WhatIf.objects.filter(pk=run.pk).update(done=done)


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
