"""Whose data it is, and whether the caller has to do with that person."""

from collections.abc import Collection
from uuid import UUID

from asu_contracts.access import Role, UnitKind
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.movements import service as movements
from sgo_core.people import service as people


async def require_subject(
    uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID, *, decide: bool = False
) -> None:
    """Raise ``NotFoundError`` unless the caller may see the person's data, ``ForbiddenError`` unless it may ``decide`` about them.

    A person stands for itself and, as the guardianship says, for its children; a member of an office for the students of the
    organization and their guardians.
    """
    if kind is CardKind.STUDENT:
        await movements.require_student(uow, principal, subject_id)
        if decide and principal.role is Role.GUARDIAN:
            await _require_decider(uow, principal, subject_id)
    elif kind is CardKind.GUARDIAN and principal.unit.kind is UnitKind.PERSON:
        if subject_id != principal.person_id:
            raise NotFoundError
    elif kind is CardKind.GUARDIAN:
        await movements.require_any_student(uow, principal, await people.children_of(uow, subject_id))
    else:
        raise NotFoundError


async def operators_of(uow: UnitOfWork, kind: CardKind, subject_id: UUID) -> Collection[UUID]:
    """Organizations that keep, or kept, the person's data."""
    students = [subject_id] if kind is CardKind.STUDENT else await people.all_children_of(uow, subject_id)
    return await movements.operators_of(uow, students)


async def _require_decider(uow: UnitOfWork, principal: Principal, student_id: UUID) -> None:
    assert principal.person_id is not None
    tie = await people.tie_in_force(uow, principal.person_id, student_id)
    if tie is None or not tie.may_decide:
        raise ForbiddenError
