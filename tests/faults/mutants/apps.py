"""Ways in which the product could have been built wrong. The fault tests must see each of them.

Each app swaps one function for the mistake when the process starts; the settings beside this file install it.
"""

from django.apps import AppConfig
from django.db import transaction


class OnlyTheBroker(AppConfig):
    """No delivery rows: the event is handed to Redis after the commit, and Redis is trusted with it."""

    name = "tests.faults.mutants"
    label = "mutant_only_broker"

    def ready(self) -> None:
        from celery import shared_task

        from requests_app.events import registry, services
        from requests_app.events.models import Event

        @shared_task(name="mutant.effect")
        def effect(subscriber: str, pk: int) -> None:
            registry.SUBSCRIBERS[subscriber].effect(list(Event.objects.filter(pk=pk)))

        def record_all(events, subscribers=None):
            events = list(events)
            Event.objects.bulk_create(events)
            wanted = [(found.name, event.pk) for event in events for found in registry.subscribers_of(event.kind)]
            transaction.on_commit(lambda: [effect.delay(*pair) for pair in wanted], robust=True)
            return events

        services.record_all = record_all
        services.record = _record_with(record_all)
        _replace_everywhere("record_all", record_all)
        _replace_everywhere("record", services.record)


class RingInTheRequest(AppConfig):
    """The request itself publishes to Redis, and waits for the answer."""

    name = "tests.faults.mutants"
    label = "mutant_ring_inside"

    def ready(self) -> None:
        from requests_app.events import registry
        from requests_app.events.tasks import deliver

        def ring(names):
            for name in names:
                deliver.apply_async(args=[name], queue=registry.SUBSCRIBERS[name].queue)

        registry.Bell.ring = staticmethod(ring)


class ClaimBeforeTheEffect(AppConfig):
    """The delivery is taken off the list first and worked through afterwards."""

    name = "tests.faults.mutants"
    label = "mutant_claim_first"

    def ready(self) -> None:
        import time

        from requests_app.events import services
        from requests_app.events.models import Delivery

        def work(subscriber, claimed):
            rows = list(Delivery.objects.filter(pk__in=claimed).select_related("event").order_by("pk"))
            Delivery.objects.filter(pk__in=claimed).delete()
            time.sleep(0.3)  # the moment in which a worker can die
            subscriber.effect([row.event for row in rows])
            return len(rows)

        services._work = work


def _record_with(record_all):
    from django.utils import timezone

    from requests_app.events.models import Event

    def record(*, kind, subject_kind, subject_id, by=None, on_behalf_of=None, at=None, data=None):
        event = Event(
            kind=kind, subject_kind=subject_kind, subject_id=subject_id, actor_id=by.pk if by else None,
            on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None, at=at or timezone.now(), data=data or {},
        )  # fmt: skip
        return record_all([event])[0]

    return record


def _replace_everywhere(name, function) -> None:
    """Also where it was imported by name before."""
    import sys

    ours = ("requests_app.", "feedback.", "metrics.")
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(ours) and name in vars(module):
            setattr(module, name, function)
