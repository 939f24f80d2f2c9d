"""Answers in facts of before were counted when they were given."""

from django.db import migrations
from django.db.models import F


def count_as_given(apps, schema_editor):
    facts = apps.get_model("metrics", "RequestFact").objects
    facts.filter(rated_at__isnull=False, counted_at=None).update(counted_at=F("rated_at"))


class Migration(migrations.Migration):
    dependencies = [("metrics", "0019_answers_counted")]

    operations = [migrations.RunPython(count_as_given, migrations.RunPython.noop)]
