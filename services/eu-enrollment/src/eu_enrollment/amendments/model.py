"""What applications said before they were changed, and by which documents they were put right."""

from sqlalchemy import Column, DateTime, ForeignKey, ForeignKeyConstraint, Integer, Table, Text, Uuid

from eu_enrollment.database import metadata

application_edition = Table(
    "application_edition",
    metadata,
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Column("version", Integer, primary_key=True, comment="Of the application when it said so last"),
    Column("payload", Text, nullable=False, comment="The body, encrypted"),
    Column("replaced_at", DateTime(timezone=True), nullable=False),
)

application_correction = Table(
    "application_correction",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, comment="Of the application: the step that put it right"),
    Column("document", Text, nullable=False, comment="What shows it, encrypted"),
    ForeignKeyConstraint(
        ["application_id", "version"], ["application_history.application_id", "application_history.version"]
    ),
)
