"""A planned session gets another time, place, trainer or number of seats; in one transaction, under its lock."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.training import policies
from feedback.training.models import Session, Signup
from feedback.training.services import check_session, lock_session, record_session
from feedback.training.states import SEATED, WAITING, WITHDRAWN
from requests_app.kernel.errors import IllegalMove, StaleVersion, WrongInput
from requests_app.org.models import Person

CHANGED = ("starts_at", "ends_at", "zone", "place", "link", "seats", "trainer")
MOVED = ("starts_at", "ends_at", "zone", "place", "link")  # what stands in the calendars of those who come


@transaction.atomic
def change_session(
    *, by: Person, session: Session, expected_version: int | None = None, now: datetime | None = None, **values: Any
) -> Session:
    """Change what is given of CHANGED until it begins; nothing changed is no change. Freed seats go to who waits."""
    now = now or timezone.now()
    session = lock_session(session.pk)
    policies.require_keep(by, session.course.department)
    if session.cancelled_at is not None or session.starts_at <= now:
        raise IllegalMove(_("It has begun or was cancelled, so it stays as it is. Plan another session."))
    if expected_version is not None and expected_version != session.version:
        raise StaleVersion(_("Somebody changed this session since you opened it. Look at it again, then decide."))
    before = {name: getattr(session, name) for name in CHANGED}
    for name in CHANGED:
        setattr(session, name, values.get(name, before[name]))
    check_session(session, now)
    _require_fits(session)
    changed = [name for name in CHANGED if getattr(session, name) != before[name]]
    if not changed:
        return session
    session.version += 1
    if "starts_at" in changed:
        session.reminded_at = None
    session.save()
    moved = not set(changed).isdisjoint(MOVED)
    more = {"changed": changed, "moved": moved, "before": before["starts_at"].isoformat()}
    record_session("training.changed", session, by, now, more=more | {"after": session.starts_at.isoformat()})
    _fill(session, now)
    return session


def _require_fits(session: Session) -> None:
    if session.seats < session.taken:
        words = _("%(n)s people have a seat already. Give at least as many.") % {"n": session.taken}
        raise WrongInput({"seats": [words]})
    if session.signups.filter(person=session.trainer_id).exclude(state=WITHDRAWN).exists():
        raise WrongInput({"trainer": [_("This person is signed up. Whoever trains does not sit in.")]})


def _fill(session: Session, now: datetime) -> None:
    """The first in line get the seats that are free."""
    free = session.seats - session.taken
    following = list(session.signups.filter(state=WAITING).order_by("arrival")[:free]) if free else []
    if not following:
        return
    Signup.objects.filter(pk__in=[one.pk for one in following]).update(state=SEATED)
    session.taken += len(following)
    session.save(update_fields=["taken"])
    for one in following:
        record_session("training.moved_up", session, None, now, one)
