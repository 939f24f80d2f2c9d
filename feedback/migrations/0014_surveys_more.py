"""Campaigns that come again by themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0013_voice_more"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next",
                to="feedback.campaign",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="repeat_every",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="repeat_unit",
            field=models.CharField(
                blank=True, choices=[("weeks", "weeks"), ("months", "months")], default="", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="repeats_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("repeat_every__isnull", True), ("repeat_unit", "")),
                    models.Q(
                        ("repeat_every__gte", 1),
                        ("repeat_every__isnull", False),
                        ("repeat_unit__in", ["weeks", "months"]),
                    ),
                    _connector="OR",
                ),
                name="campaign_comes_again_in_a_rhythm",
            ),
        ),
    ]
