"""Positions given to accounts, and the history of who gave and ended them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base

UNIT_FITS_ROLE = """CASE unit_kind
    WHEN 'region' THEN role IN ('region_admin', 'ministry_officer')
        AND founder_id IS NULL AND municipality IS NULL AND organization_id IS NULL
    WHEN 'department' THEN role = 'department_officer'
        AND founder_id IS NOT NULL AND municipality IS NULL AND organization_id IS NULL
    WHEN 'municipality' THEN role = 'municipality_operator'
        AND founder_id IS NULL AND municipality IS NOT NULL AND organization_id IS NULL
    WHEN 'organization' THEN role IN ('head', 'coordinator', 'organization_admin', 'secretary', 'teacher')
        AND founder_id IS NULL AND municipality IS NOT NULL AND organization_id IS NOT NULL
    WHEN 'person' THEN role IN ('guardian', 'student')
        AND founder_id IS NULL AND municipality IS NULL AND organization_id IS NULL
    ELSE false END"""


class PositionGrant(Base):
    """A working position of an account: role and unit, from when to when.

    ``municipality`` is ОКТМО, 8 digits; ``founder_id`` the governing body of a department's position.

    The application role may write the end of a grant and nothing else of it.
    """

    __tablename__ = "position_grant"
    __table_args__ = (
        CheckConstraint(UNIT_FITS_ROLE, name="unit_fits_role"),
        CheckConstraint("municipality ~ '^[0-9]{8}$'", name="municipality"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND ended_at >= given_at", name="ended"),
        Index(
            "uq_position_grant_active",
            "account_id",
            "role",
            "unit_kind",
            "founder_id",
            "municipality",
            "organization_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_position_grant_organization_id", "organization_id", "account_id"),
        Index("ix_position_grant_municipality", "municipality", "account_id"),
        Index("ix_position_grant_founder_id", "founder_id", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    unit_kind: Mapped[str]
    founder_id: Mapped[UUID | None]
    municipality: Mapped[str | None]
    organization_id: Mapped[UUID | None]
    given_at: Mapped[datetime]
    given_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class GrantHistory(Base):
    """One act on a grant, never changed nor removed."""

    __tablename__ = "grant_history"
    __table_args__ = (
        CheckConstraint("act IN ('given', 'ended')", name="act"),
        Index("ix_grant_history_account_id", "account_id"),
        Index("uq_grant_history_grant_id_act", "grant_id", "act", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    grant_id: Mapped[UUID]
    account_id: Mapped[UUID]
    act: Mapped[str]
    role: Mapped[str]
    unit_kind: Mapped[str]
    founder_id: Mapped[UUID | None]
    municipality: Mapped[str | None]
    organization_id: Mapped[UUID | None]
    at: Mapped[datetime]
    by: Mapped[str]
