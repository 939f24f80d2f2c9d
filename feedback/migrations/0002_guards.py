"""Every answer a rating held stays: the function that refuses changes is the one of the log."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ratings_ratingversion
    FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
"""
BACKWARD = "DROP TRIGGER append_only ON ratings_ratingversion;"


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("requests_app", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
