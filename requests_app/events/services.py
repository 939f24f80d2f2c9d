"""Writing events, and working through their deliveries exactly once."""

import json
import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from requests_app.events import registry, states
from requests_app.events.models import Delivery, Event, Heartbeat, IdempotencyKey, Slot
from requests_app.kernel.bulk import copy_in
from requests_app.kernel.errors import DomainError
from requests_app.kernel.written import insert

log = logging.getLogger(__name__)
SLOTS_KEPT = 1000


def record(
    *,
    kind: str,
    subject_kind: str,
    subject_id: int,
    by: Any = None,
    on_behalf_of: Any = None,
    at: datetime | None = None,
    data: dict | None = None,
) -> Event:
    """Append one event, its deliveries, and after the commit wake the subscribers. Call inside a transaction."""
    event = Event(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_id=by.pk if by else None,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
        at=at or timezone.now(),
        data=data or {},
    )
    return record_all([event])[0]


def record_all(events: Iterable[Event]) -> list[Event]:
    """Append many events at once, with deliveries, in one transaction of the caller's."""
    events = _known(events)
    insert(events)
    deliveries = [
        Delivery(event=event, subscriber=subscriber.name)
        for event in events
        for subscriber in registry.subscribers_of(event.kind)
    ]
    if deliveries:
        insert(deliveries)
        names = {delivery.subscriber for delivery in deliveries}
        # robust: a dead broker must not turn a committed move into an error page; the sweeper delivers later.
        transaction.on_commit(lambda: registry.Bell.ring(names), robust=True)
    return events


def record_history(events: Iterable[Event], *, subscribers: Collection[str]) -> list[Event]:
    """Append what happened before we were there. Only the named subscribers hear of it: nobody is mailed the past.

    They hear once of each subject, with its last event, so they must be such as read a subject's whole log. No bell
    rings: whoever loads history delivers it, and the sweeper what is left. Names nobody registered are passed over.
    """
    events = _known(events)
    copy_in(Event, events)
    last = {(event.subject_kind, event.subject_id): event for event in events}
    known = [name for name in subscribers if name in registry.SUBSCRIBERS]
    Delivery.objects.bulk_create(
        (Delivery(event=event, subscriber=name) for event in last.values() for name in known), batch_size=5000
    )
    return events


def _known(events: Iterable[Event]) -> list[Event]:
    events = list(events)
    unknown = {event.kind for event in events} - states.KINDS
    if unknown:
        raise ValueError(f"unknown kinds of event: {sorted(unknown)}")
    return events


def deliver(name: str, *, most: int = 10_000) -> int:
    """Work through what waits for the subscriber `name`; how many deliveries were done."""
    subscriber = registry.SUBSCRIBERS[name]
    done = 0
    while done < most:
        claimed = _claim(subscriber)
        if not claimed:
            break
        done += _work(subscriber, claimed)
    return done


def _claim(subscriber: registry.Subscriber) -> list[int]:
    """Lease a batch, counting the attempt before the work, in a transaction of its own.

    The lease is what a worker's death costs: 5 s at the first attempt, 5 s more at each further one, up to a minute.
    """
    with transaction.atomic(durable=not _in_test_transaction()), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT id FROM events_delivery
                WHERE subscriber = %s AND NOT dead AND next_attempt_at <= statement_timestamp()
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            UPDATE events_delivery AS delivery
            SET attempts = attempts + 1,
                dead = attempts >= %s,
                next_attempt_at = statement_timestamp() + interval '1 second' * least(%s * (attempts + 1), %s)
            FROM due WHERE delivery.id = due.id
            RETURNING delivery.id, delivery.dead
            """,
            [subscriber.name, subscriber.batch, states.MOST_ATTEMPTS, states.LEASE_SECONDS, states.LONGEST_LEASE],
        )
        return sorted(pk for pk, dead in cursor.fetchall() if not dead)


def _in_test_transaction() -> bool:
    return connection.in_atomic_block


def _work(subscriber: registry.Subscriber, claimed: list[int]) -> int:
    """Effect and claim in one transaction; a batch that fails is tried one by one, so one bad event stops no other."""
    try:
        with transaction.atomic():
            rows = list(
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk__in=claimed, dead=False)
                .select_related("event")
                .order_by("pk")
            )
            if rows:
                subscriber.effect([row.event for row in rows])
                Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return len(rows)
    except Exception as error:
        log.exception("%s failed on %s deliveries", subscriber.name, len(claimed))
        if len(claimed) > 1:
            return sum(_work(subscriber, [pk]) for pk in claimed)
        _put_off(claimed[0], f"{type(error).__name__}: {error}"[:2000])
        return 0


def _put_off(pk: int, error: str) -> None:
    """What failed by itself waits longer than what a dying worker dropped, and twice as long each time."""
    for attempts in Delivery.objects.filter(pk=pk).values_list("attempts", flat=True):
        pause = timedelta(seconds=states.pause_before_attempt(attempts))
        Delivery.objects.filter(pk=pk).update(last_error=error, next_attempt_at=Now() + pause)


@transaction.atomic
def retry_delivery(*, delivery_id: int, by: Any) -> None:
    """Put a dead delivery back in line; the attempt counter starts anew."""
    found = Delivery.objects.filter(pk=delivery_id, dead=True)
    names = set(found.values_list("subscriber", flat=True))
    if not found.update(dead=False, attempts=0, next_attempt_at=Now(), last_error=""):
        raise DomainError("This delivery is not waiting for anybody any more.")
    transaction.on_commit(lambda: registry.Bell.ring(names), robust=True)


def waiting_subscribers() -> list[str]:
    """The subscribers that have due deliveries right now."""
    due = Delivery.objects.filter(dead=False, next_attempt_at__lte=Now()).values_list("subscriber", flat=True)
    return [name for name in due.distinct() if name in registry.SUBSCRIBERS]


def claim_slot(job: str, *, seconds: int) -> bool:
    """True for exactly one caller in each slot of `seconds`: makes any number of beats harmless."""
    slot = int(timezone.now().timestamp() // seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_slot (job, slot) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id", [job, slot]
        )
        mine = cursor.fetchone() is not None
    if mine:
        Slot.objects.filter(job=job, slot__lt=slot - SLOTS_KEPT).delete()
    return mine


def note_heartbeat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def answer_once(*, person_id: int, key: str, fingerprint: str) -> IdempotencyKey:
    """The row of this key: new (status None) for the first caller, the stored answer for later ones.

    Call inside the transaction of the effect. A second caller waits here until the first has committed.
    Raises DomainError (code idempotency_mismatch) when the key was used for something else.
    """
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(person_id=person_id, key=key, fingerprint=fingerprint)
    except IntegrityError:
        row = IdempotencyKey.objects.get(person_id=person_id, key=key)
    if row.fingerprint != fingerprint:
        error = DomainError("This idempotency key was used for a different request.", code="idempotency_mismatch")
        error.status = 422
        raise error
    return row


def keep_answer(row: IdempotencyKey, *, status: int, answer: Any) -> None:
    IdempotencyKey.objects.filter(pk=row.pk).update(status=status, answer=json.loads(json.dumps(answer, default=str)))


def forget_old_keys(*, older_than: timedelta = timedelta(hours=24)) -> int:
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - older_than).delete()[0]
