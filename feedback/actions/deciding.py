"""What becomes of a proposed cause: taken into the tree, merged into one that is there, or not taken.

The action for which it was proposed follows. The row of the action is locked before that of the cause, as every step
does, and newer actions before it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.causes import record_change, save_cause
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.policies import require_edit_causes
from feedback.actions.recurrence import earlier_of
from feedback.actions.services import lock_action, note_recurrence, record_step
from feedback.actions.states import (
    ACCEPTED,
    ANALYSED,
    LONGEST_CAUSE,
    LONGEST_REASON,
    MERGED,
    PLANNED,
    PROPOSED,
    REFUSED,
)
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, WrongInput, require_text
from requests_app.org.models import Person


@transaction.atomic
def accept_cause(*, by: Person, cause: Cause, name: str | None = None, at: datetime | None = None) -> Cause:
    """Take it into the tree, under another name if one is given. IllegalMove when somebody has decided already."""
    require_edit_causes(by)
    cause, _action = _lock(cause)
    before = cause.name
    if name is not None:
        cause.name = require_text("name", name, longest=LONGEST_CAUSE)
    _decide(cause, ACCEPTED, by, at)
    save_cause(cause)
    record_change(cause, by, {})
    _tell("accepted", cause, by, before=before)
    return cause


@transaction.atomic
def merge_cause(*, by: Person, cause: Cause, into: Cause | None, at: datetime | None = None) -> Cause:
    """It is one that is in the tree: the action is sorted under that, and the same problem is recognised by it."""
    require_edit_causes(by)
    newer = _lock_newer(cause, into)
    cause, action = _lock(cause)
    if into is None or not Cause.objects.in_the_tree().filter(pk=into.pk, is_active=True).exists():
        raise WrongInput({"into": [_("Choose a cause of the tree that is in use.")]})
    cause.merged_into = into
    _decide(cause, MERGED, by, at)
    cause.save()
    followed = _resort(action, cause, into, "merged", by)
    _tell("merged", cause, by, into=into.pk, into_name=into.name, actions=followed)
    if action is not None and followed:
        _look_for_recurrence(action, newer, cause.decided_at or timezone.now())
    return cause


@transaction.atomic
def refuse_cause(*, by: Person, cause: Cause, reason: str, at: datetime | None = None) -> Cause:
    """It is not taken, for a reason; the action is sorted under the cause below which it was proposed."""
    require_edit_causes(by)
    cause, action = _lock(cause)
    cause.reason = require_text("reason", reason, longest=LONGEST_REASON)
    _decide(cause, REFUSED, by, at)
    cause.save()
    followed = _resort(action, cause, cause.parent, "refused", by)
    _tell("refused", cause, by, reason=cause.reason, actions=followed)
    return cause


def _lock_newer(cause: Cause, into: Cause | None) -> list[int]:
    """Newer actions of the same problem under the cause of the tree: locked first, as whoever takes a step of a newer
    one locks it before the older. What comes to stand there meanwhile finds the action that waits here by itself."""
    action = cause.proposed_for
    if action is None or into is None:
        return []
    rows = CorrectiveAction.objects.filter(
        cause=into, supplier=action.supplier_id, customer=action.customer_id, service=action.service_id,
        state__in=[ANALYSED, PLANNED], pk__gt=action.pk,
    )  # fmt: skip
    return list(rows.select_for_update().order_by("-pk").values_list("pk", flat=True))


def _lock(cause: Cause) -> tuple[Cause, CorrectiveAction | None]:
    action = lock_action(cause.proposed_for_id) if cause.proposed_for_id else None
    cause = Cause.objects.select_for_update(of=("self",)).select_related("parent").get(pk=cause.pk)
    if cause.state != PROPOSED:
        raise IllegalMove(_("Somebody has decided on this proposal already. Look at it again."))
    return cause, action


def _decide(cause: Cause, state: str, by: Person, at: datetime | None) -> None:
    cause.state, cause.is_active = state, state == ACCEPTED
    cause.decided_by, cause.decided_at = by, at or timezone.now()


def _resort(action: CorrectiveAction | None, cause: Cause, to: Cause | None, why: str, by: Person) -> list[int]:
    """Sort the action under another cause, if it stands under this one; which followed."""
    if action is None or to is None or action.cause_id != cause.pk:
        return []
    action.cause, action.version = to, action.version + 1
    action.save(update_fields=["cause", "version"])
    data = {"before": cause.pk, "cause": to.pk, "cause_name": to.name, "why": why}
    record_step("action.resorted", action, by, cause.decided_at or timezone.now(), data)
    return [action.pk]


def _look_for_recurrence(action: CorrectiveAction, newer: list[int], now: datetime) -> None:
    """By its new cause it may be the same problem again, or show that a newer one is.

    One that is done already goes on: its work is not thrown away. All of them are locked by now.
    """
    rows = CorrectiveAction.objects.filter(pk__in=[action.pk, *newer], state__in=[ANALYSED, PLANNED])
    for row in rows.select_related("supplier", "customer", "service", "cause", "owner").order_by("pk"):
        earlier = earlier_of(row, now)
        if earlier is not None and action.pk in (row.pk, earlier.pk):
            note_recurrence(row, now)


def _tell(what: str, cause: Cause, by: Person, **data: Any) -> None:
    data = {"name": cause.name, "person": cause.proposed_by_id, **data}
    record(kind=f"cause.{what}", subject_kind="cause", subject_id=cause.pk, by=by, at=cause.decided_at, data=data)
