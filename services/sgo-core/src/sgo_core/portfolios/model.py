"""Personal portfolios (App.1 2.2 «личный портфолио»)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Text, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.cards.owning import Owned
from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class PortfolioEntry(Owned, Recorded, Base):
    """Something its owner wants to show: a work, a review, a plan. ``shared`` ones are seen by the staff of the organization.

    The owner is a person with a card, or the account (of the service auth) of one without.
    """

    owners = ("student", "guardian", "worker", "account")
    belongs_to = ("student_id", "guardian_id", "worker_id", "account_id")

    __tablename__ = "portfolio_entry"
    __table_args__ = (
        Index("ix_portfolio_entry_student_id", "student_id", "id"),
        Index("ix_portfolio_entry_guardian_id", "guardian_id", "id"),
        Index("ix_portfolio_entry_worker_id", "worker_id", "id"),
        Index("ix_portfolio_entry_account_id", "account_id", "id"),
        CheckConstraint("num_nonnulls(student_id, guardian_id, worker_id, account_id) = 1", name="owner"),
        CheckConstraint(
            "section IN ('about', 'works', 'projects', 'reviews', 'documents', 'plans', 'other')", name="section"
        ),
        CheckConstraint("removed OR text IS NOT NULL OR link IS NOT NULL", name="content"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("student.id"))
    guardian_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("guardian.id"))
    worker_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("worker.id"))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    section: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    dated_on: Mapped[date | None] = mapped_column(Date)
    shared: Mapped[bool] = mapped_column(Boolean)
    removed: Mapped[bool] = mapped_column(Boolean, server_default=false())
