from alembic import op

from servicekit.migrations import runtime

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
    runtime.grant(owner.replace("_owner", "_app"))
