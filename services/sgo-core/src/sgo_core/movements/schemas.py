"""HTTP shapes of movements, students' lists and the contingent."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import Body, Line, Text
from sgo_core.cards.schemas import Masked, Values

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
OrderNumber = Annotated[Line, StringConstraints(max_length=50)]


class OrderIn(Body):
    """An order: number and date."""

    number: OrderNumber
    date: Day


class MovementIn(Body):
    """A line of the order. A transfer names the group it leads to; a departure does not."""

    student_id: UUID
    kind: Literal["transferred_between_groups", "departed"]
    effective_date: Day
    group_id: UUID | None = None
    reason: Text | None = None


class MovementsIn(Body):
    """An order and its lines: all are carried out or none."""

    order: OrderIn
    movements: Annotated[list[MovementIn], Field(min_length=1, max_length=500)]


class MovementOut(Body):
    """A line of the movement book."""

    id: UUID
    student_id: UUID
    organization_id: UUID
    kind: str
    effective_date: date
    order: OrderIn
    opened_group_id: UUID | None
    closed_group_id: UUID | None
    reason: str | None
    application_id: UUID | None
    recorded_at: datetime


class RecordedOut(Body):
    """Recorded lines in the order of the request."""

    order_id: UUID
    movement_ids: list[UUID]


class StudentLineOut(Body):
    """A student of an organization on a date; names and birth date as the reader may see them."""

    id: UUID
    values: Values
    masked: Masked
    group_id: UUID | None
    group_name: str | None
    main: bool
    since: date


class GroupCountOut(Body):
    """Students of a group on a date."""

    group_id: UUID
    count: int


class ContingentOut(Body):
    """Main memberships of an organization on a date, and of its groups."""

    organization_id: UUID
    date: date
    total: int
    groups: list[GroupCountOut]


class OrganizationCountOut(Body):
    """Main memberships of an organization on a date."""

    organization_id: UUID
    date: date
    total: int
