"""From when a rating counts in figures."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feedback", "0017_groups_forum")]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(fields=["given_at"], name="rating_waits", condition=Q(counted_at__isnull=True)),
        ),
    ]
