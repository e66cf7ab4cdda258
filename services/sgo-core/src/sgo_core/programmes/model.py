"""Programmes of additional education: of art and sports schools, and of clubs inside schools and preschools."""

from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Programme(Recorded, Base):
    """A programme of additional education that an organization carries out.

    ``orientation`` as 1-ДОП counts it; ages in full years, both inclusive; ``hours`` of the whole programme; ``adapted``: for
    children with special needs. One that is not ``active`` opens no more groups.
    """

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_programme_title",
            "organization_id",
            func.lower(text("title")),
            unique=True,
            postgresql_where=text("active"),
        ),
        CheckConstraint(
            "orientation IN ('technical', 'science', 'sports', 'arts', 'tourism', 'social')", name="orientation"
        ),
        CheckConstraint("age_from >= 1 AND age_from <= age_to AND age_to <= 99", name="ages"),
        CheckConstraint("funding IN ('budget', 'certificate', 'paid')", name="funding"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(Text)
    orientation: Mapped[str] = mapped_column(Text)
    age_from: Mapped[int] = mapped_column(Integer)
    age_to: Mapped[int] = mapped_column(Integer)
    hours: Mapped[int] = mapped_column(Integer)
    duration_months: Mapped[int] = mapped_column(Integer)
    funding: Mapped[str] = mapped_column(Text)
    adapted: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
