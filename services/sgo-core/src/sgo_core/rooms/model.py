"""Rooms of organizations."""

from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Room(Recorded, Base):
    """A room, known by its number or name in its building; ``kind`` is a code of the reference book ``room_kinds``.

    ``capacity`` is how many learners it takes at a time. One that is not ``active`` is used no more and keeps its number free.
    """

    __tablename__ = "room"
    __table_args__ = (
        Index("ix_room_organization_id", "organization_id", "id"),
        Index("ix_room_building_id", "building_id"),
        Index(
            "uq_room_number",
            "organization_id",
            "building_id",
            func.lower(text("number")),
            unique=True,
            postgresql_where=text("active"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("capacity BETWEEN 1 AND 2000", name="capacity"),
        CheckConstraint("floor BETWEEN -3 AND 50", name="floor"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    building_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("building.id"))
    number: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    capacity: Mapped[int | None] = mapped_column(Integer)
    floor: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
