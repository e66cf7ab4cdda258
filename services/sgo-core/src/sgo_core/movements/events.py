"""Lines of the movement book as contract events."""

from datetime import date
from uuid import UUID

from asu_contracts.core import MovementKind, MovementRecorded
from asu_contracts.core import Placement as PlacementOut
from sgo_core.movements.model import Movement, Placement


def placement_out(placement: Placement, academic_year: int, grade: int | None, *, main: bool) -> PlacementOut:
    """A placement as an event shows it."""
    return PlacementOut(
        placement_id=placement.id,
        organization_id=placement.organization_id,
        group_id=placement.group_id,
        academic_year=academic_year,
        grade=grade,
        main=main,
    )


def movement_recorded(
    movement: Movement,
    statistical_id: UUID,
    opened: PlacementOut | None,
    closed: PlacementOut | None,
    leave_until: date | None = None,
) -> MovementRecorded:
    """A line of the movement book."""
    return MovementRecorded(
        movement_id=movement.id,
        student_id=movement.told_of,
        statistical_id=statistical_id,
        kind=MovementKind(movement.kind),
        effective_date=movement.effective_date,
        recorded_at=movement.recorded_at,
        opened=opened,
        closed=closed,
        application_id=movement.application_id,
        leave_until=leave_until,
    )
