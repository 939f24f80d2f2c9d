"""What was shared counts at once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feedback", "0019_ratings_counted_before")]

    operations = [
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=Q(share_with_team=False) | Q(counted_at__isnull=False), name="shared_rating_counts_at_once"
            ),
        ),
    ]
