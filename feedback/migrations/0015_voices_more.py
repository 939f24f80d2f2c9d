"""Whom a campaign asks by kind of customer, and what was settled in the other packages of feedback."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0014_surveys_more"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="kinds",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="campaign",
            name="revision",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds__contained_by", ["executive", "employee", "department", "partner"])),
                name="campaign_kinds_of_customers_are_known",
            ),
        ),
    ]
