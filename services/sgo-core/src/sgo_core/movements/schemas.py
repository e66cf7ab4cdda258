"""HTTP shapes of movements, students' lists and the contingent."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.movements.reasons import Reason

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
OrderNumber = Annotated[Line, StringConstraints(max_length=50)]


class OrderIn(Body):
    """An order: number and date."""

    number: OrderNumber
    date: Day


LineKind = Literal[
    "enrolled",
    "restored",
    "transferred_between_groups",
    "transferred_between_organizations",
    "academic_leave_started",
    "academic_leave_ended",
    "graduated",
    "departed",
]


class MovementIn(Body):
    """A line of an order.

    Enrolment, restoration and transfer between groups name the group they lead to, a departure and a graduation their reason, the
    beginning of an academic leave the day it lasts until (exclusive). A transfer to another organization needs one that is agreed:
    it says where to; an enrolment carries out the transfer that leads here.

    A line with a programme is about additional education by it, and never touches the main place of study.
    """

    student_id: UUID
    kind: LineKind
    effective_date: Day
    until: Annotated[Day | None, Field(title="Академический отпуск до (не включая)")] = None
    group_id: UUID | None = None
    programme_id: Annotated[UUID | None, Field(title="Программа дополнительного образования")] = None
    reason: Annotated[Line | None, Field(title="Причина выбытия (код справочника)")] = None
    destination: Annotated[Line | None, Field(title="Куда выбыл")] = None


class OrderDraft(OrderIn):
    """An order to draft: all its lines are carried out when it is signed, or none."""

    movements: Annotated[list[MovementIn], Field(min_length=1, max_length=500)]


class OrderPatch(Body):
    """What changes in a draft; ``movements`` replaces the lines."""

    number: OrderNumber = ABSENT
    date: Day = ABSENT
    movements: Annotated[list[MovementIn], Field(min_length=1, max_length=500)] = ABSENT


class ReturnIn(Body):
    """Why an order goes back to be mended."""

    remark: Text


class CancelIn(OrderIn):
    """An order that undoes a signed one, and why."""

    reason: Text


class OrderOut(OrderIn):
    """An order, with what it asks for until it is signed and after."""

    id: UUID
    organization_id: UUID
    state: Literal["draft", "checked", "signed", "withdrawn"]
    movements: list[MovementIn]
    cancels: UUID | None
    remark: str | None
    drafted_by: str
    checked_by: str | None
    signed_by: str | None
    signed_at: datetime | None
    version: int


class ReasonsOut(Body):
    """All reasons of departure."""

    items: list[Reason]


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
    destination: str | None
    leave_until: date | None
    transfer_id: UUID | None
    application_id: UUID | None
    recorded_at: datetime


class StudentLineOut(Body):
    """A student of an organization on a date; names and birth date as the reader may see them.

    A child who attends additional education there has a line for each programme, apart from the main one.
    """

    id: UUID
    membership_id: UUID
    values: Values
    masked: Masked
    group_id: UUID | None
    group_name: str | None
    main: bool
    programme_id: UUID | None
    since: date
    on_leave_until: Annotated[date | None, Field(title="В академическом отпуске до")]


class GroupCountOut(Body):
    """Students of a group on a date."""

    group_id: UUID
    count: int


class ContingentOut(Body):
    """Main memberships of an organization on a date, and of its groups.

    Additional education is counted apart: ``additional_total`` children, each once, and the places they take in groups.
    """

    organization_id: UUID
    date: date
    total: int
    groups: list[GroupCountOut]
    additional_total: int
    additional_groups: list[GroupCountOut]


class OrganizationCountOut(Body):
    """Main memberships of an organization on a date."""

    organization_id: UUID
    date: date
    total: int
