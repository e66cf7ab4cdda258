"""Workers: teaching, administrative, support; of organizations and of governing bodies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Worker(Recorded, Base):
    """A worker's card; fields as the catalogue has them, sealed ones as ciphertext."""

    __tablename__ = "worker"
    __table_args__ = (
        Index("uq_worker_snils_key", "snils_key", unique=True),
        Index("ix_worker_document_key", "document_key"),
        Index(
            "ix_worker_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    archived_on: Mapped[date | None] = mapped_column(Date)
    search_name: Mapped[str] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date | None] = mapped_column(Date)
    sex: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(Text)
    residence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    registration: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    home_phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    subjects: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    service_since: Mapped[date | None] = mapped_column(Date)
    family_status: Mapped[str | None] = mapped_column(Text)
    inn: Mapped[str | None] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)
    awards: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    education: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    courses: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    qualification: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    staff_category: Mapped[str | None] = mapped_column(Text)
    mobile_phone: Mapped[str | None] = mapped_column(Text)
    citizenship: Mapped[str | None] = mapped_column(Text)
    teaching_since: Mapped[date | None] = mapped_column(Date)
    degree: Mapped[str | None] = mapped_column(Text)
