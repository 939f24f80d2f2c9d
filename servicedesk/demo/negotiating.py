"""Agreements that the heads of the demo company work on: in force, countered, proposed, and a draft."""

from datetime import datetime, timedelta
from typing import Any

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation import services
from requests_app.agreements.states import Days, Escalation, Time
from requests_app.agreements.terms import Terms
from requests_app.org.models import Person
from servicedesk.demo.building import HOUR, Company
from servicedesk.demo.texts import read


def negotiate_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments and their services are there."""
    for spec in read("agreements")["agreement"]:
        _negotiate(company, spec, now)


def _negotiate(company: Company, spec: dict[str, Any], now: datetime) -> None:
    customer, supplier = (company.units[spec[side]] for side in ("customer", "supplier"))
    ours, theirs = (supplier, customer) if spec["drafts"] == spec["supplier"] else (customer, supplier)
    service = company.services[spec["service"]].row if "service" in spec else None
    agreement = services.draft_agreement(
        by=ours.members[0], customer=customer.row, supplier=supplier.row, service=service, terms=_terms(spec, now)
    )
    for step in spec["steps"]:
        _take(step, spec, agreement, ours.members[0], theirs.members[0])


def _take(step: str, spec: dict[str, Any], agreement: Agreement, ours: Person, theirs: Person) -> None:
    if step == "propose":
        services.propose_agreement(by=ours, agreement=agreement, note=spec["note"])
    elif step == "counter":
        agreement.refresh_from_db()
        targets = {**Terms.of(agreement).targets, "response": _times(spec["countered"])}
        terms = Terms.of(agreement).changed(targets=targets)
        services.counter_agreement(by=theirs, agreement=agreement, terms=terms, note=spec["answer"])
    else:
        services.sign_agreement(by=theirs, agreement=agreement)


def _terms(spec: dict[str, Any], now: datetime) -> Terms:
    return Terms(
        targets={measure: _times(spec[measure]) for measure in ("response", "resolution")},
        escalations=tuple(Escalation(*step) for step in spec.get("escalations", [])),
        quality=spec.get("quality", ""),
        price=spec.get("price", ""),
        valid_to=now + timedelta(days=30 * spec["months"]) if "months" in spec else None,
    )


def _times(row: list[Any]) -> dict[int, Time]:
    """priority → target, from hours or {days = n}."""
    return {
        priority: Days(time["days"]) if isinstance(time, dict) else round(time * HOUR)
        for priority, time in enumerate(row, start=1)
    }
