"""Buildings of organizations."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Building(Recorded, Base):
    """A building an organization uses, [used_from, used_to): ``area`` in m², ``capacity`` in learners by design.

    ``lessons``: whether lessons are held there. It keeps its id when another organization takes it over.
    """

    belongs_to = ("id", "organization_id")

    __tablename__ = "building"
    __table_args__ = (
        Index("ix_building_organization_id", "organization_id", "id"),
        CheckConstraint(
            "purpose IN ('academic', 'preschool', 'boarding', 'sport', 'canteen', 'workshop', 'administrative', 'other')",
            name="purpose",
        ),
        CheckConstraint("tenure IN ('operational', 'own', 'rent', 'free_use')", name="tenure"),
        CheckConstraint("accessibility IN ('full', 'partial', 'none')", name="accessibility"),
        CheckConstraint("area > 0", name="area"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("built_in BETWEEN 1600 AND 2100", name="built_in"),
        CheckConstraint("used_to >= used_from", name="interval"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    address: Mapped[Any] = mapped_column(JSONB)
    area: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    capacity: Mapped[int | None] = mapped_column(Integer)
    built_in: Mapped[int | None] = mapped_column(Integer)
    tenure: Mapped[str] = mapped_column(Text)
    tenure_document: Mapped[str | None] = mapped_column(Text)
    accessibility: Mapped[str | None] = mapped_column(Text)
    lessons: Mapped[bool] = mapped_column(Boolean)
    used_from: Mapped[date] = mapped_column(Date)
    used_to: Mapped[date | None] = mapped_column(Date)
