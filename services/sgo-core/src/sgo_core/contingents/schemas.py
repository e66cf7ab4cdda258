"""HTTP shapes of counts and leavers."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import Body
from sgo_core.cards.schemas import Masked, Values

Part = Literal["municipality", "founder", "kind", "organization", "grade", "sex"]
LeavingKind = Literal["departed", "graduated", "transferred_between_organizations"]


class PartOut(Body):
    """Main members of a part of the whole; ``code`` is null for those who belong to none."""

    code: str | None
    title: str
    total: int


class ConsolidatedOut(Body):
    """Main members on a date, whole and by parts."""

    date: date
    total: int
    parts: list[PartOut]


class DynamicsOut(Body):
    """How the number of main members came about between two days: ``start + arrived - left = end``.

    ``moved_inside`` of those arrived and left went on the same day from one of the organizations counted to another: they are in both.
    """

    since: date
    until: date
    start: int
    arrived: int
    left: int
    end: int
    moved_inside: int


class LeaverOut(Body):
    """A student who left, as the reader may see it."""

    id: UUID
    student_id: UUID
    values: Values
    masked: Masked
    kind: LeavingKind
    effective_date: date
    group_name: Annotated[str, Field(title="Класс (группа) при выбытии")]
    grade: int | None
    reason: str | None
    reason_title: str | None
    destination: str | None
    order_number: str
    order_date: date
