"""Somebody above stands in for the heads of a department, where a complaint is about the only one."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0022_causes_proposed"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="voice",
            name="stands_in",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The owner is somebody above, because no head of the department may answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stands_in", False),
                    models.Q(("kind", "complaint"), ("owner__isnull", False)),
                    _connector="OR",
                ),
                name="somebody_stands_in_for_complaints",
            ),
        ),
    ]
