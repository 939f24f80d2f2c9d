"""From when what the requester answered counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0018_notices_and_plans")]

    operations = [
        migrations.AddField(
            model_name="requestfact",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
    ]
