"""Files that show what was done, and how often the passing of a due day was told."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_ratings_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="correctiveaction",
            name="overdue_level",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often the passing of that day was told."),
        ),
        migrations.CreateModel(
            name="ActionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("storage_key", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="feedback.correctiveaction",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "actions_file",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="proof_size_is_not_negative"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="proof_has_a_name"),
                ],
            },
        ),
    ]
