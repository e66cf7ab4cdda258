"""Every table of the service.

The tables stand in ``migrations/tables``, a file per slice, made in the order of the names. A statement ends with a semicolon
and an empty line.

Revision ID: 0001
Revises:
"""

from importlib.resources import files

from alembic import op

from orgdirectory import migrations as directory
from servicekit.migrations import outward, runtime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "notification_told",
    "application_edition",
    "application_correction",
    "application_history",
    "acceptance_block",
    "acceptance_leaf",
    "allocation",
    "allocation_outcome",
    "allocation_document",
    "allocation_document_part",
    "admission_order",
    "order_annulment",
    "referral_extension",
    "lottery",
    "lottery_draw",
    "territory_act",
    "territory_line",
    "queue_stay",
    "outward_exchange",
)


def upgrade() -> None:
    runtime.create_v1()
    directory.create_organizations_v1()
    directory.create_groups_v1()
    outward.create_v1()
    folder = files("eu_enrollment.migrations").joinpath("tables")
    for script in sorted(folder.iterdir(), key=lambda one: one.name):
        for statement in script.read_text(encoding="utf-8").split(";\n\n"):
            op.get_bind().exec_driver_sql(statement)
    runtime.grant("enrollment_app", APPEND_ONLY)
