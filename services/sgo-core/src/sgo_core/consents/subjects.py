"""Whose data it is, and whether the caller has to do with that person."""

from collections.abc import Collection
from uuid import UUID

from asu_contracts.access import Role, UnitKind
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.database import Base
from sgo_core.history.recorded import Author
from sgo_core.movements import service as movements
from sgo_core.movements.errors import NotMainOfficeError
from sgo_core.people import service as people
from sgo_core.people.errors import MergedError
from sgo_core.staff import service as staff


async def require_subject(
    uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID, *, decide: bool = False
) -> Audience:
    """In which relation the caller stands to the person: the person itself, or an office that keeps the card.

    Raises ``NotFoundError`` where it is neither, ``ForbiddenError`` unless it may ``decide`` about the data. A guardian stands for
    its children as the guardianship says.
    """
    if principal.role is Role.TEACHER and (kind, subject_id) != (CardKind.WORKER, principal.person_id):
        raise NotFoundError
    match kind:
        case CardKind.WORKER:
            itself = principal.role is Role.TEACHER
            return await staff.require_worker(uow, principal, subject_id, keeps=decide and not itself)
        case CardKind.STUDENT:
            await movements.require_student(uow, principal, subject_id)
            if decide and principal.role is Role.GUARDIAN:
                await _require_decider(uow, principal, subject_id)
        case _ if principal.unit.kind is UnitKind.PERSON:
            if subject_id != principal.person_id:
                raise NotFoundError
        case _:
            if not await movements.students_seen(uow, principal, await people.children_of(uow, subject_id)):
                await _require_merged(uow, principal, kind, subject_id)
    return audience_of(principal)


async def require_keeper(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> Audience:
    """As ``require_subject``, of an office; raises ``NotMainOfficeError`` where others keep the card.

    A guardian's is kept by whoever keeps a child's.
    """
    if kind is CardKind.WORKER:
        return await require_subject(uow, principal, kind, subject_id, decide=True)
    audience = await require_subject(uow, principal, kind, subject_id)
    assert principal.unit.organization_id is not None
    if not await is_kept_by(uow, kind, subject_id, principal.unit.organization_id):
        raise NotMainOfficeError
    return audience


async def is_kept_by(uow: UnitOfWork, kind: CardKind, subject_id: UUID, organization_id: UUID) -> bool:
    """Whether an organization answers for the person's card now."""
    if kind is CardKind.WORKER:
        today, posts = uow.clock.today(), await staff.employments_of(uow, subject_id)
        return any(
            one.organization_id == organization_id and (one.dismissed_on is None or one.dismissed_on > today)
            for one in posts
        )
    students = [subject_id] if kind is CardKind.STUDENT else await people.children_of(uow, subject_id)
    return bool(await movements.kept_by(uow, organization_id, students))


def model_of(kind: CardKind) -> type[Base]:
    """Table of a person's card."""
    return staff.MODEL if kind is CardKind.WORKER else people.MODELS[kind]


async def _require_merged(uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID) -> None:
    """Raise ``MergedError`` if the card lives on in one that the caller has to do with, ``NotFoundError`` else."""
    survivor = await people.survivor_of(uow, kind, subject_id)
    if survivor is None:
        raise NotFoundError
    await require_subject(uow, principal, kind, survivor)
    raise MergedError.into(survivor)


async def card_of(uow: UnitOfWork, kind: CardKind, subject_id: UUID) -> Base:
    """The person's card; raises ``NotFoundError``."""
    if kind is CardKind.WORKER:
        return await staff.get_worker(uow, subject_id)
    return await people.card_of(uow, kind, subject_id)


async def erase(uow: UnitOfWork, kind: CardKind, subject_id: UUID, fields: Collection[str], author: Author) -> None:
    """Empty fields of the person's card. The history is not touched, nor are records, which go with theirs (``erase_history``)."""
    fields = set(fields) - CATALOGUE.records_of(kind).keys()
    if kind is CardKind.WORKER:
        await staff.erase(uow, subject_id, fields, author)
    else:
        await people.erase(uow, kind, subject_id, fields, author)


async def operators_of(uow: UnitOfWork, kind: CardKind, subject_id: UUID) -> Collection[UUID]:
    """Organizations that keep, or kept, the person's data."""
    if kind is CardKind.WORKER:
        return [one.organization_id for one in await staff.employments_of(uow, subject_id) if one.organization_id]
    students = [subject_id] if kind is CardKind.STUDENT else await people.all_children_of(uow, [subject_id])
    return await movements.operators_of(uow, students)


async def _require_decider(uow: UnitOfWork, principal: Principal, student_id: UUID) -> None:
    assert principal.person_id is not None
    tie = await people.tie_in_force(uow, principal.person_id, student_id)
    if tie is None or not tie.may_decide:
        raise ForbiddenError
