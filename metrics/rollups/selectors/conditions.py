"""Which rows of facts belong to a figure of a scope, as SQL. Values are parameters, texts are our own."""

from dataclasses import dataclass, field
from typing import Any

from metrics.rollups import engine
from metrics.rollups.ages import AGES
from metrics.rollups.definitions import Definition
from metrics.rollups.states import Scope

HAS_TARGET = (
    "(f.resolution_target IS NOT NULL OR f.response_target IS NOT NULL OR f.resolution_due_at IS NOT NULL "
    "OR f.resolution_breached_at IS NOT NULL OR f.response_due_at IS NOT NULL OR f.response_breached_at IS NOT NULL)"
)
OVERDUE = (
    "(coalesce(f.resolution_breached_at, f.resolution_due_at) < %(until)s "
    "OR ((f.responded_at IS NULL OR f.responded_at >= %(until)s) "
    "AND coalesce(f.response_breached_at, f.response_due_at) < %(until)s))"
)
STALE = "f.last_event_at < %(until)s - interval '5 days'"


@dataclass
class Where:
    """Conditions joined by AND, with their parameters."""

    texts: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def add(self, text: str, **params: Any) -> None:
        self.texts.append(text)
        self.params |= params

    def __str__(self) -> str:
        return " AND ".join(self.texts) or "TRUE"


OF_KIND = "EXISTS (SELECT FROM metrics_requestfact AS r WHERE r.request_id = f.request_id AND r.{0} = %({0})s)"


def belongs(scope: Scope, supplier: str = "supplier_id", *, table: str = engine.TABLES["fact"]) -> Where:
    """Everything that narrows the scope but its days. `supplier` is the column of `table` that names the supplier."""
    where = Where()
    if scope.supplier_ids is not None:
        where.add(f"f.{supplier} = ANY(%(supplier_ids)s)", supplier_ids=list(scope.supplier_ids))
    if scope.customer_ids is not None:
        where.add("f.customer_id = ANY(%(customer_ids)s)", customer_ids=list(scope.customer_ids))
    if scope.service_id is not None:
        where.add("f.service_id = %(service_id)s", service_id=scope.service_id)
    if scope.priority is not None:
        where.add("f.priority = %(priority)s", priority=scope.priority)
    of_kind = "f.{0} = %({0})s" if table == engine.TABLES["fact"] else OF_KIND  # offers know nothing of kinds
    for column, value in scope.kinds.items():
        where.add(of_kind.format(column), **{column: value})
    return where


def counted(scope: Scope, anchor: str) -> Where:
    """Rows whose instant of this name lies in the period."""
    source = engine.source_of(anchor)
    where = belongs(scope, source.supplier, table=source.table)
    day = f"f.{anchor}_day"
    where.add(f"{day} >= %(start)s AND {day} < %(end)s", start=scope.period.start, end=scope.period.end)
    return where


def still_missed(scope: Scope, definition: Definition) -> Where:
    """Open rows whose time ran out in the period, though nobody has noted it yet."""
    where = belongs(scope)
    start, end = scope.period.bounds(scope.zone)
    where.add("f.left_at IS NULL")
    where.add(missed_in_period(definition), from_at=start, to_at=min(end, scope.now))
    return where


def missed_in_period(definition: Definition, since: str = "from_at", until: str = "to_at") -> str:
    """`since` and `until` name the parameters."""
    kept, due = definition.open_due.replace("_due_at", "_kept"), definition.open_due
    return f"f.{kept} IS NULL AND f.{due} >= %({since})s AND f.{due} < %({until})s"


def open_rows(scope: Scope) -> Where:
    """Rows open at `scope.until`, as far as is known now: a request reopened since counts as open throughout."""
    where = belongs(scope)
    where.add("f.created_at < %(until)s", until=scope.until)
    past = scope.until < scope.now
    where.add("(f.left_at IS NULL OR f.left_at >= %(until)s)" if past else "f.left_at IS NULL")
    return where


def knows_silence(scope: Scope) -> bool:
    """When something last happened is only known of now."""
    return scope.until >= scope.now


def snapshot(scope: Scope, key: str) -> Where:
    """The rows of a figure of open work."""
    where = open_rows(scope)
    if key == "overdue_open":
        where.add(HAS_TARGET)
    if key == "stale_open" and not knows_silence(scope):
        where.add("FALSE")
    return where


def of_age(scope: Scope, age: str) -> Where:
    """Filed so long before the instant of which open work is told; any age where none is named."""
    where = Where()
    if age:
        least, most = AGES[age].bounds
        where.add("f.created_at <= %(youngest)s", youngest=scope.until - least)
        if most is not None:
            where.add("f.created_at > %(oldest)s", oldest=scope.until - most)
    return where
