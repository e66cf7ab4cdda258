"""Carrying out the lines of a signed order: all of them or none."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import repository
from sgo_core.movements.clerk import TWICE, Clerk, RefusedLineError
from sgo_core.movements.errors import MovementsRefusedError
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import Membership, MovementOrder
from sgo_core.movements.schemas import MovementIn
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.transfers import carrying as transfers


async def carry_out(uow: UnitOfWork, order: MovementOrder, lines: Sequence[MovementIn], signed_by: str) -> None:
    """Carry out an order over students of its organization; raises ``MovementsRefusedError`` with a line each."""
    students = await people.lock_students(uow, {line.student_id for line in lines})
    author = Author(signed_by, f"Приказ № {order.number}")
    carried = await transfers.lock_open(uow, students, order, author)
    stays: dict[UUID, list[Membership]] = {one: [] for one in students}
    for stay in await repository.memberships(uow.session, students):
        stays[stay.student_id].append(stay)
    mine = [stay.id for found in stays.values() for stay in found if stay.organization_id == order.organization_id]
    placements = await repository.placements_of(uow.session, mine)
    concerned = {placement.group_id for placement in placements} | {
        line.group_id for line in lines if line.group_id is not None
    }
    organization = (await organizations.by_ids(uow, [order.organization_id]))[order.organization_id]
    clerk = Clerk(
        uow,
        order,
        signed_by,
        stays=stays,
        placements=placements,
        leaves=await repository.leaves_of(uow.session, mine),
        transfers=carried,
        locked=await groups.lock(uow, concerned),
        takes_students=organization.active,
    )
    errors: list[FieldError] = []
    seen: set[tuple[UUID, UUID | None]] = set()
    for number, line in enumerate(lines):
        try:
            if (line.student_id, line.programme_id) in seen:
                raise RefusedLineError("student_id", TWICE)
            seen.add((line.student_id, line.programme_id))
            student = students.get(line.student_id)
            gone = student is None or student.merged_into is not None
            clerk.carry_out(line, None if student is None or gone else student.statistical_id)
        except RefusedLineError as refused:
            code, title = refused.why
            errors.append(FieldError(f"/body/movements/{number}/{refused.field}", code, title))
    if errors:
        raise MovementsRefusedError(errors=errors)
    await clerk.write()
    await tell_guardians(uow, {student_id for student_id, _ in seen})
