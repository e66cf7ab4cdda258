"""Data definition of what seals a history (``servicekit.sealing.history``), frozen by version as ``runtime`` is.

The history has a key, ``salt uuid NOT NULL DEFAULT gen_random_uuid()`` and its content. The application role adds rows to it and to the
chain, and changes neither: keys of new rows reach the queue by a row trigger, and a lawful erasure blanks a row by a function, both with
the owner's rights. The trigger is of the row and not of the statement, so that it goes with the partitions and, one day, with the shards.
"""

from collections.abc import Mapping, Sequence

from alembic import op

_BLOCK_V1 = """CREATE TABLE {table}_block (
    number integer CONSTRAINT pk_{table}_block PRIMARY KEY, epoch integer NOT NULL,
    previous bytea NOT NULL CONSTRAINT uq_{table}_block_previous UNIQUE, root bytea NOT NULL,
    size integer NOT NULL CONSTRAINT ck_{table}_block_size CHECK (size > 0),
    sealed_at timestamptz NOT NULL, hash bytea NOT NULL)"""
_LEAF_V1 = """CREATE TABLE {table}_leaf ({columns},
    block_number integer NOT NULL CONSTRAINT fk_{table}_leaf_block_number REFERENCES {table}_block, digest bytea NOT NULL,
    CONSTRAINT pk_{table}_leaf PRIMARY KEY ({key})){partition}"""
_LEAF_INDEX_V1 = "CREATE INDEX ix_{table}_leaf_block_number ON {table}_leaf (block_number)"
_UNSEALED_V1 = (
    "CREATE TABLE {table}_unsealed ({columns}, CONSTRAINT pk_{table}_unsealed PRIMARY KEY ({key})){partition}"
)
_ERASURE_V1 = """CREATE TABLE {table}_erasure ({columns},
    ground text NOT NULL, erased_by text NOT NULL, erased_at timestamptz NOT NULL, digest bytea NOT NULL,
    CONSTRAINT pk_{table}_erasure PRIMARY KEY ({key}),
    CONSTRAINT fk_{table}_erasure_{underscored} FOREIGN KEY ({key}) REFERENCES {table}_leaf ({key})){partition}"""
_QUEUE_V1 = """CREATE FUNCTION {table}_unsealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO {table}_unsealed ({key}) VALUES ({new});
    RETURN NULL;
END $$"""
_TRIGGER_V1 = "CREATE TRIGGER {table}_unsealed AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_unsealed()"
_ERASE_V1 = """CREATE FUNCTION erase_{table}({arguments}, on_ground text, by_whom text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    UPDATE {table} SET {blank} WHERE ({key}) = ({parameters});
    INSERT INTO {table}_erasure ({key}, ground, erased_by, erased_at, digest)
    SELECT {key}, on_ground, by_whom, now(), sha256(uuid_send(h.salt) || convert_to(
        (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(to_jsonb(h) - 'salt') AS f
         WHERE f.value <> 'null'::jsonb)::text, 'UTF8'))
    FROM {table} h WHERE ({key}) = ({parameters});
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such row' USING ERRCODE = 'no_data_found';
    END IF;
END $$"""
_NO_SALT = "'00000000-0000-0000-0000-000000000000'"
_CREATE_V1 = (_BLOCK_V1, _LEAF_V1, _LEAF_INDEX_V1, _UNSEALED_V1, _ERASURE_V1, _QUEUE_V1, _TRIGGER_V1, _ERASE_V1)


def create_v1(
    role: str, table: str, key: Mapping[str, str], erasable: Sequence[str] = (), partition_by: str | None = None
) -> None:
    """Create what seals ``table``, whose key has these columns and types.

    Call it after ``runtime.grant``, which would else give the role more rights than it may have, and before the partitions are made:
    the tables ``_leaf``, ``_unsealed`` and ``_erasure`` are partitioned as the history is and belong, in this order, among those tables.
    """
    names = list(key)
    words = {
        "table": table,
        "key": ", ".join(names),
        "underscored": "_".join(names),
        "columns": ", ".join(f"{name} {kind} NOT NULL" for name, kind in key.items()),
        "new": ", ".join(f"NEW.{name}" for name in names),
        "arguments": ", ".join(f"of_{name} {kind}" for name, kind in key.items()),
        "parameters": ", ".join(f"of_{name}" for name in names),
        "blank": ", ".join([f"salt = {_NO_SALT}", *(f"{name} = NULL" for name in erasable)]),
        "partition": "" if partition_by is None else f" PARTITION BY {partition_by}",
    }
    for statement in _CREATE_V1:
        op.execute(statement.format(**words))
    arguments = ", ".join([*key.values(), "text", "text"])
    op.execute(f"REVOKE ALL ON FUNCTION {table}_unsealed(), erase_{table}({arguments}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_{table}({arguments}) TO {role}")
    grant_v1(role, table)


def grant_v1(role: str, table: str) -> None:
    """The role's rights on a sealed history and what seals it: a later migration that calls ``runtime.grant`` calls this after it."""
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    op.execute(f"REVOKE ALL ON {table}_block, {table}_leaf, {table}_unsealed, {table}_erasure FROM {role}")
    op.execute(f"GRANT SELECT, INSERT ON {table}_block, {table}_leaf TO {role}")
    op.execute(f"GRANT SELECT, DELETE ON {table}_unsealed TO {role}")
    op.execute(f"GRANT SELECT ON {table}_erasure TO {role}")
