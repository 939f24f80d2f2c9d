"""What an export of facts holds, and how much of it. Pure."""

from metrics.rollups.states import Side

MOST_ROWS = 200_000
MOST_A_DAY = 30  # of one person
LONGEST_DAYS = 3 * 366
KEPT_DAYS = 7
SIDES = Side.ALL

# The columns of the view figures.requests; docs/sql-views.md says what each means.
_NAMED = {
    "number": "f.request_id",
    "customer": "customer.slug",
    "supplier": "supplier.slug",
    "first_supplier": "first_supplier.slug",
    "service": "service.slug",
}
_TIMES = (
    "first_response", "acceptance", "resolution", "full_resolution", "customer_wait", "supplier_work",
    "waiting_for_customer", "unowned", "acceptance_delay",
)  # fmt: skip
COLUMNS = [
    *_NAMED,
    "priority", "need_type", "customer_kind", "channel", "confidential", "outcome", "created_at", "responded_at",
    "accepted_at", "first_delivered_at", "delivered_at", "verdict_at", "closed_at", "created_day", "delivered_day",
    *(f"{name}_{kind}" for name in _TIMES for kind in ("ws", "cs")),
    *(f"held_by_{who}_ws" for who in ("supplier", "others", "customer", "third_party", "nobody")),
    *(f"{name}_{part}" for name in ("response", "resolution") for part in ("target", "kept", "due_at")),
    "acceptance_kept", "acceptance_due_at", "deliveries", "rejected", "reopened", "accepted_first_time", "hops", "aba",
    "returns", "offers", "supplier_messages", "customer_messages", "round_trips", "chasers", "one_touch", "holds",
    "customer_holds", "data_quality",
]  # fmt: skip
ROWS_SQL = f"""
    SELECT {", ".join(_NAMED.get(column, f"f.{column}") for column in COLUMNS)}
    FROM metrics_requestfact AS f
    JOIN org_department AS customer ON customer.id = f.customer_id
    JOIN org_department AS supplier ON supplier.id = f.supplier_id
    JOIN org_department AS first_supplier ON first_supplier.id = f.first_supplier_id
    LEFT JOIN catalogue_service AS service ON service.id = f.service_id
    WHERE f.request_id = ANY(%s) ORDER BY f.request_id
"""  # noqa: S608  # the columns are our own
