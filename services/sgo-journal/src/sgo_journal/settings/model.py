"""What an organization decides about its journals."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class JournalSettings(Base):
    """Settings of an organization; one without a row has those of ``settings.service.DEFAULTS``.

    ``edit_days``: for how many days after a lesson its teacher may write; none: until the period is closed.
    ``class_teacher_writes``: whether a class teacher may write in every journal of the class.
    """

    __tablename__ = "journal_settings"
    __table_args__ = (CheckConstraint("edit_days BETWEEN 0 AND 366", name="edit_days"),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    edit_days: Mapped[int | None]
    class_teacher_writes: Mapped[bool]
    version: Mapped[int]
