"""HTTP shapes of rooms."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text

Number = Annotated[Line, StringConstraints(max_length=40), Field(title="Номер или название")]
Title = Annotated[Line, StringConstraints(max_length=200), Field(title="Название")]
RoomKind = Annotated[Line, StringConstraints(max_length=40), Field(title="Вид помещения (код справочника)")]
Capacity = Annotated[int, Field(ge=1, le=2000, title="Мест")]
Floor = Annotated[int, Field(ge=-3, le=50, title="Этаж")]
Building = Annotated[UUID, Field(title="Здание")]


class RoomIn(Body):
    """A room to enter."""

    number: Number
    title: Title | None = None
    kind: RoomKind
    building_id: Building | None = None
    capacity: Capacity | None = None
    floor: Floor | None = None


class RoomPatch(Body):
    """What to change in a room, and why; one that is not active is used no more."""

    reason: Text
    number: Number = ABSENT
    title: Title | None = ABSENT
    kind: RoomKind = ABSENT
    building_id: Building | None = ABSENT
    capacity: Capacity | None = ABSENT
    floor: Floor | None = ABSENT
    active: bool = ABSENT


class RoomOut(Body):
    """A room."""

    id: UUID
    organization_id: UUID
    building_id: UUID | None
    number: str
    title: str | None
    kind: str
    capacity: int | None
    floor: int | None
    active: bool
    version: int
