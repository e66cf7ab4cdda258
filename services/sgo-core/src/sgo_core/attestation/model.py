"""Methodical works of workers (App.2 2.1.8) and their attestation (App.1 2.3)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class MethodicalWork(Recorded, Base):
    """A programme, a guide, an article, a project of a worker."""

    belongs_to = ("worker_id",)

    __tablename__ = "methodical_work"
    __table_args__ = (
        Index("ix_methodical_work_worker_id", "worker_id", "id"),
        CheckConstraint(
            "kind IN ('programme', 'guide', 'lesson', 'article', 'project', 'talk', 'master_class', 'other')",
            name="kind",
        ),
        CheckConstraint(
            "level IN ('organization', 'municipality', 'region', 'country', 'international')", name="level"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("worker.id"))
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    published_in: Mapped[str | None] = mapped_column(Text)
    dated_on: Mapped[date] = mapped_column(Date)
    link: Mapped[str | None] = mapped_column(Text)
    removed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class Attestation(Recorded, Base):
    """A worker's attestation for a category in a post: planned, applied for, granted or refused by an order.

    Fitness for the post is certified by the organization's own commission every five years, categories by the region's at the
    worker's wish (приказ Минпросвещения от 24.03.2023 № 196).
    """

    belongs_to = ("worker_id",)

    __tablename__ = "attestation"
    __table_args__ = (
        Index("ix_attestation_organization_id", "organization_id", "id"),
        Index(
            "uq_attestation_open",
            "worker_id",
            "organization_id",
            "post_code",
            "category",
            unique=True,
            postgresql_where=text("state IN ('planned', 'applied')"),
        ),
        CheckConstraint("category IN ('fits_post', 'first', 'highest', 'methodist', 'mentor')", name="category"),
        CheckConstraint("state IN ('planned', 'applied', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("state IN ('planned', 'withdrawn') OR applied_on IS NOT NULL", name="applied"),
        CheckConstraint(
            "(state IN ('granted', 'refused')) = (decided_on IS NOT NULL) "
            "AND (decided_on IS NULL) = (order_number IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_on >= applied_on", name="order"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("worker.id"))
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    post_code: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    planned_on: Mapped[date] = mapped_column(Date)
    applied_on: Mapped[date | None] = mapped_column(Date)
    application_number: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None] = mapped_column(Date)
    order_number: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
