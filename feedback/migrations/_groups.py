"""At the end of each transaction a joint group has members of at least two departments, and a leader."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION groups_hold_together() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sought bigint;
    departments integer;
    leaders integer;
BEGIN
    IF TG_TABLE_NAME = 'groups_group' THEN
        sought := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        sought := OLD.group_id;
    ELSE
        sought := NEW.group_id;
    END IF;
    IF NOT EXISTS (SELECT FROM groups_group WHERE id = sought) THEN
        RETURN NULL;
    END IF;
    SELECT count(DISTINCT department_id), count(*) FILTER (WHERE leads) INTO departments, leaders
        FROM groups_member WHERE group_id = sought AND left_at IS NULL;
    IF departments < 2 OR leaders < 1 THEN
        RAISE EXCEPTION 'a joint group has members of two departments and a leader'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_of_several_departments';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER group_of_several_departments AFTER INSERT ON groups_group
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION groups_hold_together();
CREATE CONSTRAINT TRIGGER group_of_several_departments AFTER UPDATE OR DELETE ON groups_member
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION groups_hold_together();
"""
BACKWARD = """
DROP TRIGGER group_of_several_departments ON groups_member;
DROP TRIGGER group_of_several_departments ON groups_group;
DROP FUNCTION groups_hold_together();
"""
OPERATION = migrations.RunSQL(FORWARD, BACKWARD)
