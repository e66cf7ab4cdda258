"""Destroying what has been kept for its term: by an approved act, with all former states, but for what another ground keeps."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ScalarSelect, or_, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import repository
from sgo_core.consents.model import Erasure, FieldBlock, FieldGround, LegalHold
from sgo_core.consents.subjects import erase
from sgo_core.history.recorded import Author, signature


async def held(uow: UnitOfWork, subject_ids: Collection[UUID]) -> set[UUID]:
    """Those of the subjects whose data a hold keeps."""
    query = select(LegalHold.subject_id).where(LegalHold.subject_id.in_(subject_ids), LegalHold.lifted_on.is_(None))
    return set(await uow.session.scalars(query))


async def kept_by_grounds(uow: UnitOfWork, subject_ids: Collection[UUID]) -> Mapping[UUID, set[str]]:
    """Fields that a named ground other than consent keeps: consents end with the purpose, these with their document."""
    query = select(FieldGround.subject_id, FieldGround.field).where(
        FieldGround.subject_id.in_(subject_ids),
        or_(FieldGround.valid_to.is_(None), FieldGround.valid_to > uow.clock.today()),
    )
    found: dict[UUID, set[str]] = {}
    for subject_id, name in await uow.session.execute(query):
        found.setdefault(subject_id, set()).add(name)
    return found


def due_today(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, organization_id: UUID, fields: Collection[str], cause: str
) -> Erasure:
    """An erasure that nothing has to be waited for."""
    erasure = Erasure(
        id=new_id(),
        subject_kind=kind.value,
        subject_id=subject_id,
        organization_id=organization_id,
        fields=sorted(fields),
        cause=cause,
        scheduled_at=uow.now,
        due_on=uow.clock.today(),
    )
    uow.session.add(erasure)
    return erasure


async def destroy(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, organization_id: UUID, fields: Collection[str], author: Author
) -> UUID:
    """Empty fields of a card and of its history; the erasure that says so."""
    erasure = due_today(uow, kind, subject_id, organization_id, fields, "retention")
    await _unblock(uow, subject_id, author)
    await erase(uow, kind, subject_id, fields, author)
    await uow.session.flush()
    await repository.erase_history(uow.session, erasure.id, fields)
    erasure.erased, erasure.done_at = sorted(fields), uow.now
    return erasure.id


async def _unblock(uow: UnitOfWork, subject_id: UUID, author: Author) -> None:
    """Lift the blocks of earlier acts: what they closed is gone, and may be given anew one day."""
    query = select(FieldBlock).where(
        FieldBlock.subject_id == subject_id, FieldBlock.act_id.is_not(None), FieldBlock.lifted_on.is_(None)
    )
    for found in await uow.session.scalars(query.with_for_update()):
        change(found, {"lifted_on": uow.clock.today()}, author, uow.now)


async def block(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, act_id: UUID, fields: Collection[str], author: Author
) -> None:
    """Close to everybody fields whose term is over and which another ground keeps from destruction."""
    uow.session.add(
        FieldBlock(
            id=new_id(),
            subject_kind=kind.value,
            subject_id=subject_id,
            act_id=act_id,
            fields=sorted(fields),
            version=1,
            **signature(author, uow.now),
        )
    )


async def done_without(
    uow: UnitOfWork, organization_id: UUID, recorded: ScalarSelect[UUID | None], limit: int
) -> Sequence[Erasure]:
    """Erasures of an organization that were carried out and stand in no act: not among those ``recorded``, in order of time."""
    query = select(Erasure).where(
        Erasure.organization_id == organization_id,
        Erasure.done_at.is_not(None),
        Erasure.cause != "retention",
        Erasure.id.not_in(recorded),
    )
    return (await uow.session.scalars(query.order_by(Erasure.done_at, Erasure.id).limit(limit))).all()
