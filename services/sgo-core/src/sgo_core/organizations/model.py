"""Organizations and the municipalities they stand in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class Municipality(Base):
    """Reference data: a municipality by its ОКТМО, valid [from, to)."""

    __tablename__ = "municipality"

    oktmo: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Organization(Base):
    """A school or a preschool. A closed one (``active`` false) takes no more students.

    It stands on two lines: of its territory (``municipality``) and of the governing body that founded it (``founder_id``).
    """

    __tablename__ = "organization"
    __table_args__ = (
        Index("uq_organization_ogrn", "ogrn", unique=True),
        Index("ix_organization_municipality", "municipality", "id"),
        Index("ix_organization_founder_id", "founder_id", "id"),
        CheckConstraint("kind IN ('school', 'preschool')", name="kind"),
        CheckConstraint("locality IN ('urban', 'rural')", name="locality"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    full_name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    municipality: Mapped[str] = mapped_column(Text, ForeignKey("municipality.oktmo"))
    locality: Mapped[str] = mapped_column(Text)
    founder_id: Mapped[UUID | None] = mapped_column(Uuid)
    inn: Mapped[str] = mapped_column(Text)
    ogrn: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
