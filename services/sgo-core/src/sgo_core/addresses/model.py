"""Address objects by the shape of the state address register (ГАР): the local book that addresses are looked up in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class AddressObject(Base):
    """A region, district, settlement, street or house, valid [valid_from, valid_to); ``gar_id`` where the state register has it.

    ``search_name`` is its name in normal form, ``search_text`` the names from below the region down, each
    after a space: the region's own stands in everything and tells nothing.
    """

    __tablename__ = "address_object"
    __table_args__ = (
        Index("uq_address_object_gar_id", "gar_id", unique=True),
        Index(
            "uq_address_object_name",
            func.coalesce(text("parent_id"), text("id")),
            "level",
            "search_name",
            func.lower(text("type_name")),
            unique=True,
            postgresql_where=text("valid_to IS NULL AND gar_id IS NULL"),
        ),
        Index(
            "ix_address_object_parent_id",
            "parent_id",
            "search_name",
            postgresql_ops={"search_name": "text_pattern_ops"},
        ),
        Index(
            "ix_address_object_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
            postgresql_where=text("level <> 'house' AND valid_to IS NULL"),
        ),
        CheckConstraint("level IN ('region', 'district', 'settlement', 'street', 'house')", name="level"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    gar_id: Mapped[UUID | None] = mapped_column(Uuid)
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("address_object.id"))
    level: Mapped[str] = mapped_column(Text)
    type_name: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    search_name: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    full_text: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(Text)
    oktmo: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class AddressGathering(Base):
    """Up to which change of a table its addresses have been gathered into the book."""

    __tablename__ = "address_gathering"

    relation: Mapped[str] = mapped_column(Text, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_id: Mapped[UUID] = mapped_column(Uuid)
