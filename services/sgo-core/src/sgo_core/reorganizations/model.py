"""Acts on organizations: reorganization, liquidation, change of name, founder, head; and who succeeds whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Reorganization(Recorded, Base):
    """An act of the founder's: drafted, confirmed by another person, then carried out as a run; never altered afterwards.

    ``plan`` is what was asked for (``schemas.Plan``): what goes where. ``effective_date`` is the first day of the new order.
    """

    __tablename__ = "reorganization"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('merger', 'accession', 'division', 'separation', 'transformation', 'rename', 'liquidation', "
            "'founder_change', 'branch_transfer')",
            name="kind",
        ),
        CheckConstraint("state IN ('draft', 'confirmed', 'running', 'done', 'withdrawn')", name="state"),
        CheckConstraint("confirmed_by <> drafted_by", name="two_persons"),
        CheckConstraint("state NOT IN ('confirmed', 'running', 'done') OR confirmed_by IS NOT NULL", name="confirmed"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date] = mapped_column(Date)
    effective_date: Mapped[date] = mapped_column(Date)
    plan: Mapped[Any] = mapped_column(JSONB)
    remark: Mapped[str | None] = mapped_column(Text)
    drafted_by: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    result: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


class ReorganizationParty(Base):
    """An organization that an act is about (predecessor) or that takes over (successor)."""

    __tablename__ = "reorganization_party"
    __table_args__ = (
        CheckConstraint("role IN ('predecessor', 'successor')", name="role"),
        Index("ix_reorganization_party_organization_id", "organization_id", "reorganization_id"),
    )

    reorganization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("reorganization.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text)


class ReorganizationRoute(Base):
    """Where the students of a group go, as it is being carried out: to a group of another organization, or out for a reason."""

    __tablename__ = "reorganization_route"
    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) = (to_group_id IS NULL)", name="target"),
        Index("ix_reorganization_route_group_id", "group_id"),
    )

    reorganization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("reorganization.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("study_group.id"), primary_key=True)
    origin_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    to_group_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("study_group.id"))
    reason: Mapped[str] = mapped_column(Text)
    destination: Mapped[str | None] = mapped_column(Text)


class ReorganizationPart(Base):
    """What a subgroup or a group across classes becomes in an organization that takes its students over."""

    __tablename__ = "reorganization_part"
    __table_args__ = (UniqueConstraint("to_teaching_group_id"),)

    reorganization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("reorganization.id"), primary_key=True)
    teaching_group_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("teaching_group.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    to_teaching_group_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("teaching_group.id"))


class ReorganizationOrder(Base):
    """The order by which an act moves the students of an organization out or in."""

    __tablename__ = "reorganization_order"
    __table_args__ = (UniqueConstraint("order_id"),)

    reorganization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("reorganization.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("movement_order.id"))


class Succession(Base):
    """Who succeeds whom since a day, by which act. Never altered."""

    __tablename__ = "succession"
    __table_args__ = (
        CheckConstraint("predecessor_id <> successor_id", name="distinct"),
        Index("ix_succession_predecessor_id", "predecessor_id"),
        Index("ix_succession_successor_id", "successor_id"),
    )

    reorganization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("reorganization.id"), primary_key=True)
    predecessor_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date)
