"""Entries of reference books, the region's and the organizations' own."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class ReferenceEntry(Recorded, Base):
    """An entry; ``organization_id`` is empty for the region's. An organization's entry of a region's code stands in its place there.

    It is offered from ``valid_from`` to ``valid_to`` (exclusive) while ``active``; what names it keeps its name.
    """

    __tablename__ = "reference_entry"
    __table_args__ = (
        Index(
            "uq_reference_entry_code",
            "book",
            "organization_id",
            "code",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_reference_entry_title",
            "book",
            "organization_id",
            func.lower(text("title")),
            unique=True,
            postgresql_where=text("active"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,39}$'", name="code"),
        CheckConstraint("organization_id IS NOT NULL OR code NOT LIKE 'own\\_%'", name="own_code"),
        CheckConstraint("valid_to > valid_from", name="interval"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    book: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    abbreviation: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))

    def offered(self, day: date) -> bool:
        """Whether it may be chosen on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.active and begun and (self.valid_to is None or day < self.valid_to)
