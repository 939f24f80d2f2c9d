"""The past that is replayed, the runs there were, and what they found."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from metrics.facts.models import RequestFact
from metrics.whatif.engine import GaugeAt
from metrics.whatif.models import FlippedRequest, WhatIf
from metrics.whatif.policies import can_replay
from metrics.whatif.states import SHARES, Past
from requests_app.agreements.clockwork import Gauge
from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.selectors import agreements_seen
from requests_app.agreements.selectors import gauge_of
from requests_app.agreements.states import PRIORITY, Measure
from requests_app.agreements.terms import Terms, digest_of
from requests_app.calendars.models import CalendarVersion
from requests_app.calendars.selectors import current_version_id
from requests_app.catalogue.models import Service
from requests_app.org.models import Person

CHUNK = 5000


def facts_between(agreement: Agreement, first: date, last: date) -> QuerySet[RequestFact]:
    """The requests this agreement would have covered: filed by its customer with its supplier, for its service.

    Filed on these days, both included, as the figures date a filing. Who holds a request now does not matter: the
    promise is that of the department it was filed with.
    """
    covered = Q(created_day__gte=first, created_day__lte=last)
    parties = {
        "customer_id": agreement.customer_id,
        "first_supplier_id": agreement.supplier_id,
        "service_id": agreement.service_id,
    }
    for name, value in parties.items():
        if value is not None:
            covered &= Q(**{name: value})
    return RequestFact.objects.filter(covered)


def pasts(rows: QuerySet[RequestFact]) -> Iterator[list[Past]]:
    """In chunks, as plain tuples by the order of requests; memory stays flat however many there are."""
    after = 0
    while True:
        found = rows.filter(request_id__gt=after).order_by("request_id").values_list(*Past._fields)[:CHUNK]
        chunk = list(map(Past._make, found))
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].request_id


def gauges_for(agreement: Agreement, terms: Terms) -> GaugeAt:
    """By the calendar that the terms name, in its version of then; else by the one that a request was measured by.

    A request of which that is not known is measured by the supplier's calendar of now.
    """
    gauge = lru_cache(maxsize=None)(gauge_of)
    if terms.calendar:
        return _by_calendar(terms.calendar.pk, gauge)
    supplier = agreement.supplier.calendar_id if agreement.supplier else None
    usual = current_version_id(supplier)
    return lambda version_id, at: gauge(version_id or usual)


def _by_calendar(calendar_id: int, gauge: Callable[[int], Gauge]) -> GaugeAt:
    versions = CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("effective_from")
    since, ids = zip(*versions.values_list("effective_from", "pk"), strict=True)

    def find(version_id: int | None, at: datetime) -> Gauge:
        return gauge(ids[max(bisect_right(since, at) - 1, 0)])

    return find


def get_run(*, agreement: Agreement, pk: int) -> WhatIf:
    found = WhatIf.objects.filter(agreement_id=agreement.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found


def comparable(person: Person, agreement: Agreement) -> QuerySet[Agreement]:
    """Other versions between the same departments that this person reads, for any or no service; newest first."""
    parties = {"customer": agreement.customer_id, "supplier": agreement.supplier_id}
    return agreements_seen(person).filter(**parties).exclude(pk=agreement.pk)


def get_compared(*, person: Person, pk: int) -> Agreement | None:
    """Another version to replay beside; None where this person reads none of that number, or may not replay it."""
    found = agreements_seen(person).filter(pk=pk).first()
    return found if found and can_replay(person, found) else None


def flips_of(run: WhatIf, would: bool | None = None) -> QuerySet[FlippedRequest]:
    """The requests that flip, or only those that would be kept, or missed; none of them confidential."""
    rows = FlippedRequest.objects.filter(run=run)
    return rows if would is None else rows.filter(would=would)


def flips_counted(run: WhatIf) -> dict[bool, int]:
    """How many stand in the list, by what would have come out. One query."""
    return dict(flips_of(run).values_list("would").annotate(n=Count("request_id")).order_by())


def services_named(service_ids: list[int]) -> dict[int, tuple[str, str]]:
    """id → slug and name."""
    rows = Service.objects.filter(pk__in=service_ids).values_list("pk", "slug", "name")
    return {pk: (slug, name) for pk, slug, name in rows}


# ── The page of a run ────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """One line of a table: how it would have been, how it was, and how by the other terms, as `Share.as_json`."""

    words: str
    would: dict[str, Any]
    was: dict[str, Any]
    other: dict[str, Any] | None

    @property
    def bar(self) -> list[tuple[str, float]]:
        return [("good", self.would["kept"]), ("bad", self.would["missed"])]

    @property
    def tick(self) -> float | None:
        """Where on the bar it really was."""
        return None if self.was["share"] is None else self.was["share"] * self.would["n"]


@dataclass(frozen=True)
class Part:
    """A measure with its tables, and the targets that most of the past would have met."""

    label: str
    overall: Row
    tables: list[tuple[str, list[Row]]]
    suggested: list[tuple[str, int, list[int | None]]]


@dataclass(frozen=True)
class ResultPage:
    """What came out. `listed` are the flips that the list below can show, by what would have come out."""

    n: int
    without_target: int
    parts: list[Part]
    flips_in_all: int
    listed: dict[bool, int]
    stale: bool
    compared: Agreement | None
    suggested: dict[str, Any]

    @property
    def confidential(self) -> int:
        return self.flips_in_all - sum(self.listed.values())


def result_page(*, person: Person, agreement: Agreement, run: WhatIf) -> ResultPage | None:
    """None until the run is finished. Other terms are shown only to those who may read them."""
    if run.result is None:
        return None
    other = get_compared(person=person, pk=run.compare_with) if run.compare_with else None
    beside = run.compared["measures"] if other and run.compared else {}
    names = _names(run.result)
    return ResultPage(
        n=run.result["n"],
        without_target=run.result["without_target"],
        parts=[
            _part(measure, tally, beside.get(measure), run.result["suggested"], names)
            for measure, tally in run.result["measures"].items()
        ],
        flips_in_all=run.result["flips_in_all"],
        listed=flips_counted(run),
        stale=run.digest != digest_of(agreement, Terms.of(agreement)),
        compared=other,
        suggested=run.result["suggested"],
    )


def _names(result: dict[str, Any]) -> dict[str, str]:
    """id as text → the name of each service in the result. One query."""
    ids = {int(key) for tally in result["measures"].values() for key in tally["by_service"]}
    named = {str(pk): name for pk, (_slug, name) in services_named(list(ids)).items()}
    return named | {"0": _("without a service")}


def _part(
    measure: str, tally: dict[str, Any], other: dict[str, Any] | None, suggested: dict[str, Any], names: dict[str, str]
) -> Part:
    priorities = {str(value): str(words) for value, words in PRIORITY.items()}
    kinds = [
        ("by_priority", _("By priority"), priorities),
        ("by_service", _("By service"), names),
        ("by_month", _("By month"), {}),
    ]
    return Part(
        label=str(Measure(measure).label),
        overall=_row(_("All"), tally, other),
        tables=[(words, _rows(kind, tally, other, known)) for kind, words, known in kinds],
        suggested=[
            (priorities[priority], row["n"], [row["targets"][str(share)] for share in SHARES])
            for priority, row in suggested.get(measure, {}).items()
        ],
    )


def _rows(kind: str, tally: dict[str, Any], other: dict[str, Any] | None, names: dict[str, str]) -> list[Row]:
    beside = other[kind] if other else {}
    return [_row(names.get(key, key), part, beside.get(key)) for key, part in tally[kind].items()]


def _row(words: str, tally: dict[str, Any], other: dict[str, Any] | None) -> Row:
    return Row(words, tally, tally["was"], other)
