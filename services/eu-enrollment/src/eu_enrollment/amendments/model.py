"""What applications said before they were changed."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from eu_enrollment.database import metadata

application_edition = Table(
    "application_edition",
    metadata,
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("version", Integer, primary_key=True, comment="Of the application when it said so last"),
    Column("payload", Text, nullable=False, comment="The body, encrypted"),
    Column("replaced_at", DateTime(timezone=True), nullable=False),
)
