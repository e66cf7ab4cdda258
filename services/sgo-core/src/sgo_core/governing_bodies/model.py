"""Governing bodies of education: the ministry, departments (РОИВ), municipal bodies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class GoverningBody(Recorded, Base):
    """The ministry, a department (РОИВ) or a municipal body; ``responsible``: who answers for what, with contacts."""

    __tablename__ = "governing_body"
    __table_args__ = (
        Index(
            "uq_governing_body_municipality",
            "municipality",
            unique=True,
            postgresql_where=text("abolished_on IS NULL"),
        ),
        Index(
            "uq_governing_body_ministry",
            "kind",
            unique=True,
            postgresql_where=text("kind = 'ministry' AND abolished_on IS NULL"),
        ),
        CheckConstraint("kind IN ('ministry', 'department', 'municipality')", name="kind"),
        CheckConstraint("(kind = 'municipality') = (municipality IS NOT NULL)", name="territory"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    full_name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    municipality: Mapped[str | None] = mapped_column(Text, ForeignKey("municipality.oktmo"))
    address: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    phones: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    email: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    responsible: Mapped[Any] = mapped_column(JSONB)
    abolished_on: Mapped[date | None] = mapped_column(Date)
