"""What students and workers have achieved (App.2 2.1.9)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.cards.owning import Owned
from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Achievement(Owned, Recorded, Base):
    """A diploma, a place in an olympiad, a season in a club. What a family or a worker states counts once staff has confirmed it."""

    owners = ("student", "worker")
    belongs_to = ("student_id", "worker_id")

    __tablename__ = "achievement"
    __table_args__ = (
        Index("ix_achievement_student_id", "student_id", "id"),
        Index("ix_achievement_worker_id", "worker_id", "id"),
        CheckConstraint("num_nonnulls(student_id, worker_id) = 1", name="owner"),
        CheckConstraint(
            "kind IN ('olympiad', 'contest', 'sport', 'conference', 'club', 'volunteering', 'award', 'other')",
            name="kind",
        ),
        CheckConstraint(
            "level IN ('organization', 'municipality', 'region', 'country', 'international')", name="level"
        ),
        CheckConstraint("result IN ('winner', 'prizewinner', 'finalist', 'participant')", name="result"),
        CheckConstraint("place BETWEEN 1 AND 1000", name="place"),
        CheckConstraint("state IN ('stated', 'confirmed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('confirmed', 'refused')) = (decided_by IS NOT NULL)", name="decided"),
        CheckConstraint("state <> 'refused' OR remark IS NOT NULL", name="remark"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("student.id"))
    worker_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("worker.id"))
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    place: Mapped[int | None] = mapped_column(Integer)
    subject: Mapped[str | None] = mapped_column(Text)
    organizer: Mapped[str | None] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    document: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
