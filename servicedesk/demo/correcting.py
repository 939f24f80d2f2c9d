"""Corrective actions of the demo company: one for each step of their life, with whoever would have taken it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.actions.causes import ensure_causes
from feedback.actions.deciding import merge_cause
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.proof import add_files
from feedback.actions.services import open_action, take_step
from feedback.actions.states import Proposal, SourceKind, Words
from requests_app.events.models import Event
from servicedesk.demo.building import Company, Unit
from servicedesk.demo.texts import read

CONFIRMING = ("verify", "close")


def correct_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the year of requests is there."""
    ensure_causes()
    for spec in read("actions")["action"]:
        _correct(company, spec, now)


def _correct(company: Company, spec: dict[str, Any], now: datetime) -> None:
    supplier, customer = (company.units[spec[side]] for side in ("supplier", "customer"))
    opened_at = now - timedelta(days=spec["ago"])
    action = open_action(
        by=supplier.head, supplier=supplier.row, customer=customer.row, title=spec["title"], problem=spec["problem"],
        service=company.services[spec["service"]].row if "service" in spec else None, at=opened_at,
        **(_rejection(supplier, customer) if spec.get("source") else {}),
    )  # fmt: skip
    for step, days in spec["steps"].items():
        _take(step, spec, action, supplier, customer, opened_at + timedelta(days=days))
    _decide(company, spec, action, opened_at + timedelta(days=4))
    if "then" in spec:
        earlier = CorrectiveAction.objects.get(again=action)
        for step, days in spec["then"].items():
            _take(step, spec, earlier, supplier, customer, opened_at + timedelta(days=days))


def _take(
    step: str, spec: dict[str, Any], action: CorrectiveAction, supplier: Unit, customer: Unit, at: datetime
) -> None:
    by = customer.head if step in CONFIRMING else supplier.head
    words = {
        "contain": lambda: Words(note=spec["contain"]),
        "analyse": lambda: _analysis(spec),
        "plan": lambda: Words(
            note=spec["plan"],
            owner=supplier.agents[1],
            due_on=(at + timedelta(days=spec.get("due_in", 14))).date(),
            metric=spec.get("metric", ""),
            target_percent=spec.get("target"),
        ),
        "finish": lambda: Words(note=spec["proof"]),
        "verify": lambda: Words(check_days=spec.get("check_days", 45)),
        "close": lambda: Words(note=spec["found"]),
    }[step]()
    take_step(by=by, action=action, name=step, words=words, at=at)
    if step == "finish" and "files" in spec:
        shown = [SimpleUploadedFile(name, text.encode(), "text/plain") for name, text in spec["files"].items()]
        add_files(by=supplier.agents[1], action=action, files=shown, at=at)


def _analysis(spec: dict[str, Any]) -> Words:
    """With a cause of the tree, or one that is missing there."""
    named = Cause.objects.in_the_tree()
    if "proposed" in spec:
        below = named.get(name=spec["below"])
        return Words(whys=tuple(spec["whys"]), proposal=Proposal(spec["proposed"], below))
    return Words(whys=tuple(spec["whys"]), cause=named.get(name=spec["cause"]))


def _decide(company: Company, spec: dict[str, Any], action: CorrectiveAction, at: datetime) -> None:
    """An administrator finds that what was proposed is in the tree already."""
    action.refresh_from_db()
    if "same_as" in spec and action.cause is not None:
        into = Cause.objects.in_the_tree().get(name=spec["same_as"])
        merge_cause(by=company.people["admin"], cause=action.cause, into=into, at=at)


def _rejection(supplier: Unit, customer: Unit) -> dict[str, Any]:
    """The last delivery of these two that was sent back, or nothing."""
    rows = Event.objects.filter(kind="request.rejected", data__department=supplier.row.pk)
    theirs = rows.filter(actor_id__in=[person.pk for person in customer.members]).order_by("-at", "-pk")
    found = theirs.values_list("subject_id", flat=True).first()
    return {"source_kind": SourceKind.REJECTION, "source_id": found} if found else {}
