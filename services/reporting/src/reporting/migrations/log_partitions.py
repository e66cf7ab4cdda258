"""Data definition of the event log's partitions, frozen by version.

An event's id is a UUIDv7: it begins with the millisecond it was made at, so that a month of events is a range of ids. What has
an id of another kind lies in the default partition. As the partitions of school years, these get no grants: rows are reached
through the parent alone.
"""

from alembic import op

_FUNCTION_V1 = """
CREATE FUNCTION create_log_partition(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first CONSTANT date := date_trunc('month', month);
    part CONSTANT text := 'event_log_p_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE event_log IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING ALL)', part);
        EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            part, first_id(first), first_id((first + interval '1 month')::date));
    END IF;
END $$
"""
_FIRST_ID_V1 = """
CREATE FUNCTION first_id(day date) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT rpad(lpad(to_hex((extract(epoch FROM day::timestamp) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$
"""


def create_v1(role: str) -> None:
    """Create the default partition and the function ``create_log_partition(month)``, which the role may call."""
    op.execute("CREATE TABLE event_log_p_other PARTITION OF event_log DEFAULT")
    op.execute(_FIRST_ID_V1)
    op.execute(_FUNCTION_V1)
    op.execute("REVOKE ALL ON FUNCTION create_log_partition(date) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION create_log_partition(date) TO {role}")
    op.execute(
        "SELECT create_log_partition((current_date + ahead * interval '1 month')::date) FROM generate_series(0, 2) AS ahead"
    )
