"""Events are appended with their deliveries; deliveries are worked through exactly once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from requests_app.events import registry, services, states
from requests_app.events.models import Delivery, Event, Heartbeat, IdempotencyKey, Slot
from requests_app.events.selectors import waits
from requests_app.kernel.errors import DomainError


@pytest.fixture
def heard(monkeypatch):
    """A subscriber of its own, alone in the registry; what it heard, by event id."""
    seen: list[list[int]] = []
    monkeypatch.setattr(registry, "SUBSCRIBERS", {})
    monkeypatch.setattr(registry, "_by_kind", {})
    registry.subscribe("ear", ["request.filed"], lambda events: seen.append([event.pk for event in events]), batch=3)
    return seen


def file_event(**more):
    with transaction.atomic():
        return services.record(kind="request.filed", subject_kind="request", subject_id=1, data={"a": 1}, **more)


@pytest.mark.django_db
def test_an_event_is_written_with_one_delivery_for_each_subscriber(heard):
    event = file_event()

    assert list(Delivery.objects.values_list("event_id", "subscriber", "attempts", "dead")) == [
        (event.pk, "ear", 0, False)
    ]


@pytest.mark.django_db
def test_an_event_nobody_wants_leaves_no_delivery(heard):
    with transaction.atomic():
        services.record(kind="request.closed", subject_kind="request", subject_id=1)

    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_a_kind_that_is_not_in_the_list_is_refused():
    with pytest.raises(ValueError, match="unknown kinds of event"):
        services.record(kind="request.exploded", subject_kind="request", subject_id=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE events_event SET kind = 'request.closed'", "DELETE FROM events_event"], ids=["change", "remove"]
)
def test_the_database_refuses_to_change_or_remove_an_event(heard, sql):
    file_event()

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_delivering_calls_the_subscriber_in_batches_and_leaves_nothing(heard):
    events = [file_event().pk for _number in range(5)]

    assert services.deliver("ear") == 5
    assert heard == [events[:3], events[3:]]
    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_a_second_delivery_round_finds_nothing_to_do(heard):
    file_event()
    services.deliver("ear")

    assert services.deliver("ear") == 0
    assert len(heard) == 1


@pytest.mark.django_db
def test_one_event_that_cannot_be_worked_through_stops_no_other(heard, monkeypatch):
    bad, good = file_event(), file_event()
    done = []

    def effect(events):
        if any(event.pk == bad.pk for event in events):
            raise RuntimeError("cannot")
        done.extend(event.pk for event in events)

    monkeypatch.setitem(
        registry.SUBSCRIBERS, "ear", registry.Subscriber("ear", frozenset({"request.filed"}), effect, "interactive", 3)
    )
    assert services.deliver("ear") == 1
    assert done == [good.pk]
    left = Delivery.objects.get()
    assert (left.event_id, left.attempts, left.last_error) == (bad.pk, 1, "RuntimeError: cannot")
    assert left.next_attempt_at > timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db
def test_a_delivery_that_was_tried_too_often_is_dead_and_is_left_alone(heard):
    file_event()
    Delivery.objects.update(attempts=states.MOST_ATTEMPTS)

    assert services.deliver("ear") == 0
    assert Delivery.objects.get().dead is True
    assert heard == []


@pytest.mark.django_db
def test_a_dead_delivery_can_be_put_back_in_line_once(heard):
    file_event()
    Delivery.objects.update(dead=True, attempts=13, last_error="x")
    row = Delivery.objects.get()

    services.retry_delivery(delivery_id=row.pk, by=None)

    row.refresh_from_db()
    assert (row.dead, row.attempts, row.last_error) == (False, 0, "")
    with pytest.raises(DomainError):
        services.retry_delivery(delivery_id=row.pk, by=None)
    assert services.deliver("ear") == 1


@pytest.mark.django_db
def test_only_subscribers_with_due_deliveries_are_woken_by_the_sweep(heard):
    assert services.waiting_subscribers() == []
    file_event()
    assert services.waiting_subscribers() == ["ear"]
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert services.waiting_subscribers() == []


@pytest.mark.django_db
def test_the_workers_are_woken_after_the_commit_and_a_broken_bell_breaks_nothing(
    heard, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(registry.Bell, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        services.record(kind="request.filed", subject_kind="request", subject_id=1)
        assert rung == []
    assert rung == [{"ear"}]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 60), (1, 60), (2, 120), (5, 960), (6, 1800), (40, 1800)])
def test_the_pause_between_attempts_doubles_up_to_half_an_hour(attempts, seconds):
    assert states.pause_before_attempt(attempts) == seconds


@pytest.mark.django_db
def test_the_pause_the_database_keeps_is_the_pause_the_table_states(heard):
    file_event()
    Delivery.objects.update(attempts=3)
    registry.SUBSCRIBERS["ear"] = registry.Subscriber(
        "ear", frozenset({"request.filed"}), lambda events: 1 / 0, "interactive", 1
    )

    services.deliver("ear")

    row = Delivery.objects.get()
    pause = row.next_attempt_at - timezone.now()
    assert row.attempts == 4
    assert abs(pause.total_seconds() - states.pause_before_attempt(4)) < 5


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (11, 60)])
def test_what_a_dying_worker_drops_is_taken_up_within_seconds_and_within_a_minute_at_the_worst(
    heard, attempts, seconds
):
    file_event()
    Delivery.objects.update(attempts=attempts)

    services._claim(registry.SUBSCRIBERS["ear"])

    lease = Delivery.objects.get().next_attempt_at - timezone.now()
    assert abs(lease.total_seconds() - seconds) < 2


@pytest.mark.django_db
def test_a_slot_is_claimed_by_exactly_one():
    assert [services.claim_slot("job", seconds=3600) for _try in range(3)] == [True, False, False]
    assert services.claim_slot("other job", seconds=3600) is True
    assert Slot.objects.count() == 2


@pytest.mark.django_db
def test_a_heartbeat_is_one_row_that_moves():
    services.note_heartbeat("beat")
    services.note_heartbeat("beat")

    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_a_key_gives_the_first_answer_again():
    first = services.answer_once(person_id=1, key="k", fingerprint="f")
    services.keep_answer(first, status=201, answer={"number": "SR-000001", "at": timezone.now()})

    again = services.answer_once(person_id=1, key="k", fingerprint="f")

    assert (again.pk, again.status, again.answer["number"]) == (first.pk, 201, "SR-000001")


@pytest.mark.django_db
def test_a_key_used_for_something_else_is_refused():
    services.answer_once(person_id=1, key="k", fingerprint="f")

    with pytest.raises(DomainError) as refusal:
        services.answer_once(person_id=1, key="k", fingerprint="another")

    assert (refusal.value.status, refusal.value.code) == (422, "idempotency_mismatch")
    assert services.answer_once(person_id=2, key="k", fingerprint="another").status is None


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day():
    services.answer_once(person_id=1, key="old", fingerprint="f")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    services.answer_once(person_id=1, key="new", fingerprint="f")

    assert services.forget_old_keys() == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]


def test_a_name_is_subscribed_once_and_only_to_known_kinds(heard):
    with pytest.raises(ValueError, match="already subscribed"):
        registry.subscribe("ear", ["request.filed"], lambda events: None)
    with pytest.raises(ValueError, match="unknown kinds"):
        registry.subscribe("other", ["request.exploded"], lambda events: None)


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_leaves_neither_event_nor_delivery(heard):
    def record_and_fail():
        with transaction.atomic():
            services.record(kind="request.filed", subject_kind="request", subject_id=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()

    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_history_reaches_only_the_named_subscribers_once_for_each_subject(heard):
    registry.subscribe("mail", ["request.filed"], lambda events: None)
    happened = [
        Event(kind="request.filed", subject_kind="request", subject_id=subject, at=timezone.now(), data={})
        for subject in (1, 2, 1)
    ]

    with transaction.atomic():
        written = services.record_history(happened, subscribers=["ear", "nobody"])

    assert Event.objects.count() == 3
    assert set(Delivery.objects.values_list("event_id", "subscriber")) == {
        (written[1].pk, "ear"),
        (written[2].pk, "ear"),
    }


@pytest.mark.django_db
def test_history_of_an_unknown_kind_is_refused(heard):
    event = Event(kind="request.exploded", subject_kind="request", subject_id=1, at=timezone.now())

    with pytest.raises(ValueError, match="unknown kinds of event"):
        services.record_history([event], subscribers=["ear"])


@pytest.mark.django_db
def test_what_waits_for_a_subscriber_is_what_is_due_and_not_dead(heard):
    assert waits("ear") is False
    file_event()
    assert waits("ear") is True
    Delivery.objects.update(dead=True)
    assert waits("ear") is False


@pytest.mark.django_db
def test_a_round_ends_after_as_many_as_it_may_do_and_the_next_goes_on(heard):
    for _number in range(5):
        file_event()

    assert (services.deliver("ear", most=3), Delivery.objects.count()) == (3, 2)
    assert services.deliver("ear") == 2


@pytest.mark.django_db
def test_what_somebody_else_has_taken_meanwhile_is_not_done_again(heard):
    event = file_event()
    waiting = list(Delivery.objects.values_list("pk", flat=True))
    services.deliver("ear")

    assert services._work(registry.SUBSCRIBERS["ear"], waiting) == 0
    assert heard == [[event.pk]]
