"""Between two campaigns people are left in peace for days that administrators set, and a campaign says how many it left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0023_voice_above")]

    operations = [
        migrations.AddField(
            "ratingrules", "campaign_rest_days", models.PositiveSmallIntegerField(db_default=14, default=14)
        ),
        migrations.AddConstraint(
            "ratingrules",
            models.CheckConstraint(
                condition=models.Q(("campaign_rest_days__lte", 365)), name="campaign_rest_is_a_year_at_most"
            ),
        ),
        migrations.AddField("campaign", "rested", models.PositiveIntegerField(db_default=0, default=0)),
    ]
