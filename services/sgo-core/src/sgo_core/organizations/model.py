"""Organizations and the municipalities they stand in."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Municipality(Base):
    """Reference data: a municipality by its ОКТМО, valid [from, to)."""

    __tablename__ = "municipality"

    oktmo: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Organization(Recorded, Base):
    """An educational organization, or a sole trader; fields as the catalogue has them. A closed one takes no more students.

    It stands on two lines: of its territory (``municipality``) and of the governing body that founded it (``founder_id``).
    A branch names its head organization (``parent_id``) and shares its numbers.
    """

    __tablename__ = "organization"
    __table_args__ = (
        Index("uq_organization_ogrn", "ogrn", unique=True, postgresql_where=text("parent_id IS NULL")),
        Index("ix_organization_municipality", "municipality", "id"),
        Index("ix_organization_founder_id", "founder_id", "id"),
        Index("ix_organization_parent_id", "parent_id"),
        Index(
            "ix_organization_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        CheckConstraint("kind IN ('school', 'preschool', 'additional')", name="kind"),
        CheckConstraint("locality IN ('urban', 'rural')", name="locality"),
        CheckConstraint("(length(ogrn) = 15) = (length(inn) = 12)", name="numbers"),
        CheckConstraint("parent_id <> id", name="not_own_branch"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    founder_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("governing_body.id"))
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    search_name: Mapped[str] = mapped_column(Text)
    full_name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    locality: Mapped[str] = mapped_column(Text)
    settlement: Mapped[str | None] = mapped_column(Text)
    legal_address: Mapped[Any] = mapped_column(JSONB)
    phones: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    email: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    inn: Mapped[str] = mapped_column(Text)
    kpp: Mapped[str | None] = mapped_column(Text)
    ogrn: Mapped[str] = mapped_column(Text)
    okpo: Mapped[str | None] = mapped_column(Text)
    okato: Mapped[str | None] = mapped_column(Text)
    okogu: Mapped[str | None] = mapped_column(Text)
    charter: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    video_surveillance: Mapped[bool | None] = mapped_column(Boolean)
    networked_computers: Mapped[int | None] = mapped_column(Integer)
    content_filter: Mapped[str | None] = mapped_column(Text)
    link_speed: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    municipality: Mapped[str] = mapped_column(Text, ForeignKey("municipality.oktmo"))
    oktmo: Mapped[str | None] = mapped_column(Text)
    okfs: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
