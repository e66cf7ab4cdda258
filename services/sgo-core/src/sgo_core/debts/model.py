"""Academic debts of students who were promoted with them (273-FZ, article 58)."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

ATTEMPTS = 2
FAILED = frozenset({"2", "нз", "н/а"})
_CLEARED = (
    "cleared_on IS NOT DISTINCT FROM CASE WHEN second_mark IN ('5', '4', '3', 'з') THEN second_on "
    "WHEN first_mark IN ('5', '4', '3', 'з') THEN first_on END"
)
_LAST = "(arose_on + INTERVAL '1 year')::DATE + paused_days"


class AcademicDebt(Recorded, Base):
    """A subject that a student owes, with the attempts to clear it: two at most, within a year of the day it arose.

    ``due_on`` is the last day that the organization has set; ``paused_days`` of illness and leave are not counted in the year (part 5).
    ``void``: the closing of the year that it arose from was taken back.
    """

    belongs_to = ("student_id",)

    __tablename__ = "academic_debt"
    __table_args__ = (
        UniqueConstraint("student_id", "academic_year", "subject_key"),
        CheckConstraint(f"paused_days >= 0 AND due_on > arose_on AND due_on <= {_LAST}", name="term"),
        CheckConstraint(
            "num_nulls(first_on, first_mark, first_by) IN (0, 3) AND num_nulls(second_on, second_mark, second_by) IN (0, 3)",
            name="attempts",
        ),
        CheckConstraint(
            "second_on IS NULL OR (first_on IS NOT NULL AND second_on > first_on AND first_mark IN ('2', 'нз', 'н/а'))",
            name="second",
        ),
        CheckConstraint(f"first_on > arose_on AND greatest(first_on, second_on) <= {_LAST}", name="within"),
        CheckConstraint(
            "first_mark IN ('5', '4', '3', '2', 'з', 'нз', 'н/а') AND second_mark IN ('5', '4', '3', '2', 'з', 'нз', 'н/а')",
            name="marks",
        ),
        CheckConstraint(_CLEARED, name="cleared"),
        Index("ix_academic_debt_open", "id", postgresql_where=text("cleared_on IS NULL AND NOT void")),
        Index("ix_academic_debt_organization_id", "organization_id", "academic_year"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    subject: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text)
    arose_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    paused_days: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    first_on: Mapped[date | None] = mapped_column(Date)
    first_mark: Mapped[str | None] = mapped_column(Text)
    first_by: Mapped[str | None] = mapped_column(Text)
    second_on: Mapped[date | None] = mapped_column(Date)
    second_mark: Mapped[str | None] = mapped_column(Text)
    second_by: Mapped[str | None] = mapped_column(Text)
    cleared_on: Mapped[date | None] = mapped_column(Date)
    void: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))

    @property
    def attempts(self) -> list[tuple[date, str, str]]:
        """Day, mark and who recorded it, of each attempt."""
        both = (self.first_on, self.first_mark, self.first_by), (self.second_on, self.second_mark, self.second_by)
        return [(on, mark, by) for on, mark, by in both if on is not None and mark is not None and by is not None]

    def overdue_on(self, day: date) -> bool:
        """Whether the debt should have been cleared before a day."""
        return self.cleared_on is None and self.due_on < day
