"""Data definition of partitions by school year, frozen by version as ``runtime`` is.

The application role may not create tables: it calls a function, which acts with the owner's rights. A partition is filled
beside its parent and attached, which lets readers and writers of the other years go on. It gets no grants: rows are reached
through the parent alone, so that the parent's rights (append-only history) hold everywhere. Years that are there take no lock:
the function is called for every batch of events. The lock is of a table, not an advisory one: only the former lets the session
see what another has just created.
"""

from collections.abc import Iterable, Sequence

from alembic import op

_FUNCTION_V1 = """
CREATE FUNCTION create_year_partitions(year integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    parents CONSTANT text[] := ARRAY[{parents}];
    parent text;
    part text;
BEGIN
    IF year NOT BETWEEN 2000 AND 2100 THEN
        RAISE EXCEPTION 'no school year %', year USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    IF (SELECT bool_and(to_regclass(name || '_p_' || year) IS NOT NULL) FROM unnest(parents) AS name) THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE %I IN SHARE UPDATE EXCLUSIVE MODE', parents[1]);
    FOREACH parent IN ARRAY parents LOOP
        part := parent || '_p_' || year;
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', parent, part, year);
        END IF;
    END LOOP;
END $$
"""


def create_year_partitions_v1(role: str, parents: Sequence[str], years: Iterable[int], schema: str = "public") -> None:
    """Create the function ``create_year_partitions(year)`` for tables partitioned by LIST of a school year, and the first years.

    Call it after ``runtime.grant``, which would else give the role rights on the partitions. A table comes after those its
    foreign keys name.
    """
    op.execute(_FUNCTION_V1.format(schema=schema, parents=", ".join(f"'{parent}'" for parent in parents)))
    op.execute("REVOKE ALL ON FUNCTION create_year_partitions(integer) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION create_year_partitions(integer) TO {role}")
    for year in years:
        op.execute(f"SELECT create_year_partitions({year})")
