"""What is written once stays: the log, the versions of calendars and forms. And a home for idle counters."""

from django.db import migrations

APPEND_ONLY = ["events_event", "calendars_calendarversion", "catalogue_serviceform"]

FORWARD = """
CREATE FUNCTION desk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();\n"
    for table in APPEND_ONLY
)
BACKWARD = (
    "".join(f"DROP TRIGGER append_only ON {table};\n" for table in APPEND_ONLY) + "DROP FUNCTION desk_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
