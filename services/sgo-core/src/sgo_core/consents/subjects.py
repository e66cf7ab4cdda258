"""Whose data it is, and whether the caller has to do with that person."""

from uuid import UUID

from asu_contracts.access import Role
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

    A guardian stands for itself and, as the guardianship says, for its children; a member of an office for the students of the
    organization and their guardians.
    """
    if principal.role is Role.GUARDIAN:
        await _of_guardian(uow, principal, kind, subject_id, decide=decide)
    elif kind is CardKind.STUDENT:
        await movements.require_student(uow, principal, subject_id)
    elif kind is CardKind.GUARDIAN:
        await movements.require_any_student(uow, principal, await people.children_of(uow, subject_id))
    else:
        raise NotFoundError


async def _of_guardian(
    uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID, *, decide: bool
) -> None:
    if kind is CardKind.GUARDIAN:
        if subject_id != principal.person_id:
            raise NotFoundError
        return
    tie = None if principal.person_id is None else await people.tie_in_force(uow, principal.person_id, subject_id)
    if tie is None or not tie.may_see:
        raise NotFoundError
    if decide and not tie.may_decide:
        raise ForbiddenError
