from alembic import op

from servicekit.migrations import runtime, sealing, years

revision = "0001"
down_revision = None


def upgrade() -> None:
    runtime.create_v1()
    op.execute(
        "CREATE TABLE item (id uuid CONSTRAINT pk_item PRIMARY KEY, name text NOT NULL, version integer NOT NULL DEFAULT 1, "
        "CONSTRAINT uq_item_name UNIQUE (name))"
    )
    op.execute("CREATE TABLE seen (id uuid CONSTRAINT pk_seen PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY NOT NULL)")
    owner = op.get_bind().exec_driver_sql("SELECT current_user").scalar_one()
    salted = "salt uuid NOT NULL DEFAULT gen_random_uuid(), value text"
    op.execute(f"CREATE TABLE plain_change (id uuid CONSTRAINT pk_plain_change PRIMARY KEY, {salted})")
    op.execute(
        f"CREATE TABLE year_change (organization_id uuid, academic_year integer, id uuid, {salted},"
        " comment text, points numeric, at timestamptz NOT NULL DEFAULT now(),"
        " CONSTRAINT pk_year_change PRIMARY KEY (organization_id, academic_year, id)) PARTITION BY LIST (academic_year)"
    )
    role = owner.replace("_owner", "_app")
    runtime.grant(role)
    sealing.create_v1(role, "plain_change", {"id": "uuid"}, erasable=["value"])
    sealing.create_v1(
        role,
        "year_change",
        {"organization_id": "uuid", "academic_year": "integer", "id": "uuid"},
        erasable=["value", "comment"],
        partition_by="LIST (academic_year)",
    )
    per_year = ["year_change", "year_change_leaf", "year_change_unsealed", "year_change_erasure"]
    years.create_year_partitions_v1(role, per_year, [2025])
