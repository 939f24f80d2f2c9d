"""Whoever plans or starts an improvement sees within seconds what its weeks say so far."""

from importlib import import_module

from metrics.improvement import letters
from requests_app.events.models import Event
from requests_app.events.registry import subscribe

KINDS = ["improvement.planned", "improvement.changed", "improvement.started"]


def recount(events: list[Event]) -> None:
    """Safe to run twice, late and in any order: it counts what the plan says now."""
    import_module("metrics.improvement.counting").recount({event.subject_id for event in events})  # loads scipy


subscribe("metrics.improvements", KINDS, recount, queue="figures", batch=20)
subscribe("metrics.improvement_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
