"""Cells keep their sketches packed, and weeks are counted beside days and months.

Stored cells cannot be read any more: all are dropped and marked, and the worker counts them again within minutes
(`manage.py recompute` does it at once).
"""

from django.db import migrations, models

ANCHORS = {
    "created": "supplier_id", "responded": "supplier_id", "accepted": "supplier_id", "first_delivered": "supplier_id",
    "delivered": "supplier_id", "verdict": "supplier_id", "left": "supplier_id", "response_decided": "supplier_id",
    "resolution_decided": "supplier_id", "invited": "supplier_id", "rated": "rated_supplier_id",
}  # fmt: skip
MARK = """
INSERT INTO metrics_stalecell (anchor, supplier_id, customer_id, service_id, priority, day)
SELECT DISTINCT '{anchor}', {supplier}, customer_id, coalesce(service_id, 0), priority, {anchor}_day
FROM {table} WHERE {anchor}_day IS NOT NULL;
"""
MARKS = [MARK.format(anchor=anchor, supplier=column, table="metrics_requestfact") for anchor, column in ANCHORS.items()]
MARKS += [MARK.format(anchor="offered", supplier="receiver_id", table="metrics_offerfact")]


class Migration(migrations.Migration):
    dependencies = [("metrics", "0014_reports")]

    operations = [
        migrations.RunSQL("TRUNCATE metrics_rollup", migrations.RunSQL.noop),
        *[migrations.RemoveField("rollup", name) for name in ("buckets", "counts", "buckets_cs", "counts_cs")],
        migrations.AddField("rollup", "sketch", models.BinaryField(null=True)),
        migrations.AddField("rollup", "sketch_cs", models.BinaryField(null=True)),
        migrations.RemoveIndex("requestfact", "fact_that_waited"),
        migrations.RunSQL("".join(MARKS), migrations.RunSQL.noop),
    ]
