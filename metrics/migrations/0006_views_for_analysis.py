"""Read-only views of the figures for analysis outside, in a schema of their own; docs/sql-views.md says what is in them."""

from django.db import migrations

NUMBER = "'SR-' || lpad({0}.request_id::text, greatest(6, length({0}.request_id::text)), '0')"

VIEWS = f"""
CREATE SCHEMA figures;

CREATE VIEW figures.requests AS
SELECT
    CASE WHEN f.confidential THEN NULL ELSE {NUMBER.format("f")} END AS number,
    customer.slug AS customer, supplier.slug AS supplier, first_supplier.slug AS first_supplier,
    CASE WHEN f.confidential THEN NULL ELSE service.slug END AS service,
    f.priority, f.need_type, f.customer_kind, f.channel, f.confidential, f.outcome,
    f.created_at, f.responded_at, f.accepted_at, f.first_delivered_at, f.delivered_at, f.verdict_at, f.closed_at,
    f.created_day, f.delivered_day,
    f.first_response_ws, f.first_response_cs, f.acceptance_ws, f.acceptance_cs, f.resolution_ws, f.resolution_cs,
    f.full_resolution_ws, f.full_resolution_cs, f.customer_wait_ws, f.customer_wait_cs,
    f.supplier_work_ws, f.supplier_work_cs, f.waiting_for_customer_ws, f.waiting_for_customer_cs,
    f.unowned_ws, f.unowned_cs, f.acceptance_delay_ws, f.acceptance_delay_cs,
    f.held_by_supplier_ws, f.held_by_others_ws, f.held_by_customer_ws, f.held_by_third_party_ws, f.held_by_nobody_ws,
    f.response_target, f.response_kept, f.response_due_at, f.resolution_target, f.resolution_kept, f.resolution_due_at,
    f.acceptance_kept, f.acceptance_due_at,
    f.deliveries, f.rejected, f.reopened, f.accepted_first_time, f.hops, f.aba, f.returns, f.offers,
    f.supplier_messages, f.customer_messages, f.round_trips, f.chasers, f.one_touch, f.holds, f.customer_holds,
    f.data_quality
FROM metrics_requestfact AS f
JOIN org_department AS customer ON customer.id = f.customer_id
JOIN org_department AS supplier ON supplier.id = f.supplier_id
JOIN org_department AS first_supplier ON first_supplier.id = f.first_supplier_id
LEFT JOIN catalogue_service AS service ON service.id = f.service_id;

CREATE VIEW figures.holding AS
SELECT {NUMBER.format("h")} AS number, h.place, h.party, department.slug AS department, h.stage,
    h.started_at, h.ended_at, h.ws, h.cs
FROM metrics_holdinginterval AS h
JOIN metrics_requestfact AS f ON f.request_id = h.request_id AND NOT f.confidential
LEFT JOIN org_department AS department ON department.id = h.department_id;

CREATE VIEW figures.handoffs AS
SELECT {NUMBER.format("o")} AS number, o.place, sender.slug AS sender, receiver.slug AS receiver, o.priority, o.outcome,
    o.offered_at, o.answered_at, o.latency_ws, o.latency_cs, o.offered_day
FROM metrics_offerfact AS o
JOIN metrics_requestfact AS f ON f.request_id = o.request_id AND NOT f.confidential
LEFT JOIN org_department AS sender ON sender.id = o.sender_id
JOIN org_department AS receiver ON receiver.id = o.receiver_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0005_reports_by_mail"),
        ("requests_app", "0007_open_requests_follow_agreements"),
    ]
    operations = [migrations.RunSQL(VIEWS, "DROP SCHEMA figures CASCADE")]
