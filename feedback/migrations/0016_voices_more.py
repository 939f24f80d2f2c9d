"""Whom a campaign asks by kind of customer, changes of campaigns, sessions and talks, what was told once, what was
held back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0015_awards"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivered_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ratings_held_back",
            },
        ),
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
        migrations.AddField(
            model_name="certificate",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="talk",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="talkitem",
            name="late_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="talkseries",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("reminded_at__isnull", True)), fields=["valid_until"], name="certificate_to_tell_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds__contained_by", ["executive", "employee", "department", "partner"])),
                name="campaign_kinds_of_customers_are_known",
            ),
        ),
        migrations.AddField(
            model_name="heldback",
            name="service_request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="requests_app.servicerequest"
            ),
        ),
        migrations.AddField(
            model_name="heldback",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests_app.department"
            ),
        ),
        migrations.AddIndex(
            model_name="heldback",
            index=models.Index(fields=["supplier", "delivered_at"], name="held_back_of_supplier"),
        ),
    ]
