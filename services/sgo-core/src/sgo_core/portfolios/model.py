"""Personal portfolios (App.1 2.2 «личный портфолио»)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Text, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class PortfolioEntry(Recorded, Base):
    """Something its owner wants to show: a work, a review, a plan. ``shared`` ones are seen by the staff of the organization.

    The owner is a person with a card, or the account of one without.
    """

    belongs_to = ("owner_id",)

    __tablename__ = "portfolio_entry"
    __table_args__ = (
        Index("ix_portfolio_entry_owner_id", "owner_id", "id"),
        CheckConstraint("owner_kind IN ('student', 'guardian', 'worker', 'account')", name="owner_kind"),
        CheckConstraint(
            "section IN ('about', 'works', 'projects', 'reviews', 'documents', 'plans', 'other')", name="section"
        ),
        CheckConstraint("removed OR text IS NOT NULL OR link IS NOT NULL", name="content"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_kind: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    section: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    dated_on: Mapped[date | None] = mapped_column(Date)
    shared: Mapped[bool] = mapped_column(Boolean)
    removed: Mapped[bool] = mapped_column(Boolean, server_default=false())
