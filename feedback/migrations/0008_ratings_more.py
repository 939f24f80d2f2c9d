"""How often people are asked, what both sides say about a rating, and how the customer asked. Words said stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("ratings_reply", "asking_rating")
FORWARD = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();"
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0007_declared"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RatingRules",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("rest_days", models.PositiveSmallIntegerField(default=0)),
                ("remind", models.BooleanField(default=True)),
                ("propose_actions", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "ratings_rules",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="rating_rules_are_one"),
                    models.CheckConstraint(condition=models.Q(("rest_days__lte", 365)), name="rest_is_a_year_at_most"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AskingRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("complete", models.BooleanField()),
                ("in_time", models.BooleanField()),
                ("right_place", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests_app.department"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "service_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests_app.servicerequest"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests_app.department"
                    ),
                ),
            ],
            options={
                "db_table": "asking_rating",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("customer", models.F("supplier")), _negated=True),
                        name="nobody_rates_their_own_asking",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("supplier", "The supplier"), ("customer", "The customer")], max_length=8
                    ),
                ),
                ("text", models.CharField(max_length=4000)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="feedback.rating"
                    ),
                ),
            ],
            options={
                "db_table": "ratings_reply",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["supplier", "customer"])), name="reply_side_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reply_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="requests_app.service"
                    ),
                ),
            ],
            options={
                "db_table": "ratings_share",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="share_is_a_percentage")
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
