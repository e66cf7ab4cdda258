"""Where the former states of rows are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class RowHistory(Base):
    """A row as it stood over [recorded_from, recorded_to), as JSON of its columns. Sealed fields stand as ciphertext."""

    __tablename__ = "row_history"
    __table_args__ = (
        Index("ix_row_history_row_id", "row_id", "recorded_to"),
        Index("ix_row_history_subjects", "subjects", postgresql_using="gin"),
        CheckConstraint("recorded_to > recorded_from", name="interval"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    relation: Mapped[str] = mapped_column(Text)
    row_id: Mapped[UUID] = mapped_column(Uuid)
    subjects: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    recorded_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_to: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    row: Mapped[dict[str, Any]] = mapped_column(JSONB)
