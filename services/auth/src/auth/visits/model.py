"""Counts of visits."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


class VisitCount(Base):
    """Positions of a role on a unit over a day, counted once when the day is over.

    ``holders`` are accounts that had the position, ``visitors`` those of them that worked in it, ``sessions`` the sign-ins in it.
    """

    __tablename__ = "visit_count"
    __table_args__ = (
        UniqueConstraint(
            "day",
            "role",
            "founder_id",
            "municipality",
            "organization_id",
            name="uq_visit_count_unit",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("0 <= visitors AND visitors <= holders AND sessions >= 0", name="counts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    role: Mapped[str]
    founder_id: Mapped[UUID | None]
    municipality: Mapped[str | None]
    organization_id: Mapped[UUID | None]
    holders: Mapped[int]
    visitors: Mapped[int]
    sessions: Mapped[int]


class WorkedDay(Base):
    """A day on which the holder of a position in an organization worked in it, told to nobody but the organization."""

    __tablename__ = "worked_day"
    __table_args__ = (Index("ix_worked_day_day", "day", postgresql_using="brin"),)

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("position_grant.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
