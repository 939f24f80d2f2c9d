"""What the four plans are counted from: what departments declared, talks that were held, charts, requests."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, F
from django.utils import timezone

from feedback.chain.models import Declaration
from feedback.talks.models import Talk
from feedback.talks.states import HELD, Kind
from metrics.charts.models import Phase
from metrics.facts.models import RequestFact
from metrics.plans.states import ENOUGH_REQUESTS, Coverage, Plan, Standing
from metrics.rollups.states import Side

YEAR = timedelta(days=365)
Pairs = set[tuple[int, int]]  # (supplier, customer)


def standings(ids: Collection[int], now: datetime) -> dict[int, Standing]:
    """By department; four queries, however many there are."""
    said = set(Declaration.objects.filter(is_current=True, department__in=ids).values_list("department_id", flat=True))
    frozen = Phase.objects.filter(frozen_at__isnull=False, chart__side=Side.SUPPLIER, chart__department__in=ids)
    measured = set(frozen.values_list("chart__department_id", flat=True))
    busy, held = _busy(now), _held(now)
    return {pk: _standing(pk, said, measured, busy, held) for pk in ids}


def _busy(now: datetime) -> Pairs:
    rows = RequestFact.objects.filter(created_day__gt=timezone.localdate(now - YEAR)).exclude(
        supplier_id=F("customer_id")
    )
    counted = rows.values("supplier_id", "customer_id").annotate(n=Count("pk")).filter(n__gte=ENOUGH_REQUESTS)
    return set(counted.values_list("supplier_id", "customer_id"))


def _held(now: datetime) -> dict[str, Pairs]:
    """By the kind of talk."""
    rows = Talk.objects.filter(state=HELD, ended_at__gt=now - YEAR, ended_at__lte=now)
    found: dict[str, Pairs] = defaultdict(set)
    for kind, supplier, customer in rows.values_list("series__kind", "series__supplier_id", "series__customer_id"):
        found[kind].add((supplier, customer))
    return found


def _standing(pk: int, said: set[int], measured: set[int], busy: Pairs, held: dict[str, Pairs]) -> Standing:
    met = held[Kind.CUSTOMER] | held[Kind.SUPPLIER]
    done = {
        Plan.KNOWLEDGE: pk in said,
        Plan.CUSTOMERS: any(supplier == pk for supplier, _customer in held[Kind.CUSTOMER]),
        Plan.SUPPLIERS: any(customer == pk for _supplier, customer in held[Kind.SUPPLIER]),
        Plan.MEASUREMENT: pk in measured,
    }
    return Standing(done, Coverage(_customers(busy, pk), _customers(met, pk)),
                    Coverage(_suppliers(busy, pk), _suppliers(met, pk)))  # fmt: skip


def _customers(pairs: Pairs, pk: int) -> frozenset[int]:
    return frozenset(customer for supplier, customer in pairs if supplier == pk)


def _suppliers(pairs: Pairs, pk: int) -> frozenset[int]:
    return frozenset(supplier for supplier, customer in pairs if customer == pk)
