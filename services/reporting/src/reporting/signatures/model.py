"""Table of outside signatures."""

from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint, Uuid

from reporting.metadata import metadata
from servicekit.signing.keeping import signature_columns

report_signature = Table(
    "report_signature",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    *signature_columns(),
    UniqueConstraint("report_id", "sha256"),
    ForeignKeyConstraint(["report_id"], ["report.id"]),
    comment="Immutable: detached signatures under the canonical bytes of reports; content is encrypted, as it names officials",
)
