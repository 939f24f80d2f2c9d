"""All ratings that are there were counted when they were given."""

from django.db import migrations
from django.db.models import F


def count_as_given(apps, schema_editor):
    apps.get_model("feedback", "Rating").objects.filter(counted_at=None).update(counted_at=F("given_at"))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0018_ratings_counted")]

    operations = [migrations.RunPython(count_as_given, migrations.RunPython.noop)]
