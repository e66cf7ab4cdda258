"""Table of official blanks."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

blank = Table(
    "blank",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("form", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("anchors", JSONB, nullable=False),
    Column("supplied_at", DateTime(timezone=True), nullable=False),
    Column("supplied_by", Text, nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    UniqueConstraint("form", "edition", "version"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    CheckConstraint("version >= 1", name="version"),
    comment="Official blanks of forms: the newest version that was not withdrawn is filled; what was filled stays to be made again",
)
