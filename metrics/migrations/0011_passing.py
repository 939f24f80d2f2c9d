"""Detours, pauses at the last moment, and what became of handoffs. After it: manage.py recompute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0010_fact_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="offerfact",
            name="answer_reason",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddField(
            model_name="offerfact",
            name="passed_untouched",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="offerfact",
            name="reason",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddField(
            model_name="offerfact",
            name="solved_by_receiver",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="requestfact",
            name="detours",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="requestfact",
            name="late_pauses",
            field=models.IntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="requestfact",
            index=models.Index(
                condition=models.Q(("accepted_at__isnull", True), ("left_at__isnull", True)),
                fields=["supplier_id", "created_at"],
                name="fact_unowned",
            ),
        ),
        migrations.AddIndex(
            model_name="requestfact",
            index=models.Index(condition=models.Q(("aba__gt", 0)), fields=["created_day"], name="fact_ping_pong"),
        ),
        migrations.AddIndex(
            model_name="offerfact",
            index=models.Index(fields=["sender_id", "offered_day"], name="offer_sent"),
        ),
    ]
