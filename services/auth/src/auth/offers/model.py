"""Guardians, students and workers as core last described them."""

from uuid import UUID

from sqlalchemy import Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


def full_name(last_name: str, first_name: str, middle_name: str | None) -> str:
    """Surname first, as documents have it."""
    return " ".join(part for part in (last_name, first_name, middle_name) if part)


class OfferedGuardian(Base):
    """A guardian whom the named organizations may give an account."""

    __tablename__ = "offered_guardian"
    __table_args__ = (Index("ix_offered_guardian_organization_ids", "organization_ids", postgresql_using="gin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    organization_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sequence: Mapped[str]

    @property
    def display_name(self) -> str:
        """Full name as on an account."""
        return full_name(self.last_name, self.first_name, self.middle_name)


class OfferedWorker(Base):
    """A worker who holds posts in the named organizations today; ``teaching_ids`` are those where one of them is pedagogical.

    One whose card is not active is named by none.
    """

    __tablename__ = "offered_worker"
    __table_args__ = (Index("ix_offered_worker_organization_ids", "organization_ids", postgresql_using="gin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    organization_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    teaching_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sequence: Mapped[str]

    @property
    def display_name(self) -> str:
        """Full name as on an account."""
        return full_name(self.last_name, self.first_name, self.middle_name)


class OfferedStudent(Base):
    """A student whom the organization of the main membership in force today, if there is one, may give an account."""

    __tablename__ = "offered_student"
    __table_args__ = (Index("ix_offered_student_organization_id", "organization_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    organization_id: Mapped[UUID | None]
    sequence: Mapped[str]

    @property
    def display_name(self) -> str:
        """Full name as on an account."""
        return full_name(self.last_name, self.first_name, self.middle_name)
